import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import type { InputWays } from '#contract/prediction.ts';
import type { Photos } from '#engine/predict/photos.ts';
import { readInput } from '#engine/predict/read-input.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const model = { ref: 'm', name: 'M', height: 20, width: 20, channels: 3, fit: 'crop' } as KnownModel;
const parts = {
  photos: {} as Photos,
  dataset: () => Promise.reject(new Error('none')),
  learnedOnDark: () => Promise.resolve(true),
};

/** Left half red, right half blue. */
async function halves(width: number, height: number): Promise<string> {
  const file = path.join(await temporaryFolder(), 'halves.png');
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) pixels[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
  return file;
}

const read = (file: string, ways: InputWays = {}, known = model) => readInput({ path: file }, known, ways, parts);

test.each([
  ['crop', { left: 20, top: 0, width: 40, height: 40 }],
  ['stretch', { left: 0, top: 0, width: 80, height: 40 }],
  ['pad', { left: 0, top: -20, width: 80, height: 80 }],
] as const)('%s says which part of the photo the network sees', async (fit, seen) => {
  const { pixels, place } = await read(await halves(80, 40), { fit });
  expect(place).toMatchObject({ picture: { width: 80, height: 40 }, seen, input: { width: 20, height: 20 } });
  const middle = 10 * 20 * 3;
  expect([...pixels.subarray(middle, middle + 3)]).toEqual([255, 0, 0]);
  expect([...pixels.subarray(middle + 57, middle + 60)]).toEqual([0, 0, 255]);
  expect(pixels[0]).toBe(fit === 'pad' ? 0 : 255);
});

test('a picture of the size of the input goes in untouched', async () => {
  const { pixels, place } = await read(await halves(20, 20));
  expect([pixels[0], pixels[59], place.how]).toEqual([255, 255, 'as it is']);
});

test('a model of grey images that learned on dark ones gets light pictures inverted', async () => {
  const file = path.join(await temporaryFolder(), 'white.png');
  await sharp({ create: { width: 30, height: 20, channels: 3, background: '#ffffff' } })
    .png()
    .toFile(file);
  const grey: KnownModel = { ...model, channels: 1 };
  const inverted = await read(file, {}, grey);
  expect([inverted.pixels[0], inverted.place.inverted]).toEqual([0, true]);
  const asIs = await read(file, { invert: 'no' }, grey);
  expect([asIs.pixels[0], asIs.place.inverted]).toEqual([255, false]);
});

test.each([
  ['gone.png', 'file/missing', async () => undefined],
  ['text.png', 'image/unreadable', (file: string) => writeFile(file, 'no picture')],
] as const)('%s is refused with %s and its name', async (name, code, make) => {
  const file = path.join(await temporaryFolder(), name);
  await make(file);
  await expect(read(file)).rejects.toMatchObject({ code, details: { file } });
});

test('a model of five channels takes no pictures', async () => {
  await expect(read(await halves(20, 20), {}, { ...model, channels: 5 })).rejects.toMatchObject({
    code: 'model/wrong-input',
  });
});

test('a drawing becomes what MNIST would have made of it, and is its own picture', async () => {
  const pixels = Buffer.alloc(40 * 40);
  for (let y = 5; y < 15; y++) pixels.fill(255, y * 40 + 5, y * 40 + 15);
  const drawing = { width: 40, height: 40, pixels: pixels.toString('base64'), centre: true };
  const grey: KnownModel = { ...model, height: 28, width: 28, channels: 1 };
  const { ink, place } = await readInput({ drawing }, grey, {}, parts);
  expect(ink).toEqual({ left: 4, top: 4, width: 20, height: 20 });
  expect(place.seen).toEqual({ left: 0, top: 0, width: 28, height: 28 });
});
