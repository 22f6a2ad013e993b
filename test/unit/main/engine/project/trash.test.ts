import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import { openProject } from '#test/support/open-project.ts';

async function withRun(text: string) {
  const project = await openProject();
  await makeRun(project.runsFolder, text);
  return project;
}

async function makeRun(runs: string, text: string) {
  await mkdir(join(runs, 'one'));
  await writeFile(join(runs, 'one', 'run.json'), text);
}

test('a run goes to the trash and comes back whole', async () => {
  const project = await withRun('first');
  await toTrash(project, 'runs', 'one');
  expect(await readdir(project.runsFolder)).toEqual([]);
  await fromTrash(project, 'runs', 'one');
  expect(await readFile(join(project.runsFolder, 'one', 'run.json'), 'utf8')).toBe('first');
});

test('nothing in the trash is written over', async () => {
  const project = await withRun('first');
  await toTrash(project, 'runs', 'one');
  await makeRun(project.runsFolder, 'second');
  await toTrash(project, 'runs', 'one');
  expect((await readdir(join(project.trashFolder, 'runs'))).sort()).toEqual(['one', 'one~1']);
  await fromTrash(project, 'runs', 'one');
  expect(await readFile(join(project.runsFolder, 'one', 'run.json'), 'utf8')).toBe('second');
});

test('what is not there is said', async () => {
  const project = await openProject();
  await expect(toTrash(project, 'runs', 'none')).rejects.toMatchObject({ code: 'file/missing' });
  await expect(fromTrash(project, 'data', 'none')).rejects.toMatchObject({ code: 'file/missing' });
});

test('nothing comes back over what took its place', async () => {
  const project = await withRun('first');
  await toTrash(project, 'runs', 'one');
  await makeRun(project.runsFolder, 'second');
  await expect(fromTrash(project, 'runs', 'one')).rejects.toMatchObject({ code: 'file/not-writable' });
  expect(await readFile(join(project.runsFolder, 'one', 'run.json'), 'utf8')).toBe('second');
});
