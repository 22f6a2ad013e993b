import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importLook } from '#contract/data.ts';
import { cifar100Classes, cifar100Superclasses, cifar10Classes } from '#engine/data/formats/cifar-classes.ts';
import { lookCifar, readCifar } from '#engine/data/formats/cifar.ts';
import { cifarPixel, fineCifar, tarGz, tenCifar, writeFiles } from '#test/support/cifar-files.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const ten = {
  'data_batch_1.bin': tenCifar(12),
  'data_batch_2.bin': tenCifar(8, 3),
  'data_batch_10.bin': tenCifar(1, 9),
  'test_batch.bin': tenCifar(5, 1),
  'batches.meta.txt': `${cifar10Classes.join('\n')}\n\n`,
  'readme.html': 'read me',
};
const hundred = {
  'train.bin': fineCifar(20),
  'test.bin': fineCifar(6, 2),
  'fine_label_names.txt': `${cifar100Classes.join('\r\n')}\r\n`,
  'coarse_label_names.txt': cifar100Superclasses.join('\n'),
};
const inFolder = (folder: string, files: Record<string, Buffer | string>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));

async function folderWith(files: Record<string, Buffer | string>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

/** Each way the sets lie about, as paths to open. */
const places: [string, () => Promise<string[]>][] = [
  ['a folder', async () => [await folderWith(ten)]],
  ['a folder that holds the folder', async () => [await folderWith(inFolder('cifar-10-batches-bin', ten))]],
  [
    'the files themselves, in any order and one twice',
    async () => {
      const folder = await folderWith(ten);
      const names = ['test_batch.bin', 'data_batch_10.bin', 'data_batch_2.bin', 'data_batch_1.bin', 'test_batch.bin'];
      return names.map((name) => join(folder, name));
    },
  ],
  [
    'the archive as it is downloaded',
    async () => {
      const folder = await folderWith({ 'cifar-10-binary.tar.gz': tarGz(inFolder('cifar-10-batches-bin', ten)) });
      return [join(folder, 'cifar-10-binary.tar.gz')];
    },
  ],
  [
    'a folder with the archive',
    async () => [await folderWith({ 'cifar-10-binary.tar.gz': tarGz(inFolder('cifar-10-batches-bin', ten)) })],
  ],
];

describe.each(places)('CIFAR-10 in %s', (_, make) => {
  test('is looked at by its records', async () => {
    const look = importLook.parse(await lookCifar(await make()));
    expect(look).toMatchObject({
      ...{ kind: 'cifar10', name: 'CIFAR-10', images: 26, classCount: 10, splits: { train: 21, test: 5 } },
      ...{ sizes: { height: 32, width: 32, grey: false }, suggested: { splitting: { by: 'given' } } },
    });
    expect(look.classes[3]).toEqual({ name: 'cat', images: 3 });
    expect(look.classes.reduce((sum, { images }) => sum + images, 0)).toBe(26);
  });

  test('is read in the order of its batches, planes as channels', async () => {
    const { splits, ...facts } = await readCifar(await make());
    expect(facts).toMatchObject({ kind: 'cifar10', height: 32, width: 32, channels: 3, classes: cifar10Classes });
    expect(facts).not.toHaveProperty('superclasses');
    const train = splits.get('train');
    expect([...(train?.labels ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 3, 4, 5, 6, 7, 8, 9, 0, 9]);
    expect(splits.get('test')?.count).toBe(5);
    expect(train?.shared?.kind).toBe('memory');
    const image = new Uint8Array(3072);
    train?.read([14], image); // the third of the second batch
    const expected = Array.from({ length: 3072 }, (__, at) => {
      return cifarPixel(2, Math.floor(at / 96), Math.floor(at / 3) % 32, at % 3);
    });
    expect([...image]).toEqual(expected);
  });
});

describe('CIFAR-100', () => {
  test('has its hundred classes in twenty groups', async () => {
    const read = await readCifar([await folderWith(hundred)]);
    expect(read).toMatchObject({ kind: 'cifar100', name: 'CIFAR-100', classes: cifar100Classes });
    expect([...(read.splits.get('train')?.labels.subarray(0, 4) ?? [])]).toEqual([0, 7, 14, 21]);
    const { names = [], of = [] } = read.superclasses ?? {};
    const groupOf = (name: string) => names[of[cifar100Classes.indexOf(name)] ?? -1];
    expect(names).toHaveLength(20);
    expect([groupOf('whale'), groupOf('apple'), groupOf('train'), groupOf('worm')]).toEqual([
      ...['aquatic_mammals', 'fruit_and_vegetables', 'vehicles_1', 'non-insect_invertebrates'],
    ]);
    for (let group = 0; group < 20; group++) expect(of.filter((one) => one === group)).toHaveLength(5);
  });

  test('gives its coarse labels alone when they are asked for', async () => {
    const read = await readCifar([await folderWith(hundred)], { labels: 'coarse' });
    expect(read.classes).toEqual(cifar100Superclasses);
    expect(read.superclasses).toBeUndefined();
    expect([...(read.splits.get('test')?.labels ?? [])]).toEqual([2, 3, 4, 5, 6, 7]);
  });

  test('is read from its archive, and looked at', async () => {
    const folder = await folderWith({ 'data.tgz': tarGz(inFolder('cifar-100-binary', hundred)) });
    const paths = [join(folder, 'data.tgz')];
    expect((await readCifar(paths)).splits.get('test')?.count).toBe(6);
    expect(await lookCifar(paths)).toMatchObject({ kind: 'cifar100', images: 26, suggested: { labels: 'fine' } });
  });

  test('has the label order of the published list', () => {
    // Fine label → coarse label as in the Python version's `coarse_labels`.
    const published = [
      ...[
        4, 1, 14, 8, 0, 6, 7, 7, 18, 3, 3, 14, 9, 18, 7, 11, 3, 9, 7, 11, 6, 11, 5, 10, 7, 6, 13, 15, 3, 15, 0, 11, 1,
      ],
      ...[10, 12, 14, 16, 9, 11, 5, 5, 19, 8, 8, 15, 13, 14, 17, 18, 10, 16, 4, 17, 4, 2, 0, 17, 4, 18, 17, 10, 3, 2],
      ...[12, 12, 16, 12, 1, 9, 19, 2, 10, 0, 1, 16, 12, 9, 13, 15, 13, 16, 19, 2, 4, 6, 19, 5, 5, 8, 19, 18, 1, 2, 15],
      ...[6, 0, 17, 8, 14, 13],
    ];
    return expect(folderWith(hundred).then((folder) => readCifar([folder]))).resolves.toMatchObject({
      superclasses: { of: published },
    });
  });
});

test('the names of the classes are built in where their file is missing or another’s', async () => {
  const { 'batches.meta.txt': _names, ...bare } = ten;
  expect((await readCifar([await folderWith(bare)])).classes).toEqual(cifar10Classes);
  expect((await readCifar([await folderWith({ ...bare, 'batches.meta.txt': 'one\ntwo\n' })])).classes).toEqual(
    cifar10Classes,
  );
});

test('links are followed under their own names, and broken ones passed over', async () => {
  const blobs = await folderWith({ a1b2: ten['data_batch_1.bin'], c3d4: ten['test_batch.bin'] });
  const folder = await temporaryFolder();
  await symlink(join(blobs, 'a1b2'), join(folder, 'data_batch_1.bin'));
  await symlink(join(blobs, 'c3d4'), join(folder, 'test_batch.bin'));
  await symlink(join(blobs, 'gone'), join(folder, 'data_batch_2.bin'));
  expect(await lookCifar([folder])).toMatchObject({ kind: 'cifar10', splits: { train: 12, test: 5 } });
});

test('names beside the images are taken', async () => {
  const named = Array.from({ length: 10 }, (_, label) => `kind ${label}`);
  expect((await readCifar([await folderWith({ ...ten, 'batches.meta.txt': named.join('\n') })])).classes).toEqual(
    named,
  );
});

test('the official archives are known by their size, without unpacking them', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'cifar-10-binary.tar.gz');
  await writeFile(file, '');
  await truncate(file, 170_052_171);
  const look = await lookCifar([file]);
  expect(look).toMatchObject({ images: 60_000, splits: { train: 50_000, test: 10_000 }, bytes: 170_052_171 });
  expect(look?.classes[9]).toEqual({ name: 'truck', images: 6000 });
  await expect(readCifar([file]), 'a file of zeros').rejects.toMatchObject({ code: 'data/cifar-size' });
});

const nothing: [string, Record<string, Buffer | string>][] = [
  ['an empty folder', {}],
  ['a folder of photos', { 'cat/1.png': 'x', 'dog/1.png': 'x' }],
  ['a train.bin of another program', { 'train.bin': Buffer.alloc(5000), 'val.bin': Buffer.alloc(100) }],
  ['an archive of something else', { 'cifar-notes.tar': tarGz({ 'a.txt': 'a', 'b/c.txt': 'c' }) }],
];
test.each(nothing)('%s is not CIFAR', async (_, files) => {
  expect(await lookCifar([await folderWith(files)])).toBeNull();
});

const pickle = Buffer.from([0x80, 2, 0x7d, 0x71]);
const whole = tarGz(inFolder('cifar-10-batches-bin', ten));
const bad: [string, Record<string, Buffer | string>, object][] = [
  [
    'records cut off',
    { 'data_batch_1.bin': tenCifar(3).subarray(0, 5000) },
    { code: 'data/cifar-size', details: { bytes: 5000, record: 3073 } },
  ],
  ['an empty batch', { 'test_batch.bin': '' }, { code: 'data/cifar-size', details: { bytes: 0 } }],
  [
    'a batch cut off in an archive',
    { 'cifar.tar.gz': tarGz({ 'c/data_batch_1.bin': tenCifar(2).subarray(1) }) },
    { code: 'data/cifar-size' },
  ],
  [
    'labels that no class has',
    { 'data_batch_1.bin': tenCifar(3), 'test_batch.bin': tenCifar(3).fill(200, 3073, 3074) },
    { code: 'data/label-range', details: { index: 1, label: 200, classes: 10 } },
  ],
  ['both sets at once', { ...ten, ...hundred }, { code: 'data/shapes-differ' }],
  ['the Python version', { data_batch_1: pickle, 'batches.meta': pickle }, { code: 'data/cifar-version' }],
  ['the Python version of CIFAR-100', { 'cifar-100-python/train': pickle }, { code: 'data/cifar-version' }],
  ['the Matlab version', { 'data_batch_1.mat': 'MATLAB 5.0 MAT-file' }, { code: 'data/cifar-version' }],
  [
    'the Python version’s archive',
    { 'cifar-10-python.tar.gz': tarGz({ 'cifar-10-batches-py/data_batch_1': pickle }) },
    { code: 'data/cifar-version' },
  ],
  ['an archive cut off', { 'cifar.tar.gz': whole.subarray(0, whole.length / 2) }, { code: 'data/gzip-damaged' }],
  ['an archive of noise', { 'cifar.tar.gz': Buffer.alloc(4000, 'noise') }, { code: 'data/gzip-damaged' }],
];
test.each(bad)('%s: refused by name', async (_, files, failure) => {
  const folder = await folderWith(files);
  await expect(lookCifar([folder])).rejects.toMatchObject(failure);
  await expect(readCifar([folder])).rejects.toMatchObject(failure);
});

test('a file that is not there', async () => {
  await expect(lookCifar(['/nowhere/data_batch_1.bin'])).rejects.toMatchObject({ code: 'file/missing' });
});

test('cancelled, it ends', async () => {
  const folder = await folderWith({ 'cifar.tar.gz': whole });
  const signal = AbortSignal.abort();
  await expect(readCifar([folder], { signal })).rejects.toMatchObject({ name: 'AbortError' });
  await expect(readCifar([await folderWith(ten)], { signal })).rejects.toMatchObject({ name: 'AbortError' });
});
