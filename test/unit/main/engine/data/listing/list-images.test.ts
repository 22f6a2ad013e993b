import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { listImages, type Listing } from '#engine/data/listing/list-images.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** Makes files of their own name as content; names that end with `/` are empty folders. */
async function folderOf(...files: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const file of files) {
    const path = join(folder, file);
    await mkdir(file.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!file.endsWith('/')) await writeFile(path, file);
  }
  return folder;
}

const shown = ({ images, classes }: Listing) =>
  images.map(({ file, label, split }) => `${split} ${classes[label] ?? '?'}: ${file}`);
const rows = (listing: Listing) =>
  listing.rows.map(({ file, oddity, outcome, detail }) =>
    [file, oddity, outcome, ...(detail ? [detail] : [])].join(' '),
  );

const pair = ['cat/1.jpg', 'cat/2.jpg', 'dog/1.jpg', 'dog/2.jpg'];
const inTrain = (base: string) => [
  `train cat: ${base}cat/1.jpg`,
  `train cat: ${base}cat/2.jpg`,
  `train dog: ${base}dog/1.jpg`,
  `train dog: ${base}dog/2.jpg`,
];

test.each([
  ['class folders', pair, inTrain(''), []],
  ['class folders within another', pair.map((file) => `a/b/${file}`), inTrain('a/b/'), []],
  [
    'train, val and test',
    ['test/cat/5.jpg', 'test/dog/6.jpg', 'train/cat/1.jpg', 'train/dog/2.jpg', 'val/cat/3.jpg', 'val/dog/4.jpg'],
    [
      'train cat: train/cat/1.jpg',
      'train dog: train/dog/2.jpg',
      'validation cat: val/cat/3.jpg',
      'validation dog: val/dog/4.jpg',
      'test cat: test/cat/5.jpg',
      'test dog: test/dog/6.jpg',
    ],
    [],
  ],
  [
    'Training and VALID, within another folder, with a read-me',
    ['set/README.md', 'set/Training/a/1.png', 'set/Training/b/1.png', 'set/VALID/a/1.png', 'set/VALID/b/1.png'],
    [
      'train a: set/Training/a/1.png',
      'train b: set/Training/b/1.png',
      'validation a: set/VALID/a/1.png',
      'validation b: set/VALID/b/1.png',
    ],
    ['set/README.md not-an-image skipped'],
  ],
  ['train alone', pair.map((file) => `train/${file}`), inTrain('train/'), []],
  [
    'a test folder whose images have no classes',
    [...pair.map((file) => `train/${file}`), 'test/1.jpg', 'test/2.jpg'],
    inTrain('train/'),
    ['test/1.jpg no-class skipped', 'test/2.jpg no-class skipped'],
  ],
  [
    'classes that are called test and real',
    ['test/1.jpg', 'test/2.jpg', 'real/1.jpg', 'real/2.jpg'],
    ['train real: real/1.jpg', 'train real: real/2.jpg', 'train test: test/1.jpg', 'train test: test/2.jpg'],
    [],
  ],
  [
    'folders within classes, in the order of Keras',
    ['cat/b/1.jpg', 'cat/z.jpg', 'cat/a/1.jpg', 'dog/1.jpg', 'dog/10.jpg', 'dog/2.jpg'],
    [
      'train cat: cat/z.jpg',
      'train cat: cat/a/1.jpg',
      'train cat: cat/b/1.jpg',
      'train dog: dog/1.jpg',
      'train dog: dog/10.jpg',
      'train dog: dog/2.jpg',
    ],
    [],
  ],
  [
    'what lies beside the class folders',
    [...pair, 'stray.jpg', 'labels.csv', 'cat/notes.txt', 'cat/noending'],
    inTrain(''),
    [
      'cat/noending not-an-image skipped',
      'cat/notes.txt not-an-image skipped',
      'labels.csv not-an-image skipped',
      'stray.jpg no-class skipped',
    ],
  ],
  [
    'what systems leave behind',
    [...pair, '.DS_Store', 'cat/Thumbs.db', 'cat/.hidden.jpg', '__MACOSX/cat/._1.jpg', '.git/a/1.jpg', 'desktop.ini'],
    inTrain(''),
    [],
  ],
  [
    'a class without images, and one of a single image',
    [...pair, 'eel/', 'fox/1.jpg', 'annotations/1.xml'],
    [...inTrain(''), 'train fox: fox/1.jpg'],
    [
      'annotations empty-class skipped',
      'annotations/1.xml not-an-image skipped',
      'eel empty-class skipped',
      'fox single-image-class used',
    ],
  ],
  [
    'a class that training lacks, one that testing lacks',
    [
      'train/a/1.jpg',
      'train/a/2.jpg',
      'train/b/1.jpg',
      'train/b/2.jpg',
      'test/a/1.jpg',
      'test/c/1.jpg',
      'test/c/2.jpg',
    ],
    [
      'train a: train/a/1.jpg',
      'train a: train/a/2.jpg',
      'train b: train/b/1.jpg',
      'train b: train/b/2.jpg',
      'test a: test/a/1.jpg',
      'test c: test/c/1.jpg',
      'test c: test/c/2.jpg',
    ],
    ['test/c empty-class used train', 'train/b empty-class used test'],
  ],
  [
    'ImageNet: names for synsets, in the order of their numbers',
    [
      'n02012849/1.JPEG',
      'n02012849/2.JPEG',
      'n01440764/1.JPEG',
      'n01440764/2.JPEG',
      'n99999999/1.JPEG',
      'n99999999/2.JPEG',
    ],
    [
      'train tench: n01440764/1.JPEG',
      'train tench: n01440764/2.JPEG',
      'train crane (n02012849): n02012849/1.JPEG',
      'train crane (n02012849): n02012849/2.JPEG',
      'train n99999999: n99999999/1.JPEG',
      'train n99999999: n99999999/2.JPEG',
    ],
    [],
  ],
])('%s', async (_, files, images, odd) => {
  const listing = await listImages([await folderOf(...files)]);
  expect(shown(listing)).toEqual(images);
  expect(rows(listing)).toEqual(odd);
  for (const image of listing.images) {
    expect((await image.read()).toString()).toBe(image.file);
    expect(image.size).toBe(image.file.length);
  }
});

test('class names are sorted as Python does it, so that indices agree with Keras', async () => {
  const names = ['Zebra', 'ant', '10', '9', '😀', '\uFFFF', 'é', 'éa', '_x', '-y', ' z'];
  const listing = await listImages([await folderOf(...names.map((name) => `${name}/1.jpg`))]);
  expect(listing.classes).toEqual([' z', '-y', '10', '9', 'Zebra', '_x', 'ant', 'é', 'éa', '\uFFFF', '😀']);
});

test('several folders at once are classes', async () => {
  const folder = await folderOf(...pair);
  const listing = await listImages([join(folder, 'dog'), join(folder, 'cat')]);
  expect(shown(listing)).toEqual(inTrain(''));
  expect(listing.rows).toEqual([]);
});

test('what is dropped twice, or with a folder that holds it, is taken once', async () => {
  const folder = await folderOf(...pair);
  const listing = await listImages([join(folder, 'cat'), folder, `${folder}/`, join(folder, 'dog/1.jpg')]);
  expect(shown(listing)).toEqual(inTrain(''));
  expect(listing.rows).toEqual([]);
});

test('several folders at once are splits when they are called so', async () => {
  const folder = await folderOf('one/train/a/1.jpg', 'one/train/b/1.jpg', 'two/test/a/1.jpg', 'two/test/b/1.jpg');
  const listing = await listImages([join(folder, 'two/test'), join(folder, 'one/train')]);
  expect(shown(listing)).toEqual([
    'train a: train/a/1.jpg',
    'train b: train/b/1.jpg',
    'test a: test/a/1.jpg',
    'test b: test/b/1.jpg',
  ]);
});

test('folders of one name from two places stay two classes, and a file among them has no class', async () => {
  const folder = await folderOf('x/cat/1.jpg', 'y/cat/1.jpg', 'z/1.jpg');
  const listing = await listImages(['x/cat', 'y/cat', 'z/1.jpg'].map((path) => join(folder, path)));
  expect(shown(listing)).toEqual(['train cat: cat/1.jpg', 'train cat (2): cat (2)/1.jpg']);
  expect(rows(listing)).toContain('1.jpg no-class skipped');
});

const composed = 'caf\u00e9';
const decomposed = 'cafe\u0301';

test('two spellings of a letter are two classes side by side, and one class in two splits', async () => {
  const side = await listImages([await folderOf(`${composed}/1.jpg`, `${decomposed}/1.jpg`)]);
  expect(side.classes).toEqual([decomposed, composed]);
  const across = await listImages([
    await folderOf(`train/${composed}/1.jpg`, 'train/tea/1.jpg', `test/${decomposed}/1.jpg`, 'test/tea/1.jpg'),
  ]);
  expect(across.classes).toEqual([decomposed, 'tea']);
  expect(across.images.map(({ label }) => label)).toEqual([0, 1, 0, 1]);
  expect(across.rows).toEqual([]);
});

test.each([
  ['data/one-class', ['cat/1.jpg', 'cat/2.jpg']],
  ['data/one-class', ['1.jpg', '2.jpg']],
  ['data/no-usable-images', ['cat/1.txt', 'dog/1.txt']],
  ['data/no-usable-images', ['cat/', 'dog/']],
])('%s: %j', async (code, files) => {
  const folder = await folderOf(...files);
  await expect(listImages([folder])).rejects.toMatchObject({ code, details: { file: folder } });
});

test('what is not there, and what is neither folder nor archive, is named', async () => {
  const folder = await folderOf('notes.txt');
  const gone = join(folder, 'gone');
  await expect(listImages([gone])).rejects.toMatchObject({ code: 'file/missing', details: { file: gone } });
  await expect(listImages([join(folder, 'notes.txt')])).rejects.toMatchObject({ code: 'data/unknown-format' });
});

test('listing ends when it is cancelled', async () => {
  const folder = await folderOf(...pair);
  await expect(listImages([folder], AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
});
