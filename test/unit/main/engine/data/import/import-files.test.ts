import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { dataSetSummary, importLook, type ImportEvent, type ImportOptions } from '#contract/data.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { Imports } from '#engine/data/import/imports.ts';
import { lookAt } from '#engine/data/import/look.ts';
import { statisticsOf } from '#engine/data/statistics.ts';
import { openProject } from '#test/support/open-project.ts';
import { photoFolder, plainPng } from '#test/support/photo-folder.ts';

// Threads that decode are started anew for each import.
vi.setConfig({ testTimeout: 30_000 });

const form = { height: 6, width: 8, channels: 3, fit: 'crop' } as const;

async function imported(folder: string, options: ImportOptions = { form }) {
  const project = await openProject();
  const catalogue = await Catalogue.open(project);
  const imports = new Imports(catalogue);
  const events: ImportEvent[] = [];
  const running = imports.begin({ paths: [folder], options });
  let next = await running.next();
  for (; !next.done; next = await running.next()) events.push(next.value);
  return { project, catalogue, imports, events, summary: next.value };
}

test('class folders become a data set, with a report of what was odd', async () => {
  const bad = { 'cat/empty.jpg': '', 'dog/text.png': 'this is no picture', 'notes.txt': 'hello' };
  const folder = await photoFolder({ cat: 3, dog: 2 }, bad);
  await writeFile(join(folder, 'dog', 'twin.png'), await plainPng([1, 7, 31]));
  const { catalogue, events, summary } = await imported(folder);
  expect(dataSetSummary.parse(summary)).toEqual(summary);
  expect(summary).toMatchObject({ kind: 'folder', name: 'photos', classes: ['cat', 'dog'], splits: { train: 6 } });
  expect(summary).toMatchObject({ ...{ height: 6, width: 8, channels: 3 }, form, skipped: 3 });
  expect(events[0]).toMatchObject({ kind: 'listed', images: 7, classes: 2, splits: { train: 7 } });
  expect(events.at(-1)).toMatchObject({ kind: 'progress', done: 7, total: 7, skipped: 3 });
  const { rows, total, byOddity } = await catalogue.report(summary.id);
  expect(total).toBe(7);
  expect(byOddity).toMatchObject({ empty: 1, 'not-an-image': 2, duplicate: 1 });
  expect(rows).toContainEqual({ file: 'dog/twin.png', oddity: 'duplicate', outcome: 'used', detail: 'cat/000.png' });
});

test('pixels, labels and names are those of the files, and stay when the files go', async () => {
  const folder = await photoFolder({ a: 2, b: 1 });
  const { project, summary } = await imported(folder);
  await rm(folder, { recursive: true });
  const again = await Catalogue.open(project);
  expect(again.list()[1]).toEqual(summary);
  await again.check();
  expect(again.list()[1]?.problems).toEqual([]);
  const source = (await again.get(summary.id)).source('train');
  expect([...(source?.labels ?? [])]).toEqual([0, 0, 1]);
  const pixels = new Uint8Array(3 * 6 * 8 * 3);
  source?.read([2, 0, 1], pixels);
  const first = [0, 1, 2].map((image) => [...pixels.subarray(image * 144, image * 144 + 3)]);
  expect(first).toEqual([
    [3, 21, 93],
    [1, 7, 31],
    [2, 14, 62],
  ]);
  expect([0, 1, 2].map((index) => source?.files?.(index))).toEqual(['a/000.png', 'a/001.png', 'b/000.png']);
  expect(source?.shared).toMatchObject({ kind: 'packed' });
});

test('the same files in the same form are the same set, with the changes made to it', async () => {
  const folder = await photoFolder({ a: 2, b: 2 });
  const { catalogue, imports, summary } = await imported(folder);
  await catalogue.edit(summary.id, { kind: 'exclude', split: 'train', index: 0 });
  const again = await imports.whole({ paths: [folder], options: { form } });
  expect(again).toMatchObject({ id: summary.id, edits: 1, splits: { train: 3 } });
  const other = await imports.whole({ paths: [folder], options: { form: { ...form, fit: 'pad', height: 4 } } });
  expect(other.id).not.toBe(summary.id);
});

test('splits may be drawn at import and again later, by class and seed', async () => {
  const folder = await photoFolder({ a: 10, b: 10 });
  const splitting = { by: 'fraction', validation: 0.1, test: 0.2, seed: 4 } as const;
  const { catalogue, summary } = await imported(folder, { form, splitting });
  expect(summary).toMatchObject({ splits: { train: 14, validation: 2, test: 4 }, splitting });
  const source = (await catalogue.get(summary.id)).source('test');
  expect([...(source?.labels ?? [])]).toEqual([0, 0, 1, 1]);
  const counted = await catalogue.resplit(summary.id, { by: 'count', validation: 4, test: 6, seed: 4 });
  expect(counted.splits).toEqual({ train: 10, validation: 4, test: 6 });
  expect(counted.hash).not.toBe(summary.hash);
  const given = await catalogue.resplit(summary.id, { by: 'given' });
  expect(given.splits).toEqual({ train: 20 });
});

test('edits are undone and made again, until another is made', async () => {
  const { catalogue, summary } = await imported(await photoFolder({ a: 2, b: 2, c: 2 }));
  const merged = await catalogue.edit(summary.id, { kind: 'merge-classes', classes: [0, 2], name: 'ac' });
  expect(merged).toMatchObject({ classes: ['ac', 'b'], edits: 1 });
  const undone = await catalogue.undoEdit(summary.id);
  expect(undone).toMatchObject({ classes: ['a', 'b', 'c'], undone: 1, hash: summary.hash });
  expect(await catalogue.redoEdit(summary.id)).toEqual(merged);
  await catalogue.undoEdit(summary.id);
  const other = await catalogue.edit(summary.id, { kind: 'exclude-classes', classes: [1] });
  expect(other).toMatchObject({ classes: ['a', 'c'], splits: { train: 4 } });
  expect(other).not.toHaveProperty('undone');
  expect(await catalogue.redoEdit(summary.id)).toEqual(other);
});

test.each([
  ['merging one class', { kind: 'merge-classes', classes: [1, 1], name: 'x' }],
  ['merging into a name that is there', { kind: 'merge-classes', classes: [0, 1], name: 'c' }],
  ['leaving all classes out', { kind: 'exclude-classes', classes: [0, 1, 2] }],
  ['a class that is not there', { kind: 'exclude-classes', classes: [3] }],
] as const)('%s is refused, and nothing changes', async (_, change) => {
  const { catalogue, summary } = await imported(await photoFolder({ a: 1, b: 1, c: 1 }));
  await expect(catalogue.edit(summary.id, { ...change, classes: [...change.classes] })).rejects.toMatchObject({
    code: 'call/invalid',
  });
  expect(catalogue.list()[1]).toEqual(summary);
});

test('cancelled or failed, it leaves nothing', async () => {
  const project = await openProject();
  const catalogue = await Catalogue.open(project);
  const stop = new AbortController();
  const running = new Imports(catalogue).begin(
    { paths: [await photoFolder({ a: 40, b: 40 })], options: { form } },
    stop.signal,
  );
  await running.next();
  stop.abort();
  await expect(
    (async () => {
      while (!(await running.next()).done);
    })(),
  ).rejects.toThrow();
  expect(await readdir(project.preparedFolder)).toEqual([]);
  expect(catalogue.list()).toHaveLength(1);
  const useless = await photoFolder({}, { 'a/x.png': 'x', 'b/y.png': 'y' });
  await expect(new Imports(catalogue).whole({ paths: [useless] })).rejects.toMatchObject({
    code: 'data/no-usable-images',
  });
  expect(await readdir(project.preparedFolder)).toEqual([]);
});

test('prepared images that no set speaks of go when the project opens; lost ones are told', async () => {
  const { project, catalogue, summary } = await imported(await photoFolder({ a: 1, b: 1 }));
  await writeFile(join(project.preparedFolder, `${'0'.repeat(32)}.pixels`), 'old');
  const again = await Catalogue.open(project);
  const [pixels = ''] = (await readdir(project.preparedFolder)).filter((name) => name.endsWith('.pixels'));
  expect(await readdir(project.preparedFolder)).toHaveLength(2);
  await writeFile(join(project.preparedFolder, pixels), 'short');
  await expect(again.get(summary.id)).rejects.toMatchObject({ code: 'data/prepared-lost' });
  await catalogue.remove(summary.id);
  await Catalogue.open(project);
  expect(await readdir(project.preparedFolder)).toHaveLength(2); // it may come back out of the trash
});

test('a look says what an import would be', async () => {
  const folder = await photoFolder({ 'train/a': 3, 'train/b': 2, 'test/a': 1, 'test/b': 1 });
  const look = await lookAt([folder]);
  expect(importLook.parse(look)).toEqual(look);
  expect(look).toMatchObject({
    ...{ kind: 'folder', images: 7, classCount: 2, splits: { train: 5, test: 2 } },
    classes: [
      { name: 'a', images: 4 },
      { name: 'b', images: 3 },
    ],
    suggested: { form: { height: 6, width: 8, channels: 3 }, splitting: { by: 'given' } },
    prepared: 7 * 144,
  });
  const flat = await lookAt([await photoFolder({ a: 3, b: 2 })]);
  expect(flat.suggested.splitting).toMatchObject({ by: 'fraction', test: 0.2 });
});

test('figures of a split are those of its pixels, without reading them again', async () => {
  const { project, catalogue, summary } = await imported(await photoFolder({ a: 2, b: 2 }));
  const dataSet = await catalogue.get(summary.id);
  const source = dataSet.source('train');
  const pixels = new Uint8Array(4 * 144);
  source?.read([0, 1, 2, 3], pixels);
  const red = pixels.filter((_, at) => at % 3 === 0);
  const mean = red.reduce((sum, value) => sum + value, 0) / red.length;
  const std = Math.sqrt(red.reduce((sum, value) => sum + (value - mean) ** 2, 0) / red.length);
  for (const name of await readdir(project.preparedFolder)) {
    if (name.endsWith('.pixels')) await rm(join(project.preparedFolder, name));
  }
  const [train] = await statisticsOf(dataSet);
  expect(train).toMatchObject({ count: 4, perClass: [2, 2] });
  expect(train?.mean[0]).toBeCloseTo(mean / 255, 10);
  expect(train?.std[0]).toBeCloseTo(std / 255, 10);
});
