import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readHeader } from '#engine/data/decode/image-header.ts';
import { sample, samples } from '#test/support/odd-images/sample.ts';
import { strangeImages } from '#test/support/odd-images/strange-images.ts';

const valid = await samples();

test.each(Object.entries(valid))('%s: format, sides, depth', (ending, bytes) => {
  const formats: Record<string, string> = { jpg: 'jpeg', 'progressive.jpg': 'jpeg', tif: 'tiff' };
  expect(readHeader(bytes)).toMatchObject({
    format: formats[ending] ?? ending,
    width: 64,
    height: 48,
    orientation: 1,
    depth: 8,
    alpha: false,
    cut: false,
  });
});

test('it tells what libvips tells of every strange file', { timeout: 60_000 }, async () => {
  let compared = 0;
  for (const { name, bytes, expected } of await strangeImages()) {
    const only = expected.length === 1 ? expected[0] : undefined;
    const header = readHeader(bytes);
    if (!only || !('used' in only) || !header || header.format === 'other' || header.format === 'bmp') continue;
    const {
      width,
      height,
      pages = 1,
      orientation = 1,
      bitsPerSample = 8,
    } = await sharp(bytes, { failOn: 'none' }).metadata();
    expect(header, name).toMatchObject({ width, height, orientation: orientation < 1 ? 1 : orientation });
    if (header.format !== 'png') expect(header.frames ?? 1, name).toBe(pages);
    if (header.format === 'png' && header.depth >= 8) expect(header.depth, name).toBe(bitsPerSample);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(100);
});

test('cut at any byte, or with any byte changed, it answers', () => {
  for (const bytes of Object.values(valid)) {
    for (let length = 0; length < Math.min(bytes.length, 700); length++) readHeader(bytes.subarray(0, length));
    for (let at = 0; at < Math.min(bytes.length, 700); at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const copy = Buffer.from(bytes.subarray(0, 1000));
        copy[at] = value;
        readHeader(copy);
      }
    }
  }
});

describe('directories of TIFF that lead in circles or nowhere', () => {
  const head = (...words: number[]) =>
    Buffer.concat([Buffer.from('II*\0', 'latin1'), Buffer.from(new Uint32Array(words).buffer)]);
  test.each([
    ['to itself', head(4), 'tiff'],
    ['past the end', head(1e9), 'tiff'],
    ['of 65,535 entries', Buffer.concat([head(8), Buffer.from([0xff, 0xff])]), 'tiff'],
  ])('%s', (_, bytes, format) => expect(readHeader(bytes)).toMatchObject({ format }));
});

test('a header is read without looking through the file', async () => {
  const long = Buffer.concat([await sample().png().toBuffer(), Buffer.alloc(50_000_000)]);
  const began = performance.now();
  for (let time = 0; time < 100; time++) readHeader(long);
  // Looking through it takes more than 10 ms a time.
  expect((performance.now() - began) / 100).toBeLessThan(5);
});
