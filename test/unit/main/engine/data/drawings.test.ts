import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Catalogue } from '#engine/data/catalogue.ts';
import { drawingFiles } from '#engine/data/drawings.ts';
import { idxBytes } from '#test/support/idx-files.ts';
import { renameClasses } from '#test/support/open-files.ts';
import { openProject } from '#test/support/open-project.ts';

const drawing = (value: number) => new Uint8Array(784).fill(value);

async function drawn() {
  const project = await openProject();
  const catalogue = await Catalogue.open(project);
  await catalogue.addDrawing(drawing(1), 3);
  return { project, catalogue, files: drawingFiles(project.dataFolder) };
}

test('the first drawing makes the set, the next ones join it, also when they come at once', async () => {
  const { project, catalogue } = await drawn();
  await Promise.all([2, 3, 4].map((value) => catalogue.addDrawing(drawing(value), value)));
  const dataSet = await (await Catalogue.open(project)).get('drawings');
  expect(dataSet.summary).toMatchObject({
    name: 'Drawings',
    kind: 'drawings',
    height: 28,
    width: 28,
    splits: { train: 4 },
  });
  expect(dataSet.classes).toHaveLength(10);
  expect([...(dataSet.source('train')?.labels ?? [])]).toEqual([3, 2, 3, 4]);
  const pixels = new Uint8Array(784);
  dataSet.source('train')?.read([3], pixels);
  expect(pixels).toEqual(drawing(4));
});

test('every drawing changes the hash; a set once opened stays as it was', async () => {
  const { catalogue } = await drawn();
  const before = await catalogue.get('drawings');
  const after = await catalogue.addDrawing(drawing(2), 5);
  expect(after.hash).not.toBe(before.summary.hash);
  expect(before.source('train')?.count).toBe(1);
  expect((await catalogue.get('drawings')).source('train')?.count).toBe(2);
});

test('opening while drawings are added sees whole sets only', async () => {
  const { catalogue } = await drawn();
  for (let round = 0; round < 5; round++) {
    const [, dataSet] = await Promise.all([catalogue.addDrawing(drawing(round), 1), catalogue.get('drawings')]);
    expect(dataSet.summary.splits.train).toBe(dataSet.source('train')?.count);
  }
  expect((await catalogue.get('drawings')).source('train')?.count).toBe(6);
});

test('a crash between images and labels costs the one drawing only', async () => {
  const { project, files } = await drawn();
  await writeFile(files.images, idxBytes([2, 28, 28], Buffer.concat([drawing(1), drawing(9)])));
  const catalogue = await Catalogue.open(project);
  expect((await catalogue.get('drawings')).source('train')?.count).toBe(1);
  await catalogue.addDrawing(drawing(2), 4);
  const values = (await readFile(files.images)).subarray(16);
  expect([values.length, values[0], values[784]]).toEqual([2 * 784, 1, 2]);
});

test('a crash before the record is written costs nothing', async () => {
  const { project, files } = await drawn();
  await writeFile(files.images, idxBytes([2, 28, 28], Buffer.concat([drawing(1), drawing(2)])));
  await writeFile(files.labels, idxBytes([2], [3, 4]));
  const catalogue = await Catalogue.open(project);
  expect((await catalogue.get('drawings')).source('train')?.count).toBe(2);
  expect(catalogue.list()[1]?.splits).toEqual({ train: 2 });
});

test('after being removed the set comes back with the next drawing, whole', async () => {
  const { catalogue } = await drawn();
  await catalogue.remove('drawings');
  expect((await catalogue.addDrawing(drawing(2), 4)).splits).toEqual({ train: 2 });
});

test('refuses another size', async () => {
  const { catalogue } = await drawn();
  await expect(catalogue.addDrawing(new Uint8Array(783), 1)).rejects.toMatchObject({ code: 'call/invalid' });
});

test('renamed while it is being opened', async () => {
  const { project } = await drawn();
  const catalogue = await Catalogue.open(project);
  const names = Array.from({ length: 10 }, (_, digit) => `digit ${digit}`);
  const opening = catalogue.get('drawings');
  await renameClasses(catalogue, 'drawings', names);
  await opening;
  expect((await catalogue.get('drawings')).classes).toEqual(names);
  expect((await catalogue.addDrawing(drawing(2), 1)).classes).toEqual(names);
});
