import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Catalogue } from '#engine/data/catalogue.ts';
import { archiveProject } from '#engine/project/archive.ts';
import { appendLine, writeAtomic } from '#engine/project/atomic.ts';
import { unpackArchive } from '#engine/project/unpack.ts';
import { openProject } from '#test/support/open-project.ts';
import { noSmallDisk, smallDisk } from '#test/support/small-disk.ts';

const reason = noSmallDisk;
const full = { code: 'file/no-space' };
const halfMegabyte = 'x'.repeat(500_000);

test.skipIf(reason)(
  `a file that does not fit leaves the earlier one whole${reason ? ` (skipped: ${reason})` : ''}`,
  async () => {
    const disk = await smallDisk();
    const file = join(disk, 'run.json');
    await writeAtomic(file, halfMegabyte);
    await expect(writeAtomic(file, 'y'.repeat(900_000))).rejects.toMatchObject({ ...full, details: { file } });
    expect(await readFile(file, 'utf8')).toBe(halfMegabyte);
    expect(await readdir(disk)).toEqual(['run.json']);
  },
);

test.skipIf(reason)('a line that does not fit is not begun', async () => {
  const disk = await smallDisk();
  const file = join(disk, 'history.jsonl');
  await appendLine(file, '{"epoch":1}');
  await expect(appendLine(file, 'z'.repeat(2_000_000))).rejects.toMatchObject(full);
  expect(await readFile(file, 'utf8')).toBe('{"epoch":1}\n');
});

test.skipIf(reason)('a drawing that does not fit changes nothing, and works once there is room', async () => {
  const disk = await smallDisk();
  const project = await openProject(join(disk, 'project'));
  const catalogue = await Catalogue.open(project);
  const drawing = new Uint8Array(784);
  await catalogue.addDrawing(drawing, 1);
  // Fill the disk to its last page.
  await writeFile(join(disk, 'filler'), Buffer.alloc(2 ** 20)).catch(() => undefined);
  await expect(catalogue.addDrawing(drawing, 2)).rejects.toMatchObject(full);
  expect((await catalogue.get('drawings')).source('train')?.count).toBe(1);
  await rm(join(disk, 'filler'));
  expect((await catalogue.addDrawing(drawing, 3)).splits).toEqual({ train: 2 });
});

test.skipIf(reason)('an archive that does not fit leaves the earlier one, and none half', async () => {
  const disk = await smallDisk();
  const project = await openProject();
  const file = join(disk, 'project.zip');
  await archiveProject(project, file);
  const earlier = await readFile(file);
  await writeFile(join(project.runsFolder, 'weights.safetensors'), Buffer.alloc(2 ** 21, 7));
  await expect(archiveProject(project, file)).rejects.toMatchObject(full);
  expect(await readFile(file)).toEqual(earlier);
  expect(await readdir(disk)).toEqual(['project.zip']);
});

test.skipIf(reason)('an archive that does not fit unpacked leaves no folder', async () => {
  const disk = await smallDisk();
  const project = await openProject();
  await writeFile(join(project.runsFolder, 'zeros.json'), Buffer.alloc(2 ** 22));
  const file = join(disk, 'project.zip');
  await archiveProject(project, file);
  await expect(unpackArchive(file, join(disk, 'copy'))).rejects.toMatchObject(full);
  expect(await readdir(disk)).toEqual(['project.zip']);
});
