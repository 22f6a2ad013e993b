import { afterEach, describe, expect, test } from 'vitest';
import { augmentation } from '#contract/augmentation.ts';
import type { ImageSource } from '#engine/data/data-set.ts';
import { MemorySource } from '#engine/data/memory-source.ts';
import { BatchLoader } from '#engine/data/loader/batch-loader.ts';
import { ascending, generator, permutation } from '#engine/data/random.ts';

const count = 43;
const shape = { height: 9, width: 12, channels: 3 };
const bytes = shape.height * shape.width * shape.channels;
const settings = augmentation.parse({
  ops: [
    { op: 'rotation', degrees: 20 },
    { op: 'zoom', low: 0.8, high: 1.2 },
    { op: 'flip-left-right' },
    { op: 'hue', delta: 0.1 },
    { op: 'random-crop', padding: 2, probability: 0.7 },
  ],
});

function images(): MemorySource {
  const next = generator(5);
  const pixels = new Uint8Array(new SharedArrayBuffer(count * bytes)).map(() => next() & 255);
  const shared = new Uint8Array(new SharedArrayBuffer(pixels.length));
  shared.set(pixels);
  return new MemorySource(shared, Uint16Array.from(ascending(count)));
}

const open: BatchLoader[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((loader) => loader.dispose()));
});

function loaderOf(threads: number, { source = images() as ImageSource, size = 4 } = {}): BatchLoader {
  const loader = new BatchLoader({ images: shape, source, size, ahead: 3, threads, augment: { settings, seed: 3 } });
  open.push(loader);
  return loader;
}

/** Each image's pixels by its index. */
async function read(loader: BatchLoader, order: Uint32Array, pass?: number): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for await (const batch of loader.batches(order, 0, pass)) {
    batch.labels.forEach((index, at) => {
      found.set(index, Buffer.from(batch.pixels.subarray(at * bytes, (at + 1) * bytes)).toString('base64'));
    });
  }
  return found;
}

const order = permutation(count, 3, 2);

describe('images are the same in a pass', () => {
  test('with 0, 1, 2 and 4 threads', async () => {
    const inline = await read(loaderOf(0), order, 2);
    for (const threads of [1, 2, 4]) expect(await read(loaderOf(threads), order, 2)).toEqual(inline);
  });

  test('in another order, in batches of another size, and from the middle of it', async () => {
    const whole = await read(loaderOf(0), order, 2);
    expect(await read(loaderOf(2, { size: 5 }), ascending(count), 2)).toEqual(whole);
    const rest = order.subarray(24);
    const wanted = new Map([...rest].map((index) => [index, whole.get(index)]));
    expect(await read(loaderOf(2), rest, 2)).toEqual(wanted);
  });

  test('and where only this thread has them', async () => {
    const { count: n, labels } = images();
    const source: ImageSource = { count: n, labels, read: (indices, into) => images().read(indices, into) };
    expect(await read(loaderOf(2, { source }), order, 1)).toEqual(await read(loaderOf(2), order, 1));
  });
});

test('another pass has others, and pass 0 the images as they are', async () => {
  const loader = loaderOf(2);
  const [first, second] = [await read(loader, order, 1), await read(loader, order, 2)];
  const same = [...first].filter(([index, pixels]) => second.get(index) === pixels);
  expect(same).toHaveLength(0);
  const plain = await read(loader, order);
  const { pixels } = images();
  expect(plain.get(7)).toBe(Buffer.from(pixels.subarray(7 * bytes, 8 * bytes)).toString('base64'));
  expect(await read(loader, order, 1)).toEqual(first);
});
