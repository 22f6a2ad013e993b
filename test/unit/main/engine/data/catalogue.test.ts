import { readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dataSetSummary } from '#contract/data.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { idxBytes, writePair } from '#test/support/idx-files.ts';
import { openFiles, renameClasses } from '#test/support/open-files.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function opened() {
  const project = await openProject();
  const catalogue = await Catalogue.open(project);
  const folder = await temporaryFolder();
  const files = await writePair(folder);
  return { project, catalogue, folder, files, paths: [files.images, files.labels] };
}

const ids = (catalogue: Catalogue) => catalogue.list().map(({ id }) => id);

test('a new project lists MNIST', async () => {
  const { catalogue } = await opened();
  expect(catalogue.list().map((summary) => dataSetSummary.parse(summary).name)).toEqual(['MNIST']);
});

test('opened files are listed, after a restart too, and stay where they are', async () => {
  const { project, catalogue, folder, paths } = await opened();
  const before = await readdir(folder);
  const summary = await openFiles(catalogue, paths, 'Mine');
  const facts = { name: 'Mine', kind: 'idx', height: 4, width: 3, channels: 1, splits: { train: 6 }, files: paths };
  expect(summary).toMatchObject({ ...facts, classes: ['0', '1', '2'] });
  expect(dataSetSummary.parse(summary)).toEqual(summary);
  const again = await Catalogue.open(project);
  expect(again.list()[1]).toEqual(summary);
  const dataSet = await again.get(summary.id);
  expect(dataSet.summary).toEqual(summary);
  expect([...(dataSet.source('train')?.labels ?? [])]).toEqual([0, 1, 2, 0, 1, 2]);
  expect(await readdir(folder)).toEqual(before);
});

test('the same content is the same set, wherever it lies and however it is packed', async () => {
  const { catalogue, paths } = await opened();
  const first = await openFiles(catalogue, paths, 'Mine');
  const packed = await writePair(await temporaryFolder(), { gzip: true });
  const second = await openFiles(catalogue, [packed.images, packed.labels]);
  expect(second).toMatchObject({ id: first.id, name: 'Mine', hash: first.hash, files: [packed.images, packed.labels] });
  expect(catalogue.list()).toHaveLength(2);
});

test('other labels, other pixels or another shape are another set', async () => {
  const { catalogue } = await opened();
  const variants = [{}, { labels: [0, 1, 2, 0, 1, 1] }, { shape: [3, 4] }, { shape: [4, 3, 1] }, { name: 'test' }];
  const hashes = new Set<string>();
  const found = new Set<string>();
  for (const variant of variants) {
    const files = await writePair(await temporaryFolder(), variant);
    const { id, hash } = await openFiles(catalogue, [files.images, files.labels]);
    hashes.add(hash);
    found.add(id);
  }
  expect(hashes.size).toBe(found.size);
  expect(found.size).toBe(variants.length - 1); // [4, 3, 1] says in four dimensions what [4, 3] says in three
});

test('nothing changes when opening fails', async () => {
  const { project, catalogue, files } = await opened();
  await writeFile(files.labels, idxBytes([5]));
  await expect(openFiles(catalogue, [files.images, files.labels])).rejects.toMatchObject({
    code: 'data/labels-mismatch',
  });
  expect(ids(catalogue)).toEqual(['mnist']);
  expect(await readdir(project.dataFolder)).toEqual([]);
});

describe('labels', () => {
  test.each([
    ['letters that begin with 1', Array.from({ length: 26 }, (_, label) => label + 1), 27],
    ['some of ten digits', [7, 1, 7, 1], 8],
    ['every byte', Array.from({ length: 256 }, (_, label) => label), 256],
  ])('%s are classes', async (_, labels, count) => {
    const { catalogue, folder } = await opened();
    const files = await writePair(folder, { name: 'other', count: labels.length, labels });
    expect((await openFiles(catalogue, [files.images, files.labels])).classes).toHaveLength(count);
  });

  test('a stray 255 is refused, with its place', async () => {
    const { catalogue, folder } = await opened();
    const files = await writePair(folder, { labels: [0, 1, 2, 255, 1, 2] });
    await expect(openFiles(catalogue, [files.images, files.labels])).rejects.toMatchObject({
      code: 'data/label-range',
      details: { file: files.labels, index: 3, label: 255 },
    });
  });
});

describe('files that changed since', () => {
  test('missing: said in the list and on opening, and well again when they are back', async () => {
    const { project, catalogue, paths, files } = await opened();
    const { id } = await openFiles(catalogue, paths);
    const later = await Catalogue.open(project);
    await rename(files.images, `${files.images}.away`);
    await later.check();
    expect(later.list()[1]?.problems).toEqual([{ file: files.images, problem: 'file/missing', action: 'listed' }]);
    await expect(later.get(id)).rejects.toMatchObject({ code: 'file/missing', details: { file: files.images } });
    await rename(`${files.images}.away`, files.images);
    expect((await later.get(id)).source('train')?.count).toBe(6);
    await later.check();
    expect(later.list()[1]?.problems).toEqual([]);
  });

  test.each([
    ['other pixels', idxBytes([6, 4, 3], new Array<number>(72).fill(9))],
    ['another count', idxBytes([7, 4, 3])],
    ['another shape', idxBytes([6, 3, 4])],
  ])('%s are refused', async (_, bytes) => {
    const { project, catalogue, paths, files } = await opened();
    const { id, name } = await openFiles(catalogue, paths);
    await writeFile(files.images, bytes);
    await utimes(files.images, 1, 1);
    const later = await Catalogue.open(project);
    await later.check();
    expect(later.list()[1]?.problems).toMatchObject([{ file: files.images, problem: 'data/changed' }]);
    await expect(later.get(id)).rejects.toMatchObject({ code: 'data/changed', details: { name, file: files.images } });
  });

  test('a new time on the same content is no change', async () => {
    const { project, catalogue, paths, files } = await opened();
    const { id } = await openFiles(catalogue, paths);
    await utimes(files.images, 1, 1);
    const later = await Catalogue.open(project);
    await later.get(id);
    await later.check();
    expect(later.list()[1]?.problems).toEqual([]);
  });
});

test('a removed set is off the list and comes back, after a restart too', async () => {
  const { project, catalogue, paths } = await opened();
  const summary = await openFiles(catalogue, paths);
  await catalogue.remove(summary.id);
  expect(ids(catalogue)).toEqual(['mnist']);
  await expect(catalogue.get(summary.id)).rejects.toMatchObject({ code: 'data/unknown-set' });
  const later = await Catalogue.open(project);
  expect(ids(later)).toEqual(['mnist']);
  expect(await later.restore(summary.id)).toEqual(summary);
  expect(ids(later)).toEqual(['mnist', summary.id]);
});

test.each(['other', '../project', ''])('there is no set "%s" to open, remove, restore or rename', async (id) => {
  const { catalogue } = await opened();
  const unknown = { code: 'data/unknown-set' };
  await expect(catalogue.get(id)).rejects.toMatchObject(unknown);
  await expect(catalogue.remove(id)).rejects.toMatchObject(unknown);
  await expect(catalogue.restore(id)).rejects.toMatchObject(unknown);
  await expect(renameClasses(catalogue, id, ['a'])).rejects.toMatchObject(unknown);
});

test('MNIST stays', async () => {
  const { catalogue } = await opened();
  await expect(catalogue.remove('mnist')).rejects.toMatchObject({ code: 'call/invalid' });
});

test('renamed classes are kept and change the hash', async () => {
  const { project, catalogue, paths } = await opened();
  const before = await openFiles(catalogue, paths);
  const after = await renameClasses(catalogue, before.id, ['cat', ' dog ', '猫']);
  expect(after.classes).toEqual(['cat', 'dog', '猫']);
  expect(after.hash).not.toBe(before.hash);
  expect((await catalogue.get(before.id)).classes).toEqual(after.classes);
  expect((await Catalogue.open(project)).list()[1]).toEqual(after);
});

test("MNIST's classes have the project's names", async () => {
  const { project, catalogue } = await opened();
  const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  await renameClasses(catalogue, 'mnist', words);
  expect((await Catalogue.open(project)).list()[0]?.classes).toEqual(words);
  expect((await project.summary()).datasets).toBe(1);
});

test.each([
  ['two names for three', ['a', 'b']],
  ['a name twice', ['a', 'b', 'a']],
  ['a name of spaces', ['a', 'b', '  ']],
])('refuses %s', async (_, classes) => {
  const { catalogue, paths } = await opened();
  const { id } = await openFiles(catalogue, paths);
  await expect(renameClasses(catalogue, id, classes)).rejects.toMatchObject({ code: 'call/invalid' });
});

test('a torn record is not listed, and not touched', async () => {
  const { project, catalogue, paths } = await opened();
  const { id } = await openFiles(catalogue, paths);
  const file = join(project.dataFolder, `${id}.json`);
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 50));
  expect(ids(await Catalogue.open(project))).toEqual(['mnist']);
  expect(await readFile(file, 'utf8')).toHaveLength(50);
});

test('labels changed and images left out are kept, also for MNIST, and the last is taken back', async () => {
  const { project, catalogue } = await opened();
  const [before] = catalogue.list();
  await catalogue.edit('mnist', { kind: 'exclude', split: 'test', index: 0 });
  const edited = await catalogue.edit('mnist', { kind: 'relabel', split: 'test', index: 0, label: 9 });
  expect(edited).toMatchObject({ splits: { train: 60_000, test: 9_999 }, edits: 2 });
  expect(edited.hash).not.toBe(before?.hash);

  const again = await Catalogue.open(project);
  const source = (await again.get('mnist')).source('test');
  expect([source?.count, source?.labels[0]]).toEqual([9_999, 9]);
  expect((await again.undoEdit('mnist')).edits).toBe(1);
  const whole = { ...before, undone: 2 };
  expect(await again.undoEdit('mnist')).toEqual(whole);
  expect(await again.undoEdit('mnist')).toEqual(whole);
  await again.redoEdit('mnist');
  expect(await again.redoEdit('mnist')).toEqual(edited);
});

test('an edit of what is not there is refused by name', async () => {
  const { catalogue } = await opened();
  const edit = (index: number, label: number) =>
    catalogue.edit('mnist', { kind: 'relabel', split: 'test', index, label });
  await expect(edit(10_000, 1)).rejects.toMatchObject({ code: 'data/unknown-image', details: { index: 10_000 } });
  await expect(edit(0, 10)).rejects.toMatchObject({ code: 'call/invalid', details: { field: 'label' } });
});
