import { expect, test } from 'vitest';
import type { ImageSource } from '#engine/data/data-set.ts';
import { pixelStatistics } from '#engine/training/pixel-statistics.ts';

/** @param pixel of an image, at a place in it */
const sourceOf = (count: number, size: number, pixel: (image: number, place: number) => number): ImageSource => ({
  count,
  labels: new Uint16Array(count),
  read: (indices, into) => {
    for (let row = 0; row < indices.length; row++) {
      for (let place = 0; place < size; place++) into[row * size + place] = pixel(indices[row]!, place);
    }
  },
});

test('mean and deviation of each channel, over the images named alone', async () => {
  const pixels = [
    [10, 0, 255, 30, 0, 255],
    [250, 250, 250, 250, 250, 250],
    [20, 100, 255, 40, 100, 255],
  ];
  const source = sourceOf(3, 6, (image, place) => pixels[image]![place]!);
  const shape = { height: 1, width: 2, channels: 3 };
  const { mean, deviation } = await pixelStatistics(source, Uint32Array.of(0, 2), shape);
  expect(mean).toEqual([25, 50, 255]);
  expect(deviation).toEqual([Math.sqrt(125), 50, 0]);
});

test('many images come in pieces, the last smaller, and to exact figures', async () => {
  const [count, side] = [9, 1024]; // four images of 1 MiB at once
  const source = sourceOf(count, side ** 2, (image) => image);
  const every = Uint32Array.from({ length: count }, (_, image) => image);
  const { mean, deviation } = await pixelStatistics(source, every, { height: side, width: side, channels: 1 });
  expect(mean).toEqual([4]);
  expect(deviation[0]).toBeCloseTo(Math.sqrt(60 / 9), 12);
});
