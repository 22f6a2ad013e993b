import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { nameOf, pairFiles } from '#engine/data/pair-files.ts';
import { idxBytes, writePair } from '#test/support/idx-files.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function pairsOf(paths: string[]): Promise<string[]> {
  const pairs = await pairFiles(paths);
  return pairs
    .map(({ split, images, labels }) => `${split}: ${basename(images.file)} + ${basename(labels.file)}`)
    .sort();
}

async function write(folder: string, files: Record<string, number[]>): Promise<string[]> {
  for (const [name, dims] of Object.entries(files)) await writeFile(join(folder, name), idxBytes(dims));
  return Object.keys(files).map((name) => join(folder, name));
}

test('the four files of MNIST, as a folder with other things in it', async () => {
  const folder = await temporaryFolder();
  await writePair(folder, { name: 'train' });
  await writePair(folder, { name: 't10k', count: 3 });
  await writeFile(join(folder, 'readme.txt'), 'hello');
  await mkdir(join(folder, 'images of mine'));
  expect(await pairsOf([folder])).toEqual([
    'test: t10k-images-idx3-ubyte + t10k-labels-idx1-ubyte',
    'train: train-images-idx3-ubyte + train-labels-idx1-ubyte',
  ]);
});

test.each([
  [
    'other separators',
    { 'train.images.idx3': [4, 2, 2], 'train_labels.idx1': [4] },
    ['train: train.images.idx3 + train_labels.idx1'],
  ],
  ['names that say nothing, by count', { a: [4, 2, 2], b: [5, 2, 2], 'c-test': [5], d: [4] }, null],
  ['names that say nothing, one pair', { pictures: [4, 2, 2], answers: [4] }, ['train: pictures + answers']],
  ['a validation split', { 'val-images': [2, 2, 2], 'val-labels': [2] }, ['validation: val-images + val-labels']],
])('%s', async (_, files, expected) => {
  const paths = await write(await temporaryFolder(), files);
  if (expected) expect(await pairsOf(paths)).toEqual(expected);
  else await expect(pairsOf(paths)).rejects.toMatchObject({ code: 'data/split-twice' });
});

test('a file beside its own gz, and the same path twice, count once', async () => {
  const folder = await temporaryFolder();
  const plain = await writePair(folder);
  const packed = await writePair(folder, { gzip: true });
  const all = [plain.images, plain.images, plain.labels, packed.images, packed.labels];
  expect(await pairsOf(all)).toEqual(['train: train-images-idx3-ubyte + train-labels-idx1-ubyte']);
  expect(await pairsOf([packed.images, packed.labels])).toHaveLength(1);
});

test.each([
  ['labels of another count', { 'train-images': [4, 2, 2], 'train-labels': [5] }, 'data/labels-mismatch'],
  ['labels of another split', { 'train-images': [4, 2, 2], 't10k-labels': [2] }, 'data/labels-mismatch'],
  ['images alone', { 'train-images': [4, 2, 2] }, 'data/labels-missing'],
  ['labels alone', { 'train-labels': [4] }, 'data/images-missing'],
  [
    'one pair and images',
    { 'train-images': [4, 2, 2], 'train-labels': [4], 'test-images': [2, 2, 2] },
    'data/labels-missing',
  ],
  [
    'two shapes',
    { 'train-images': [4, 2, 2], 'train-labels': [4], 'test-images': [2, 3, 2], 'test-labels': [2] },
    'data/shapes-differ',
  ],
  [
    'two sets at once',
    {
      'mnist-train-images': [4, 2, 2],
      'mnist-train-labels': [4],
      'fashion-train-images': [3, 2, 2],
      'fashion-train-labels': [3],
    },
    'data/split-twice',
  ],
])('refuses %s', async (_, files, code) => {
  const paths = await write(await temporaryFolder(), files);
  await expect(pairFiles(paths)).rejects.toMatchObject({ code });
});

test('a mismatch names both files and both counts', async () => {
  const folder = await temporaryFolder();
  const paths = await write(folder, { 'train-images': [4, 2, 2], 'train-labels': [5] });
  await expect(pairFiles(paths)).rejects.toMatchObject({
    details: {
      images: join(folder, 'train-images'),
      labels: join(folder, 'train-labels'),
      imageCount: 4,
      labelCount: 5,
    },
  });
});

test('refuses a folder without IDX files, and one bad file among good ones', async () => {
  const folder = await temporaryFolder();
  await expect(pairFiles([folder])).rejects.toMatchObject({ code: 'data/unknown-format', details: { file: folder } });
  const { images, labels } = await writePair(folder);
  await writeFile(join(folder, 'notes.txt'), 'notes');
  await expect(pairFiles([images, labels, join(folder, 'notes.txt')])).rejects.toMatchObject({
    code: 'data/idx-magic',
  });
});

test.each([
  ['emnist-letters-train', 'emnist-letters'],
  ['train', 'fashion'],
  ['kmnist-test', 'kmnist'],
])('files called %s make a set called %s', async (file, name) => {
  const folder = join(await temporaryFolder(), 'fashion');
  await mkdir(folder);
  await writePair(folder, { name: file });
  expect(nameOf(await pairFiles([folder]))).toBe(name);
});
