import { describe, expect, test } from 'vitest';
import { permutation } from '#engine/data/random.ts';
import type { BatchSource } from '#engine/training/batches.ts';
import { epochStart, ImageStream, type StreamPlace } from '#engine/training/image-stream.ts';

/** Gives the indices themselves as labels and the pass as pixels, and counts the generators that were left open. */
function source(size: number) {
  const open = { count: 0 };
  const batches: BatchSource = {
    size,
    async *batches(order, from, pass = 0) {
      open.count += 1;
      try {
        for (let at = from * size; at < order.length; at += size) {
          const labels = Int32Array.from(order.subarray(at, at + size));
          yield await Promise.resolve({ images: labels.length, pixels: Uint8Array.of(pass), labels });
        }
      } finally {
        open.count -= 1;
      }
    },
    dispose: () => Promise.resolve(),
  };
  return { batches, open };
}

const images = Uint32Array.from({ length: 10 }, (_, place) => 100 + place);
const stream = (at: StreamPlace, { size = 4, shuffle = true } = {}) =>
  new ImageStream({ source: source(size).batches, images, seed: 3, shuffle }, at);
const pass = (number: number) => [...permutation(10, 3, number)].map((place) => 100 + place);

test('passes follow each other, each in its own order, and none is mixed into the next', async () => {
  const from = stream({ pass: 1, image: 0 });
  const seen: number[][] = [];
  const left: number[] = [];
  const told: number[] = [];
  for (let batch = 0; batch < 6; batch++) {
    const { labels, pixels } = await from.next();
    seen.push([...labels]);
    told.push(...pixels);
    left.push(from.left);
  }
  expect(seen.map((batch) => batch.length)).toEqual([4, 4, 2, 4, 4, 2]);
  expect(seen.flat()).toEqual([...pass(1), ...pass(2)]);
  expect(left).toEqual([6, 2, 0, 6, 2, 0]);
  expect(told).toEqual([1, 1, 1, 2, 2, 2]);
  expect(from.at).toEqual({ pass: 3, image: 0 });
});

test('from any place the same images follow, in batches of any size', async () => {
  const from = stream({ pass: 2, image: 7 }, { size: 2 });
  const seen = [await from.next(), await from.next(), await from.next()].flatMap(({ labels }) => [...labels]);
  expect(seen).toEqual([...pass(2).slice(7), ...pass(3).slice(0, 2)]);
});

test('unshuffled they come as they are', async () => {
  const { labels } = await stream({ pass: 5, image: 8 }, { shuffle: false }).next();
  expect([...labels]).toEqual([108, 109]);
});

test('closing ends the reading', async () => {
  const { batches, open } = source(4);
  const from = new ImageStream({ source: batches, images, seed: 3, shuffle: true }, { pass: 1, image: 0 });
  await from.next();
  expect(open.count).toBe(1);
  await from.close();
  expect(open.count).toBe(0);
});

describe('an epoch begins', () => {
  test.each([
    [1, undefined, { pass: 1, image: 0 }],
    [7, undefined, { pass: 7, image: 0 }],
    [1, 2, { pass: 1, image: 0 }],
    [2, 2, { pass: 1, image: 8 }],
    [3, 2, { pass: 2, image: 4 }],
    [2, 7, { pass: 3, image: 4 }],
  ])('%i, of %s batches: %o', (epoch, stepsPerEpoch, place) => {
    expect(epochStart(epoch, 10, 4, stepsPerEpoch)).toEqual(place);
  });
});
