import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { archiveProject } from '#engine/project/archive.ts';
import { Project } from '#engine/project/project.ts';
import { folderForArchive, recogniseProject } from '#engine/project/recognise.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('a project is known by what is in it: its folder, its archive under any name, and nothing else', async () => {
  const folder = await temporaryFolder();
  const project = await Project.open(join(folder, 'mine'));
  await archiveProject(project, join(folder, 'mine.heatlens'));
  await archiveProject(project, join(folder, 'mine.zip'));
  await project.close();
  await mkdir(join(folder, 'photos'));
  await writeFile(join(folder, 'broken.heatlens'), 'PK and no more');
  const asked = ['mine', 'mine.heatlens', 'mine.zip', 'photos', 'broken.heatlens', 'missing'];
  expect(await Promise.all(asked.map((name) => recogniseProject(join(folder, name))))).toEqual([
    ...['folder', 'archive', 'archive'],
    ...['neither', 'neither', 'neither'],
  ]);
});

test('an archive gets a folder of its own name beside the first project', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'cats'));
  const named = (file: string) => folderForArchive(file, join(folder, 'My project'));
  expect(named('/x/cats.heatlens')).toBe(join(folder, 'cats 2'));
  expect(named('/x/dogs.heatlens.zip')).toBe(join(folder, 'dogs'));
  expect(named('/x/.zip')).toBe(join(folder, 'Project'));
});
