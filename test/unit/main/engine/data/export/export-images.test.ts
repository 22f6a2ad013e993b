import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { WorkProgress } from '#contract/data.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { exportImages, type ExportOptions } from '#engine/data/export/export-images.ts';
import { readText } from '#engine/data/formats/text.ts';
import type { MemorySource } from '#engine/data/memory-source.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const labels = Array.from({ length: 600 }, (_, index) => index % 3);
const some = smallDataSet({ splits: { train: { labels }, test: { labels: [2, 1, 0, 1] } } });
const coloured = smallDataSet({ height: 3, width: 2, channels: 3, splits: { train: { labels: [0, 1] } } });

async function finish(dataSet: DataSet, options: ExportOptions, signal?: AbortSignal) {
  const told: WorkProgress[] = [];
  const events = exportImages(dataSet, options, signal);
  for (;;) {
    const next = await events.next();
    if (next.done) return { ...next.value, told };
    told.push(next.value);
  }
}

describe('as text', () => {
  test('one line an image, the first of each split', async () => {
    const folder = join(await temporaryFolder(), 'new', 'place');
    const { files, told } = await finish(some, { to: 'text', folder, train: 2, test: 1 });
    expect(files).toEqual([join(folder, 'train.txt'), join(folder, 'test.txt')]);
    expect(await readFile(join(folder, 'train.txt'), 'utf8')).toBe('0 ** 0 0 0 0\n1 ** 1 1 1 1\n');
    expect(await readFile(join(folder, 'test.txt'), 'utf8')).toBe('2 ** 0 0 0 0\n');
    expect(await readdir(folder)).toEqual(['test.txt', 'train.txt']);
    expect(told.at(-1)).toMatchObject({ done: 3, total: 3 });
  });

  test('what was written is read again as it was', async () => {
    const folder = await temporaryFolder();
    await finish(some, { to: 'text', folder });
    const read = await readText([folder]);
    for (const split of ['train', 'test'] as const) {
      expect(read.splits.get(split)?.pixels).toEqual(new Uint8Array((some.source(split) as MemorySource).pixels));
      expect(read.splits.get(split)?.labels).toEqual(some.source(split)?.labels);
    }
  });

  test('earlier files of these names are replaced, others stay', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'train.txt'), 'old');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await finish(some, { to: 'text', folder, train: 1, test: 0 });
    expect(await readFile(join(folder, 'train.txt'), 'utf8')).toBe('0 ** 0 0 0 0\n');
    expect((await readdir(folder)).sort()).toEqual(['notes.txt', 'train.txt']);
  });
});

describe('as a folder', () => {
  test('PNG files by split and class, numbered as they come', async () => {
    const folder = join(await temporaryFolder(), 'photos');
    const { files, told } = await finish(some, { to: 'folder', folder, train: 7 });
    expect(files).toEqual([join(folder, 'train'), join(folder, 'test')]);
    expect((await readdir(join(folder, 'train', 'class 0'))).sort()).toEqual([
      '000001.png',
      '000004.png',
      '000007.png',
    ]);
    expect(await readdir(join(folder, 'test', 'class 2'))).toEqual(['000001.png']);
    const image = sharp(join(folder, 'train', 'class 0', '000004.png'));
    expect(await image.metadata()).toMatchObject({ format: 'png', width: 2, height: 2, channels: 1 });
    expect([...(await image.toColourspace('b-w').raw().toBuffer())]).toEqual([3, 3, 3, 3]);
    expect(told.at(-1)).toMatchObject({ done: 11, total: 11 });
  });

  test('colours stay, and a class without images keeps its folder', async () => {
    const folder = join(await temporaryFolder(), 'photos');
    await mkdir(folder); // an empty one is as good as a new one
    await finish(coloured, { to: 'folder', folder });
    expect((await readdir(join(folder, 'train'))).sort()).toEqual(['class 0', 'class 1', 'class 2']);
    const data = await sharp(join(folder, 'train', 'class 1', '000002.png'))
      .raw()
      .toBuffer();
    expect([...data]).toEqual(new Array(18).fill(1));
  });

  test('a folder with something in it is not mixed with', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'mine.txt'), 'mine');
    await expect(finish(some, { to: 'folder', folder })).rejects.toMatchObject({ code: 'project/folder-not-empty' });
    expect(await readdir(folder)).toEqual(['mine.txt']);
  });
});

describe.each(['text', 'folder'] as const)('leaves nothing behind: %s', (to) => {
  test('cancelled before it begins', async () => {
    const parent = await temporaryFolder();
    const cancelled = finish(some, { to, folder: join(parent, 'out') }, AbortSignal.abort());
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(parent)).toEqual([]);
  });

  test('left in the middle', async () => {
    const parent = await temporaryFolder();
    const events = exportImages(some, { to, folder: join(parent, 'out') });
    await events.next();
    await events.return({ files: [] });
    expect(await readdir(parent)).toEqual([]);
  });

  test('where a file is in the way', async () => {
    const parent = await temporaryFolder();
    await writeFile(join(parent, 'file'), 'mine');
    const failure = finish(some, { to, folder: join(parent, 'file', 'out') });
    await expect(failure).rejects.toMatchObject({ code: expect.stringMatching(/^file\//) });
    expect(existsSync(join(parent, 'file'))).toBe(true);
    expect(await readdir(parent)).toEqual(['file']);
  });
});
