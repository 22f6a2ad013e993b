import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readIdxHeader, readIdxValues } from '#engine/data/idx.ts';
import { idxBytes } from '#test/support/idx-files.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function read(bytes: Buffer): Promise<{ dims: readonly number[]; values: Uint8Array }> {
  const file = join(await temporaryFolder(), 'some-idx');
  await writeFile(file, bytes);
  const header = await readIdxHeader(file);
  return { dims: header.dims, values: await readIdxValues(header) };
}

const refused = (bytes: Buffer) =>
  read(bytes).then(
    () => expect.fail('was read'),
    (error: unknown) => error,
  );

const images = idxBytes([2, 3, 4]);
const gz = gzipSync(images);

describe('reads', () => {
  test.each([
    ['labels', [5]],
    ['grey images', [2, 3, 4]],
    ['RGB images', [2, 3, 4, 3]],
    ['images with alpha', [1, 2, 2, 4]],
    ['one row of 65,535 pixels', [1, 1, 65_535]],
    ['one column of 65,535 pixels', [2, 65_535, 1]],
  ])('%s, packed and unpacked', async (_, dims) => {
    const bytes = idxBytes(dims);
    const expected = { dims, values: new Uint8Array(bytes.subarray(4 + 4 * dims.length)) };
    expect(await read(bytes)).toEqual(expected);
    expect(await read(gzipSync(bytes))).toEqual(expected);
  });

  test('gz of several members, as some programs write it', async () => {
    const parts = Buffer.concat([gzipSync(images.subarray(0, 10)), gzipSync(images.subarray(10))]);
    expect((await read(parts)).values).toHaveLength(24);
  });
});

describe('refuses', () => {
  test.each([
    ['text', Buffer.from('label ** 0 0 0'), 'data/idx-magic'],
    ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex'), 'data/idx-magic'],
    ['little-endian magic', Buffer.from('0308000000000000', 'hex'), 'data/idx-magic'],
    ['signed bytes', idxBytes([1], undefined, 0x09), 'data/idx-type'],
    ['floats', idxBytes([1], [0, 0, 0, 0], 0x0d), 'data/idx-type'],
    ['a type that does not exist', idxBytes([1], undefined, 0x77), 'data/idx-type'],
    ['no dimensions', idxBytes([]), 'data/idx-shape'],
    ['flat images', idxBytes([2, 784]), 'data/idx-shape'],
    ['channels first', idxBytes([2, 3, 8, 8]), 'data/idx-shape'],
    ['five dimensions', idxBytes([1, 1, 1, 1, 1]), 'data/idx-shape'],
    ['images without height', idxBytes([3, 0, 4]), 'data/idx-shape'],
    ['a side above 65,535', idxBytes([1, 65_536, 1]), 'data/idx-shape'],
    ['0 images', idxBytes([0, 28, 28]), 'data/empty'],
    ['0 labels', idxBytes([0]), 'data/empty'],
    ['an empty file', Buffer.alloc(0), 'data/idx-truncated'],
    ['a short header', images.subarray(0, 9), 'data/idx-truncated'],
    ['one byte too few', images.subarray(0, -1), 'data/idx-truncated'],
    ['one byte too many', Buffer.concat([images, Buffer.of(0)]), 'data/idx-excess'],
    ['huge declared sizes', idxBytes([0xffff_ffff, 28, 28], []), 'data/idx-truncated'],
    ['sizes beyond any number', idxBytes([0xffff_ffff, 65_535, 65_535, 4], []), 'data/idx-truncated'],
    ['huge declared sizes in gz', gzipSync(idxBytes([0xffff_ffff, 28, 28], [])), 'data/idx-truncated'],
    ['gz with one byte too few inside', gzipSync(images.subarray(0, -1)), 'data/idx-truncated'],
    ['gz with one byte too many inside', gzipSync(Buffer.concat([images, Buffer.of(0)])), 'data/idx-excess'],
    ['a gzip bomb', gzipSync(Buffer.concat([images, Buffer.alloc(64 * 2 ** 20)])), 'data/idx-excess'],
    ['text in gz', gzipSync('hello, hello'), 'data/idx-magic'],
    ['a gz header alone', gz.subarray(0, 10), 'data/gzip-damaged'],
  ])('%s', async (_, bytes, code) => {
    const error = await refused(bytes);
    expect(error).toMatchObject({ name: 'AppError', code, details: { file: expect.stringContaining('some-idx') } });
    expect((error as Error).message).toContain('some-idx');
  });

  test('a damaged gz, wherever one byte is wrong in its data or checksum', async () => {
    for (let at = 10; at < gz.length; at++) {
      const damaged = Buffer.from(gz);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      const error = await refused(damaged);
      expect(error, `byte ${at}`).toMatchObject({ name: 'AppError' });
    }
  });

  test.each([
    ['plain', idxBytes([3, 5, 4])],
    ['gz', gzipSync(idxBytes([3, 5, 4]))],
  ])('every truncation of a whole %s file', async (_, whole) => {
    for (let length = 0; length < whole.length; length++) {
      expect(await refused(whole.subarray(0, length)), `${length} bytes`).toMatchObject({
        code: expect.stringMatching(/^data\/(idx-truncated|gzip-damaged|idx-magic)$/),
      });
    }
  });

  test('what fits no memory, before any is taken', async () => {
    // 1,000 images of 2,400×2,400: 5.8 GB of zeros are 5.6 MB of gz, so a header alone cannot be called a lie.
    const before = process.memoryUsage().arrayBuffers;
    const start = gzipSync(idxBytes([1000, 2400, 2400], []));
    const error = await refused(Buffer.concat([start, Buffer.alloc(6 * 2 ** 20)]));
    expect(error).toMatchObject({ code: 'data/too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 2 ** 20);
  });

  test.each([
    ['a file that is not there', 'nowhere', 'file/missing'],
    ['a folder', '.', 'file/unreadable'],
  ])('%s', async (_, name, code) => {
    await expect(readIdxHeader(join(await temporaryFolder(), name))).rejects.toMatchObject({ code });
  });
});

test('the corpus is what it says', () => {
  expect(gunzipSync(gz)).toEqual(images);
  expect(images.subarray(0, 16).toString('hex')).toBe('00000803000000020000000300000004');
});
