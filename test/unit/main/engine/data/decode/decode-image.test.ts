import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '#engine/data/decode/decode-image.ts';
import { sample, samplePixels } from '#test/support/odd-images/sample.ts';

interface PillowCase {
  readonly name: string;
  readonly bytes: number;
  readonly height: number;
  readonly width: number;
}

// Made by test/fixtures/decode/make-pillow-cases.py: files by Pillow, and the pixels that it reads from them.
const fixtures = new URL('../../../../../fixtures/decode/', import.meta.url);
const index = JSON.parse(readFileSync(new URL('pillow-cases.json', fixtures), 'utf8')) as PillowCase[];
const packed = gunzipSync(readFileSync(new URL('pillow-cases.bin.gz', fixtures)));
let at = 0;
const take = (length: number) => Buffer.from(packed.subarray(at, (at += length)));
const cases = index.map((each) => ({
  ...each,
  file: take(each.bytes),
  pixels: take(each.height * each.width * 3),
}));

/** The greatest difference of one byte, 0…255. */
function furthest(ours: Uint8Array, theirs: Uint8Array): number {
  expect(ours.length).toBe(theirs.length);
  return ours.reduce((most, level, i) => Math.max(most, Math.abs(level - (theirs[i] ?? 0))), 0);
}

describe('pixels are within 2 of 255 of those that Pillow reads', () => {
  test('there are more than a hundred files', () => expect(cases.length).toBeGreaterThan(100));
  test.each(cases)('$name', async ({ name, file, pixels, height, width }) => {
    const decoded = await decodeImage(file, name, { height, width, channels: 3, fit: 'stretch' });
    if (!('pixels' in decoded)) throw new Error(`skipped: ${decoded.skipped} ${decoded.detail ?? ''}`);
    expect(furthest(decoded.pixels, pixels)).toBeLessThanOrEqual(2);
  });
});

describe('what is cut short', () => {
  const form = { height: 48, width: 64, channels: 3, fit: 'stretch' } as const;

  test('keeps the rows that are there, and is grey below them', async () => {
    const whole = await sample().jpeg().toBuffer();
    const decoded = await decodeImage(whole.subarray(0, Math.floor(whole.length * 0.8)), 'a.jpg', form);
    const all = await decodeImage(whole, 'a.jpg', form);
    if (!('pixels' in decoded) || !('pixels' in all)) throw new Error('skipped');
    expect(decoded.oddities).toEqual([{ oddity: 'truncated-used', detail: expect.stringMatching(/^\d+ %$/) }]);
    const row = 64 * 3;
    expect(decoded.pixels.subarray(0, 16 * row)).toEqual(all.pixels.subarray(0, 16 * row));
    // The block in which the file ends is anything.
    expect(new Set(decoded.pixels.subarray(47 * row + 32 * 3))).toEqual(new Set([128]));
  });
});

describe('profiles', () => {
  test('colours of a wide gamut come to sRGB', async () => {
    const form = { height: 48, width: 64, channels: 3, fit: 'stretch' } as const;
    const wide = await sample().withIccProfile('p3').png().toBuffer();
    const decoded = await decodeImage(wide, 'a.png', form);
    if (!('pixels' in decoded)) throw new Error('skipped');
    expect(furthest(decoded.pixels, samplePixels(1))).toBeLessThanOrEqual(2);
  });
});
