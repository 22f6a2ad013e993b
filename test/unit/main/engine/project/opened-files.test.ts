import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { OpenedFiles } from '#engine/project/opened-files.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const kept = { kind: 'letters', schema: z.object({ id: z.string(), path: z.string(), opened: z.string() }) };
const report = (thrown: unknown) => {
  throw thrown;
};

async function world() {
  const [project, folder] = [await openProject(), await temporaryFolder()];
  const files = ['a', 'b', 'c'].map((id, hour) => ({
    id,
    path: join(folder, `${id}.txt`),
    opened: `2026-11-21T0${9 - hour}:00:00Z`,
  }));
  for (const { path } of files) await writeFile(path, 'dear');
  const letters = await OpenedFiles.open(project, kept, report);
  const ids = async () => (await letters.list()).map(({ id }) => id);
  return { project, files, letters, ids };
}

test('what is opened stands on top, once, and is there at the next opening', async () => {
  const { project, files, letters, ids } = await world();
  const [a, b] = files;
  await letters.add([b!]);
  await letters.add([a!]);
  await letters.add([b!]);
  expect(await ids()).toEqual(['b', 'a']);
  expect(await (await OpenedFiles.open(project, kept, report)).list()).toEqual([b, a]);
});

test('what is closed can be found and put back by the hour of its opening', async () => {
  const { files, letters, ids } = await world();
  await letters.add(files);
  await letters.close(['b', 'nobody']);
  expect(await ids()).toEqual(['a', 'c']);
  expect(letters.find('b')).toEqual(files[1]);
  expect(letters.find('nobody')).toBeUndefined();
  expect(await letters.restore(['b', 'nobody'])).toEqual([files[1]]);
  expect(await ids()).toEqual(['a', 'b', 'c']);
});

test('a file that is gone is marked in the list and not in what is kept', async () => {
  const { project, files, letters } = await world();
  await letters.add(files.slice(0, 1));
  await rm(files[0]!.path);
  expect(await letters.list()).toEqual([{ ...files[0], missing: true }]);
  expect(await readFile(join(project.folder, 'letters.json'), 'utf8')).not.toContain('missing');
});

test('a list that cannot be read is begun anew, and somebody hears of it', async () => {
  const { project, files } = await world();
  for (const torn of ['{"version": 1, "lett', '{"version": 2, "letters": []}', '{"version": 1, "letters": [{}]}']) {
    await writeFile(join(project.folder, 'letters.json'), torn);
    const heard: unknown[] = [];
    const letters = await OpenedFiles.open(project, kept, (thrown) => heard.push(thrown));
    expect(heard).toHaveLength(1);
    await letters.add(files.slice(2));
    expect(await letters.list()).toEqual(files.slice(2));
  }
});
