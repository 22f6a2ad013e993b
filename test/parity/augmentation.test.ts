import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { augmentationOp } from '#contract/augmentation.ts';
import { applyAll } from '#engine/data/augment/apply-op.ts';
import { makeCanvas } from '#engine/data/augment/canvas.ts';
import type { Drawn } from '#engine/data/augment/drawn.ts';
import type { Surroundings } from '#engine/data/augment/warp.ts';

interface Fixture {
  readonly images: Record<string, [height: number, width: number, channels: number]>;
  readonly cases: readonly { image: string; drawn: Drawn[]; surroundings: Surroundings }[];
}

// What tf.image, ImageDataGenerator and scipy made of a photo (make-augmentation-fixtures.py).
const folder = path.resolve(import.meta.dirname, '../fixtures/parity');
const { images, cases } = JSON.parse(readFileSync(path.join(folder, 'augmentation.json'), 'utf8')) as Fixture;
const bytes = gunzipSync(readFileSync(path.join(folder, 'augmentation.bin.gz')));

let at = 0;
const take = (count: number) => bytes.subarray(at, (at += count));
const pixels = Object.fromEntries(Object.entries(images).map(([name, [h, w, c]]) => [name, take(h * w * c)]));
const expected = cases.map(({ image }) => {
  const values = take(pixels[image]!.length * 2);
  return Float32Array.from({ length: values.length / 2 }, (_, place) => values.readInt16LE(place * 2) / 64);
});

const titled = cases.map((one, place) => {
  const { fill, interpolation } = one.surroundings;
  return { ...one, place, title: `${place}: ${JSON.stringify(one.drawn)}, ${fill}, ${interpolation}, ${one.image}` };
});

test.each(titled)('$title', ({ image, drawn, surroundings, place }) => {
  const [height, width, channels] = images[image]!;
  const canvas = makeCanvas({ height, width, channels });
  canvas.values.set(pixels[image]!);
  applyAll(canvas, drawn, surroundings);
  const wanted = expected[place]!;
  // Kept in 64ths of a grey level; the twins' own sums are float32.
  let worst = 0;
  wanted.forEach((value, index) => (worst = Math.max(worst, Math.abs(value - canvas.values[index]!))));
  expect(worst).toBeLessThan(0.02);
});

test('every op is among the cases, and nothing is left of the file', () => {
  const ops = new Set(cases.flatMap(({ drawn }) => drawn.map(({ op }) => op)));
  expect(ops).toEqual(new Set(augmentationOp.options.map(({ shape }) => shape.op.value)));
  expect(at).toBe(bytes.length);
});
