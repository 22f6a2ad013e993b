import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { FitRule } from '#contract/data.ts';
import { decodeImage } from '#engine/data/decode/decode-image.ts';
import { planDecoding } from '#engine/data/decode/fit.ts';

interface FitCases {
  readonly files: { name: string; bytes: number }[];
  readonly cases: { name: string; fit: FitRule; height: number; width: number }[];
}

// Made by test/fixtures/decode/make-fit-cases.py with tf.image.resize(antialias=True).
const fixtures = new URL('../../../../../fixtures/decode/', import.meta.url);
const index = JSON.parse(readFileSync(new URL('fit-cases.json', fixtures), 'utf8')) as FitCases;
const packed = gunzipSync(readFileSync(new URL('fit-cases.bin.gz', fixtures)));
let at = 0;
const take = (length: number) => Buffer.from(packed.subarray(at, (at += length)));
const files = new Map(index.files.map(({ name, bytes }) => [name, take(bytes)]));
const cases = index.cases.map((each) => ({ ...each, expected: take(each.height * each.width * 3) }));

async function pixelsOf(bytes: Buffer, form: Parameters<typeof decodeImage>[2]): Promise<Uint8Array> {
  const decoded = await decodeImage(bytes, 'x', form);
  if (!('pixels' in decoded)) throw new Error(`skipped: ${decoded.skipped} ${decoded.detail ?? ''}`);
  return decoded.pixels;
}

function differences(ours: Uint8Array, theirs: Uint8Array) {
  expect(ours.length).toBe(theirs.length);
  const each = Array.from(ours, (level, i) => Math.abs(level - (theirs[i] ?? 0)));
  return { most: Math.max(...each), mean: each.reduce((sum, one) => sum + one, 0) / each.length };
}

/** Of 255. Large images go through libvips' own filter, and a JPEG through libjpeg's decoding at a half. */
const tolerance: Record<string, { most: number; mean: number }> = {
  'small.png': { most: 1, mean: 0.1 },
  'photo.png': { most: 10, mean: 0.5 },
  'photo.jpg': { most: 16, mean: 1.2 },
};

describe('images are fitted as tf.image.resize with antialiasing has it', () => {
  test.each(cases)('$name, $fit to $height×$width', async ({ name, fit, height, width, expected }) => {
    const ours = await pixelsOf(files.get(name) as Buffer, { height, width, channels: 3, fit });
    const { most, mean } = differences(ours, expected);
    expect(most).toBeLessThanOrEqual(tolerance[name]?.most ?? 0);
    expect(mean).toBeLessThanOrEqual(tolerance[name]?.mean ?? 0);
  });
});

describe('where an image comes to lie', () => {
  // Left half red, right half blue, 40 wide and 20 high.
  const halves = async () => {
    const half = (background: string) =>
      sharp({ create: { width: 20, height: 20, channels: 3, background } })
        .png()
        .toBuffer();
    const canvas = sharp({ create: { width: 40, height: 20, channels: 3, background: '#ff0000' } });
    return canvas
      .composite([{ input: await half('#0000ff'), left: 20, top: 0 }])
      .png()
      .toBuffer();
  };
  const at = (pixels: Uint8Array, width: number, y: number, x: number) => [
    ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];
  const [red, blue, black] = [
    [255, 0, 0],
    [0, 0, 255],
    [0, 0, 0],
  ];

  test('crop keeps the middle', async () => {
    const pixels = await pixelsOf(await halves(), { height: 20, width: 20, channels: 3, fit: 'crop' });
    expect([at(pixels, 20, 0, 9), at(pixels, 20, 19, 10)]).toEqual([red, blue]);
  });

  test('pad keeps all, with black above and below', async () => {
    const pixels = await pixelsOf(await halves(), { height: 41, width: 40, channels: 3, fit: 'pad' });
    expect([at(pixels, 40, 9, 0), at(pixels, 40, 10, 0), at(pixels, 40, 29, 39), at(pixels, 40, 30, 39)]).toEqual([
      black,
      red,
      blue,
      black,
    ]);
  });

  test('stretch keeps all, each side on its own', async () => {
    const pixels = await pixelsOf(await halves(), { height: 40, width: 40, channels: 3, fit: 'stretch' });
    expect([at(pixels, 40, 0, 0), at(pixels, 40, 39, 39)]).toEqual([red, blue]);
  });

  test('grey is the luma of ITU-R BT.601', async () => {
    const pixels = await pixelsOf(await halves(), { height: 20, width: 40, channels: 1, fit: 'crop' });
    expect([pixels[0], pixels[39]]).toEqual([76, 29]);
  });

  test.each([
    [{ width: 10_000, height: 9000 }, false],
    [{ width: 10_000, height: 9000 }, true],
    [{ width: 50_000, height: 2000 }, false],
  ])('an image of %o never lies in memory whole', (image, jpeg) => {
    for (const fit of ['crop', 'pad', 'stretch'] as const) {
      const { size } = planDecoding(image, { height: 64, width: 64, channels: 3, fit }, jpeg, false);
      expect((size?.width ?? 1e9) * (size?.height ?? 1e9)).toBeLessThan(4_000_000);
    }
  });
});
