import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { projectSummary } from '#contract/project.ts';
import { temporaryName } from '#engine/project/atomic.ts';
import { Project } from '#engine/project/project.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test.each([
  ['missing', () => Promise.resolve()],
  ['empty', (folder: string) => mkdir(folder)],
  [
    'empty but for what file managers leave',
    async (folder: string) => {
      await mkdir(folder);
      await writeFile(join(folder, '.DS_Store'), '');
    },
  ],
])('makes a project in a folder that is %s', async (_, prepare) => {
  const folder = join(await temporaryFolder(), 'deep project ü');
  await prepare(folder);
  const project = await openProject(folder);
  const summary = await project.summary();
  expect(projectSummary.parse(summary)).toEqual(summary);
  expect(summary).toMatchObject({ name: 'deep project ü', folder, runs: 0, datasets: 1 });
  expect(JSON.parse(await readFile(join(folder, 'project.json'), 'utf8'))).toMatchObject({ version: 1 });
});

test('opens again as it was left', async () => {
  const first = await openProject();
  await first.rename('Digits');
  await mkdir(join(first.runsFolder, 'one'));
  const before = await first.summary();
  await first.close();
  const second = await openProject(first.folder);
  expect(await second.summary()).toMatchObject({ name: 'Digits', created: before.created, runs: 1 });
  expect(second.repaired).toEqual([]);
});

test.each([
  [
    "somebody's folder",
    async (folder: string) => {
      await mkdir(folder);
      await writeFile(join(folder, 'thesis.doc'), '');
    },
  ],
  ['a file', (folder: string) => writeFile(folder, '')],
])('refuses %s and changes nothing in it', async (_, prepare) => {
  const parent = await temporaryFolder();
  const folder = join(parent, 'place');
  await prepare(folder);
  const before = await readdir(parent, { recursive: true });
  await expect(Project.open(folder)).rejects.toMatchObject({ code: 'project/not-a-project', details: { folder } });
  expect(await readdir(parent, { recursive: true })).toEqual(before);
});

test('a folder of another program that also has "runs" and "data" is refused', async () => {
  const folder = await temporaryFolder();
  for (const name of ['runs', 'data']) await mkdir(join(folder, name));
  await expect(Project.open(folder)).rejects.toMatchObject({ code: 'project/not-a-project' });
});

test('a project whose project.json is lost opens under the name of its folder', async () => {
  const project = await openProject();
  await project.close();
  await rm(join(project.folder, 'project.json'));
  expect((await openProject(project.folder)).name).toBe(basename(project.folder));
});

test('refuses a newer version, and gives its lock back', async () => {
  const { folder } = await written({ version: 2, name: 'x', created: '', more: {} });
  const newer = { code: 'project/newer-version', details: { folder, version: 2, known: 1 } };
  await expect(Project.open(folder)).rejects.toMatchObject(newer);
  await expect(Project.open(folder)).rejects.toMatchObject(newer);
});

test.each([
  ['torn', '{"version": 1, "na'],
  ['empty', ''],
  ['zeros, as some file systems leave after a power cut', '\0\0\0\0'],
  ['of another kind', '[]'],
  ['without a name', '{"version":1}'],
])('a project.json that is %s is set aside; runs stay', async (_, text) => {
  const { folder } = await written(text);
  const project = await openProject(folder);
  expect(project.name).toBe(basename(folder));
  expect(project.repaired).toEqual([expect.stringContaining('project.json.damaged-1')]);
  expect(await readFile(join(folder, 'project.json.damaged-1'), 'utf8')).toBe(text);
  expect(await readdir(project.runsFolder)).toEqual(['one']);
});

test('half-written files of a crash are swept', async () => {
  const { folder } = await written({ version: 1, name: 'x', created: '' });
  const torn = temporaryName(join(folder, 'runs', 'one', 'run.json'));
  await writeFile(torn, '{');
  const project = await openProject(folder);
  expect(project.repaired).toEqual([expect.stringContaining(torn)]);
  expect(await readdir(join(folder, 'runs', 'one'))).toEqual([]);
});

/** A closed project with one run, whose project.json holds this. */
async function written(content: unknown) {
  const project = await openProject();
  await mkdir(join(project.runsFolder, 'one'));
  await project.close();
  await writeFile(
    join(project.folder, 'project.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
  return project;
}
