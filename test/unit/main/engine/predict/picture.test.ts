import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Colour, type Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { readPicture, type Invert } from '#engine/predict/picture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-picture-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = { width: 28, height: 28, channels: 1 };
const levels = Buffer.from(
  Uint8Array.from({ length: 784 }, (_, i) => (i % 28 > 0 && i % 28 < 27 && i > 28 && i < 756 ? i % 200 : 0)),
);

async function save(name: string, picture: Sharp): Promise<string> {
  const file = path.join(folder, name);
  await picture.toFile(file);
  return file;
}

const gray = (pixels: Buffer, width: number, height: number) =>
  sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace('b-w');
const plain = (width: number, height: number, background: Colour) =>
  sharp({ create: { width, height, channels: 4, background } });

test('a grey picture of the right size goes in untouched', async () => {
  const file = await save('exact.png', gray(levels, 28, 28).png());
  const { pixels, place } = await readPicture(file, small, 'auto', true);
  expect(Buffer.from(pixels).equals(levels)).toBe(true);
  expect(place.how).toBe('as it is');
});

test.each<[Invert, boolean, 'light' | 'dark', boolean]>([
  ['auto', true, 'light', true],
  ['auto', true, 'dark', false],
  ['auto', false, 'light', false],
  ['no', true, 'light', false],
  ['yes', false, 'dark', true],
])('invert %s, learned on dark %s, a %s border: inverted %s', async (invert, learnedOnDark, border, inverted) => {
  const level = border === 'light' ? 255 : 0;
  const file = await save(`border-${border}.png`, gray(Buffer.alloc(784, level), 28, 28).png());
  const { pixels, place } = await readPicture(file, small, invert, learnedOnDark);
  expect(pixels[0]).toBe(inverted ? 255 - level : level);
  expect(place.inverted).toBe(inverted);
});

test('colours become grey by BT.601, and transparent parts are white', async () => {
  const red = await save('red.png', plain(28, 28, '#ff0000').png());
  expect((await readPicture(red, small, 'no', true)).pixels[0]).toBe(76);
  const clear = await save('clear.png', plain(28, 28, { r: 9, g: 9, b: 9, alpha: 0 }).png());
  expect((await readPicture(clear, small, 'no', true)).pixels[400]).toBe(255);
  const half = await save('half.png', plain(28, 28, { r: 0, g: 0, b: 0, alpha: 0.5 }).png());
  expect(Math.abs((await readPicture(half, small, 'no', true)).pixels[400]! - 127.5)).toBeLessThan(2);
});

test('a grey picture fills the three channels of a colour network', async () => {
  const file = await save('gray-for-colour.png', gray(Buffer.alloc(784, 99), 28, 28).png());
  const { pixels } = await readPicture(file, { ...small, channels: 3 }, 'auto', true);
  expect(pixels).toHaveLength(28 * 28 * 3);
  expect(pixels.every((level) => level === 99)).toBe(true);
});

test('another size is scaled as a whole, in proportion, and centred on its border level', async () => {
  const inner = await plain(40, 20, '#ffffff').png().toBuffer();
  const wide = plain(80, 40, '#202020').composite([{ input: inner, left: 20, top: 10 }]);
  const file = await save('wide.png', wide.png());
  const { pixels, place } = await readPicture(file, small, 'auto', true);
  expect(place.how).toBe('scaled as a whole from 80×40 to 28×14, centred in 28×28; colours to grey');
  expect([pixels[0], pixels[27 * 28 + 27], pixels[14 * 28 + 14]]).toEqual([32, 32, 255]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i comes in upright', async (orientation) => {
  const upright = Buffer.alloc(40 * 20 * 3, 0);
  for (let y = 0; y < 20; y++) for (let x = 0; x < 20; x++) upright.fill(255, (y * 40 + x) * 3, (y * 40 + x) * 3 + 3);
  const back = {
    1: [0, false],
    2: [0, true],
    3: [180, false],
    4: [180, true],
    5: [270, true],
    6: [270, false],
    7: [90, true],
    8: [90, false],
  };
  const [angle, mirrored] = back[orientation as keyof typeof back] as [number, boolean];
  let stored = sharp(upright, { raw: { width: 40, height: 20, channels: 3 } });
  if (mirrored) stored = sharp(await stored.flop().raw().toBuffer(), { raw: { width: 40, height: 20, channels: 3 } });
  const file = await save(`exif-${orientation}.png`, stored.rotate(angle).withMetadata({ orientation }).png());
  const { pixels } = await readPicture(file, { width: 40, height: 20, channels: 3 }, 'no', false);
  expect(pixels[0]).toBe(255);
  expect(pixels[39 * 3]).toBe(0);
  expect(pixels[19 * 40 * 3]).toBe(255);
});

test('sixteen bits, CMYK and an animation are read', async () => {
  const deep = await save('deep.png', plain(28, 28, '#808080').toColourspace('rgb16').png());
  expect((await readPicture(deep, small, 'no', true)).pixels[0]).toBe(128);
  const cmyk = await save('cmyk.jpg', plain(28, 28, '#ffffff').flatten().toColourspace('cmyk').jpeg());
  expect((await readPicture(cmyk, small, 'no', true)).pixels[0]).toBeGreaterThan(250);
  const frames = await plain(28, 56, '#ffffff').gif().toBuffer();
  const moving = await save('moving.gif', sharp(frames).gif());
  expect((await readPicture(moving, small, 'no', true)).pixels).toHaveLength(784);
});

describe('refused', () => {
  const bad: [string, () => Promise<string> | string, string][] = [
    ['a file that is not there', () => path.join(folder, 'none.png'), 'file/missing'],
    ['a folder', () => folder, 'image/unreadable'],
    ['an empty file', () => written('empty.png', Buffer.alloc(0)), 'image/unreadable'],
    ['text named .jpg', () => written('page.jpg', Buffer.from('<html></html>')), 'image/unreadable'],
    [
      'an SVG',
      () => written('a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
      'image/unreadable',
    ],
    ['a PNG cut in half', cut, 'image/unreadable'],
    ['a bomb of 20,000 × 20,000 pixels', bomb, 'image/too-large'],
  ];

  test.each(bad)('%s', async (_name, make, code) => {
    const file = await make();
    const started = performance.now();
    await expect(readPicture(file, small, 'auto', true)).rejects.toMatchObject({ code, details: { file } });
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

function written(name: string, bytes: Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function cut(): Promise<string> {
  const noise = Buffer.from(Uint8Array.from({ length: 90_000 }, (_, i) => (i * 7919) % 251));
  const whole = await gray(noise, 300, 300).png().toBuffer();
  return written('cut.png', whole.subarray(0, whole.length / 2));
}

/** A whole small PNG whose header claims 20,000 × 20,000: what must be looked at before anything is unpacked. */
async function bomb(): Promise<string> {
  const bytes = await gray(Buffer.alloc(784), 28, 28).png().toBuffer();
  bytes.writeUInt32BE(20_000, 16);
  bytes.writeUInt32BE(20_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return written('bomb.png', bytes);
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
