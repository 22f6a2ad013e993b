import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import type { InputWays } from '#contract/prediction.ts';
import { frameForm, frameInput, framePlace } from '#engine/predict/frame-input.ts';
import { readInput } from '#engine/predict/read-input.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'heatlens-frame-'))));
afterAll(() => rm(folder, { recursive: true }));

const colour = { height: 224, width: 224, channels: 3, fit: 'crop' } as const;

test.each<{ width: number; height: number; model?: object; ways?: InputWays; dark?: boolean }>([
  { width: 640, height: 272 },
  { width: 1920, height: 1080 },
  { width: 2560, height: 1600 },
  { width: 100, height: 60 },
  { width: 224, height: 224 },
  { width: 640, height: 272, ways: { fit: 'pad' } },
  { width: 640, height: 272, ways: { fit: 'stretch' } },
  { width: 640, height: 272, ways: { invert: 'yes' } },
  { width: 640, height: 272, model: { channels: 1, height: 32, width: 32 } },
  { width: 640, height: 272, model: { channels: 1, height: 28, width: 28, fit: 'pad' }, dark: true },
  { width: 28, height: 28, model: { channels: 1, height: 28, width: 28, fit: 'pad' }, dark: true },
  { width: 300, height: 200, model: { channels: 1, height: 64, width: 64 }, dark: true },
])('a frame of $width×$height is the input that the same photo is ($model, $ways)', async (given) => {
  const { width, height, model, ways = {}, dark = false } = given;
  const known = { ...colour, ...model } as KnownModel;
  // Soft and bright, with some grain.
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 150 + 80 * Math.sin(x / 17 + (at % 3)) * Math.cos(y / 23) + ((at * 7919) % 20);
  });
  const path = join(folder, `${width}-${height}.png`);
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(path);
  const never = () => Promise.reject(new Error('not asked for'));
  const parts = { photos: {} as never, dataset: never, learnedOnDark: () => Promise.resolve(dark) };
  const photo = await readInput({ path }, known, ways, parts);
  const form = frameForm(known, ways, dark);
  const before = pixels.slice();
  const input = await frameInput({ width, height, channels: 3, pixels }, form);
  expect(Buffer.compare(input, photo.pixels)).toBe(0);
  expect(Buffer.compare(before, pixels)).toBe(0);
  const place = framePlace({ width, height }, form).seen;
  for (const side of ['left', 'top', 'width', 'height'] as const)
    expect(place[side]).toBeCloseTo(photo.place.seen[side], 6);
});
