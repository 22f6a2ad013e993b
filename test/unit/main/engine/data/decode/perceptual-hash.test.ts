import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { perceptualHash } from '#engine/data/decode/perceptual-hash.ts';
import { sample } from '#test/support/odd-images/sample.ts';

const hashOf = async (image: Sharp) => {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return perceptualHash(data, info.height, info.width, info.channels);
};
const fromBits = (hash: string) => [...hash].map((digit) => parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
const distance = (a: string, b: string) => [...fromBits(a)].filter((bit, i) => bit !== fromBits(b)[i]).length;

test('a bit is 1 where it grows lighter to the right, row by row', () => {
  const rising = Uint8Array.from({ length: 72 }, (_, i) => (i % 9) * 10);
  expect(perceptualHash(rising, 8, 9, 1)).toBe('ffffffffffffffff');
  expect(
    perceptualHash(
      rising.map((level) => 80 - level),
      8,
      9,
      1,
    ),
  ).toBe('0000000000000000');
  const firstRow = rising.map((level, i) => (i < 9 ? level : 80));
  expect(perceptualHash(firstRow, 8, 9, 1)).toBe('ff00000000000000');
});

test('images of every size have one, of colours by their luma', () => {
  for (const [height, width] of [
    [1, 1],
    [1, 9],
    [8, 1],
    [5, 7],
    [300, 200],
  ] as const) {
    const gray = Uint8Array.from({ length: height * width }, (_, i) => (i * 37) % 256);
    const colours = Uint8Array.from({ length: gray.length * 3 }, (_, i) => gray[Math.floor(i / 3)] ?? 0);
    expect(perceptualHash(gray, height, width, 1)).toMatch(/^[0-9a-f]{16}$/);
    expect(perceptualHash(colours, height, width, 3)).toBe(perceptualHash(gray, height, width, 1));
  }
});

test('an image stored again, scaled, or a little brighter stays near; another is far', async () => {
  const image = () => sample(3).blur(3);
  const hash = await hashOf(image());
  const again = sharp(await image().jpeg({ quality: 60 }).toBuffer());
  expect(distance(hash, await hashOf(again))).toBeLessThanOrEqual(6);
  expect(distance(hash, await hashOf(image().resize(128, 96)))).toBeLessThanOrEqual(6);
  expect(distance(hash, await hashOf(image().linear(1.1, 0)))).toBeLessThanOrEqual(6);
  expect(distance(hash, await hashOf(image().flop()))).toBeGreaterThan(20);
});
