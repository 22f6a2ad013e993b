import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importLook } from '#contract/data.ts';
import { lookText, readText, shapeOf } from '#engine/data/formats/text.ts';
import { writeFiles } from '#test/support/cifar-files.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function folderWith(files: Record<string, Buffer | string>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

/** One file of these lines, opened. */
async function lines(text: string | Buffer, name = 'train.txt'): Promise<string[]> {
  return [join(await folderWith({ [name]: text }), name)];
}

test('the book’s lines: label, two stars, values', async () => {
  const folder = await folderWith({
    'mnist_train_keras_1000.txt': '2 ** 0 0 152 27\n5 ** 0 0 38 255\n',
    'mnist_test_keras_100.txt': '0 ** 9 8 7 6\n',
    'notes.txt': 'nothing of the kind',
  });
  const read = await readText([folder]);
  expect(read).toMatchObject({
    kind: 'text',
    height: 2,
    width: 2,
    channels: 1,
    classes: ['0', '1', '2', '3', '4', '5'],
  });
  const train = read.splits.get('train');
  expect([...(train?.labels ?? [])]).toEqual([2, 5]);
  expect([...(train?.pixels ?? [])]).toEqual([0, 0, 152, 27, 0, 0, 38, 255]);
  expect([...(read.splits.get('test')?.pixels ?? [])]).toEqual([9, 8, 7, 6]);
  expect(train?.shared?.kind).toBe('memory');
});

test('a look counts without keeping anything', async () => {
  const folder = await folderWith({
    'train.txt': '0 ** 1 2 3 4\n1 ** 1 2 3 4\n1 ** 1 2 3 4',
    'test.txt': '1 ** 1 2 3 4',
  });
  const look = importLook.parse(await lookText([folder]));
  expect(look).toMatchObject({ kind: 'text', images: 4, splits: { train: 3, test: 1 }, classCount: 2, bytes: 50 });
  expect(look.classes).toEqual([
    { name: '0', images: 1 },
    { name: '1', images: 3 },
  ]);
  expect(look.sizes).toEqual({ height: 2, width: 2, least: 2, most: 2, grey: true });
});

test.each([
  ['several blanks and tabs', '  1 \t **\t0   10  \t20 30  \n'],
  ['lines ended as on Windows', '1 ** 0 10 20 30\r\n'],
  ['no end of the last line', '1 ** 0 10 20 30'],
  ['empty lines', '\n\n1 ** 0 10 20 30\n\n'],
  ['a byte order mark', '\uFEFF1 ** 0 10 20 30\n'],
  ['leading zeros', '01 ** 000 010 020 030\n'],
])('%s are taken as they are meant', async (_, text) => {
  const { splits } = await readText(await lines(text));
  expect([...(splits.get('train')?.labels ?? [])]).toEqual([1]);
  expect([...(splits.get('train')?.pixels ?? [])]).toEqual([0, 10, 20, 30]);
});

test('lines longer than a piece of the file are read alike', async () => {
  const image = Array.from({ length: 784 }, (_, at) => at % 256);
  const text = Array.from({ length: 200 }, (_, row) => `${row % 10} ** ${image.join(' ')}`).join('\n');
  const { splits, height, width } = await readText(await lines(text));
  expect([height, width, splits.get('train')?.count]).toEqual([28, 28, 200]);
  expect([...(splits.get('train')?.pixels.subarray(199 * 784) ?? [])]).toEqual(image);
});

test.each([
  [784, 28, 28, 1],
  [1, 1, 1, 1],
  [3072, 32, 32, 3],
  [3, 1, 1, 3],
  [12, 2, 2, 3],
  [20, 4, 5, 1],
  [7, 1, 7, 1],
])('%i values are %i×%i×%i', (values, height, width, channels) => {
  expect(shapeOf(values)).toEqual({ height, width, channels });
});

test('a form that is known is kept where it fits', async () => {
  const text = await lines('1 ** 1 2 3 4 5 6\n');
  expect(await readText(text, { form: { height: 3, width: 2, channels: 1 } })).toMatchObject({ height: 3, width: 2 });
  expect(await readText(text, { form: { height: 3, width: 3, channels: 1 } })).toMatchObject({ height: 2, width: 3 });
});

describe('refused, with the line', () => {
  test.each([
    ['1 ** 1 2 3 4\n1 ** 1 2 3\n', 2, 'it has 3 values; 4 were expected'],
    ['1 ** 1 2 3 4\n\n1 ** 1 2 3 4 5\n', 3, 'it has more than 4 values'],
    ['1 ** 1 2 256 4\n', 1, 'the value 256 is above 255'],
    ['1 ** 1 2 999999 4\n', 1, 'a number has more than five digits'],
    ['1 ** 1 2 -3 4\n', 1, '“-” is neither a digit nor **'],
    ['1 ** 1 2 0.5 4\n', 1, '“.” is neither a digit nor **'],
    ['cat ** 1 2 3 4\n', 1, '“c” is neither a digit nor **'],
    ['70000 ** 1 2 3 4\n', 1, 'the label 70000 is above 65535'],
    ['1 ** 1 2 3 4\n1 * 1 2 3 4\n', 2, 'its second word is not **'],
    ['1 ** 1 2 3 4\n1 2 3 4 5 6\n', 2, 'its second word is not **'],
    ['1 ** 1 ** 3 4\n', 1, '** stands where a number is expected'],
    ['1 ** \n', 1, 'it has no values'],
  ])('%j', async (text, line, problem) => {
    const failure = { code: 'data/text-line', details: { line, problem } };
    await expect(readText(await lines(text))).rejects.toMatchObject(failure);
  });

  test.each([
    ['labels far apart', { 'a.txt': '200 ** 1\n0 ** 1\n' }, 'data/label-range'],
    ['lines of two lengths', { 'train.txt': '1 ** 1 2 3 4', 'test.txt': '1 ** 1' }, 'data/shapes-differ'],
    ['two files of one split', { 'a.txt': '1 ** 1', 'b.txt': '1 ** 1' }, 'data/split-twice'],
  ])('%s', async (_, files, code) => {
    await expect(lookText([await folderWith(files)])).rejects.toMatchObject({ code });
  });
});

test.each([
  ['other text', 'Dear Sir or Madam'],
  ['nothing', ''],
  ['noise', Buffer.from([0, 255, 3, 200, 10])],
])('%s is none of it', async (_, text) => {
  expect(await lookText(await lines(text))).toBeNull();
  await expect(readText(await lines(text))).rejects.toMatchObject({ code: 'data/unknown-format' });
});

test('a folder full of captions is not read through', async () => {
  const names = Array.from({ length: 65 }, (_, index) => `${index}.txt`);
  expect(
    await lookText([await folderWith(Object.fromEntries(names.map((name) => [name, '1 ** 1 2 3 4'])))]),
  ).toBeNull();
});

test('ten thousand images are looked at in seconds at most, on a machine that others use too', async () => {
  const line = `7 ** ${Array.from({ length: 784 }, (_, at) => at % 256).join(' ')}\n`;
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'train.txt'), line.repeat(10_000));
  const start = performance.now();
  expect((await lookText([folder]))?.images).toBe(10_000);
  expect(performance.now() - start).toBeLessThan(8000);
});
