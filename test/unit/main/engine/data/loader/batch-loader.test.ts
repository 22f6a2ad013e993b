import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { MemorySource } from '#engine/data/memory-source.ts';
import { MemoryDataSet } from '#test/support/memory-data-set.ts';
import type { ImageSource } from '#engine/data/data-set.ts';
import { BatchLoader, type LoadedBatch, type LoaderParts } from '#engine/data/loader/batch-loader.ts';
import { SelectedSource } from '#engine/data/selected-source.ts';
import { permutation } from '#engine/data/random.ts';

const worker = (name: string) => path.resolve(import.meta.dirname, '../../../../../support', `${name}.ts`);
const count = 57;
const [height, width, channels] = [3, 2, 3];
const bytes = height * width * channels;

/** Image i has the bytes i, i + 1, …; its label is i + 1000, its weight i / 8. */
function images(): MemorySource {
  const pixels = new Uint8Array(new SharedArrayBuffer(count * bytes));
  for (let at = 0; at < pixels.length; at++) pixels[at] = Math.floor(at / bytes) + (at % bytes);
  const labels = Uint16Array.from({ length: count }, (_, index) => index + 1000);
  return new MemorySource(pixels, labels);
}
const weights = Float32Array.from({ length: count }, (_, index) => index / 8);
const order = permutation(count, 3, 1);

const open: BatchLoader[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((loader) => loader.dispose()));
});

function loaderOf(parts: Partial<LoaderParts>): BatchLoader {
  const given = { images: { height, width, channels }, source: images(), size: 5, ahead: 3, threads: 2, ...parts };
  const loader = new BatchLoader(given);
  open.push(loader);
  return loader;
}

const copy = (batch: LoadedBatch) => ({ ...batch, pixels: [...batch.pixels], labels: [...batch.labels] });

async function all(loader: BatchLoader, from = 0, wanted = order) {
  const read: ReturnType<typeof copy>[] = [];
  for await (const batch of loader.batches(wanted, from)) read.push(copy(batch));
  return read;
}

/** What a batch must hold, said without the loader. */
function expected(indices: Uint32Array) {
  return {
    images: indices.length,
    pixels: [...indices].flatMap((index) => Array.from({ length: bytes }, (_, at) => index + at)),
    labels: [...indices].map((index) => index + 1000),
    weights: Float32Array.from(indices, (index) => index / 8),
  };
}
const expectedAll = Array.from({ length: 12 }, (_, place) => expected(order.subarray(place * 5, place * 5 + 5)));

describe.each([
  [0, 3],
  [1, 3],
  [2, 3],
  [4, 3],
  [4, 1],
  [2, 0],
])('with %i threads, %i batches ahead', (threads, ahead) => {
  test('the batches are those of the order, however late each thread is', async () => {
    const loader = loaderOf({ threads, ahead, weights, worker: worker('slow-batch-worker') });
    expect(await all(loader)).toEqual(expectedAll);
    expect(await all(loader, 10)).toEqual(expectedAll.slice(10));
    expect(await all(loader, 12)).toEqual([]);
  });

  test('leaving in the middle does not spoil what is read next, nor does another reader between', async () => {
    const loader = loaderOf({ threads, ahead, weights, worker: worker('slow-batch-worker') });
    for await (const batch of loader.batches(order, 0)) if (batch.labels[0] === expectedAll[2]?.labels[0]) break;
    const interrupted = loader.batches(order, 0);
    const first = await interrupted.next();
    expect(copy(first.value as LoadedBatch)).toEqual(expectedAll[0]);
    const other = order.slice().reverse();
    expect((await all(loader, 0, other))[1]).toEqual(expected(other.subarray(5, 10)));
    const second = await interrupted.next();
    expect(copy(second.value as LoadedBatch)).toEqual(expectedAll[1]);
    await interrupted.return();
  });
});

test('the threads’ own program reads the same', async () => {
  expect(await all(loaderOf({ weights }))).toEqual(expectedAll);
});

test('without weights there are none, and images that only this thread has are read on it', async () => {
  const { count: n, labels, ...rest } = images();
  const read: ImageSource['read'] = (indices, into) => images().read(indices, into);
  const source: ImageSource = { ...rest, count: n, labels, read };
  const [first] = await all(loaderOf({ source, worker: '/no/such/file' }));
  expect(first).toEqual({ ...expectedAll[0], weights: undefined });
});

test('images left out by hand are left out in the threads too', async () => {
  // Images 0 and 3 are left out, image 1 has another label.
  const source = new SelectedSource([images()], Uint32Array.of(1, 2, 4), Uint16Array.of(7, 1002, 1004));
  const [batch] = await all(loaderOf({ source }), 0, Uint32Array.of(0, 1, 2));
  expect(batch?.pixels.filter((_, at) => at % bytes === 0)).toEqual([1, 2, 4]);
  expect(batch?.labels).toEqual([7, 1002, 1004]);
});

// Again where the threads had no core to read ahead on in that time.
test('batches are read ahead while one is worked on, and no more than was said', { retry: 2 }, async () => {
  const source = images();
  const loader = loaderOf({ source, ahead: 2 });
  const reading = loader.batches(order, 0);
  await reading.next();
  await after(300);
  // What was read ahead has the old bytes, what was not has the new ones.
  source.pixels.fill(255);
  const fresh: boolean[] = [];
  for await (const batch of reading) fresh.push(batch.pixels.every((byte) => byte === 255));
  expect(fresh.slice(0, 4)).toEqual([false, false, true, true]);
});

test('an image that is not there is a fault of ours, said with its number', async () => {
  for (const threads of [0, 2]) {
    await expect(all(loaderOf({ threads }), 0, Uint32Array.of(1, 57))).rejects.toThrow(
      'There is no image 57 among 57.',
    );
  }
});

describe('when a thread cannot', () => {
  const fragile = (deaths: number) => {
    const source = images();
    source.pixels[source.pixels.length - 1] = deaths;
    return loaderOf({ source, threads: 2, size: 1, worker: worker('dying-batch-worker') });
  };
  const labels = async (loader: BatchLoader, wanted: number[]) =>
    (await all(loader, 0, Uint32Array.from(wanted))).flatMap((batch) => batch.labels);

  test('a reading that fails is said where its batch would be, and the next order is read', async () => {
    const loader = fragile(0);
    const reading = loader.batches(Uint32Array.of(3, 20, 4), 0);
    expect((await reading.next()).value).toMatchObject({ images: 1 });
    await expect(reading.next()).rejects.toThrow('image 20 is torn');
    expect(await labels(loader, [5, 6])).toEqual([1005, 1006]);
  });

  test('another takes the place of the first that dies: nothing is lost or read twice', async () => {
    const wanted = [1, 2, 21, 4, 5, 6, 7, 8];
    expect(await labels(fragile(1), wanted)).toEqual(wanted.map((index) => 1000 + index));
  });

  test('the second death ends it, with the cause', async () => {
    await expect(labels(fragile(9), [1, 21, 2])).rejects.toMatchObject({
      code: 'data/reader-died',
      details: { reason: 'a weakness of the heart' },
    });
  });

  test('a program that is not there is a cause too', async () => {
    await expect(all(loaderOf({ worker: '/no/such/worker.cjs' }))).rejects.toMatchObject({ code: 'data/reader-died' });
  });
});

test('disposing ends what waits, and the threads', async () => {
  const source = images();
  source.pixels[source.pixels.length - 1] = 1;
  const loader = loaderOf({ source, worker: worker('slow-batch-worker') });
  const waiting = loader.batches(order, 0).next();
  await loader.dispose();
  await expect(waiting).rejects.toMatchObject({ code: 'call/cancelled' });
  expect(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort')).toHaveLength(0);
});

test('a data set read from IDX files is one that threads share', () => {
  const summary = { height, width, channels, classes: [] } as never;
  expect(new MemoryDataSet(summary, new Map([['train', images()]])).source('train')?.shared?.kind).toBe('memory');
  expect(new MemorySource(new Uint8Array(4), new Uint16Array(1)).shared).toBeUndefined();
});
