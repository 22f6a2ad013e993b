import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { tf } from '#engine/backend/tensors.ts';
import { permutation } from '#engine/data/random.ts';
import { buildNetwork } from '#engine/model/network.ts';
import { Batches } from '#engine/training/batches.ts';
import { measure, trainingLoop, type LoopEvent, type LoopParts } from '#engine/training/loop.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { brightness } from '#test/support/small-training.ts';

beforeAll(() => tf.setBackend('cpu'));

/** 30 images for training in batches of 8, 10 for validation. */
function world(change: Partial<LoopParts> & { learningRate?: number } = {}) {
  const data = brightness(40);
  const network = buildNetwork('tutorial-mlp-16', { height: 2, width: 2, channels: 1, classes: 3 }, 1);
  const { learningRate = 0.02, ...parts } = change;
  const optimizer = makeOptimizer({ name: 'sgd', learningRate }, network.variables);
  onTestFinished(() => {
    optimizer.dispose();
    network.dispose();
  });
  const source = data.source('train')!;
  const read: number[] = [];
  const heard = {
    ...source,
    labels: source.labels,
    count: source.count,
    read: (indices: ArrayLike<number>, into: Uint8Array) => {
      read.push(...Array.from(indices));
      source.read(indices, into);
    },
  };
  const indices = Uint32Array.from({ length: 40 }, (_, place) => place);
  const loop: LoopParts = {
    network,
    optimizer,
    batches: new Batches(data, heard, 8),
    train: indices.subarray(0, 30),
    validation: indices.subarray(30),
    epochs: 2,
    seed: 5,
    ready: () => Promise.resolve(),
    busy: () => () => undefined,
    ...parts,
  };
  return { loop, read };
}

async function all(loop: LoopParts): Promise<LoopEvent[]> {
  const events: LoopEvent[] = [];
  for await (const event of trainingLoop(loop)) events.push(event);
  return events;
}

test('an epoch is its batches, its validation and its figures', async () => {
  const events = await all(world().loop);
  const kinds = events.map((event) => (event.kind === 'batch' ? event.images : event.kind));
  const epoch = [8, 8, 8, 6, 'validating', 'validating', 'epoch'];
  expect(kinds).toEqual([...epoch, ...epoch]);
  const batches = events.flatMap((event) => (event.kind === 'batch' ? [event.record] : []));
  expect(batches.map(({ step, epoch, batch, batches: of }) => [step, epoch, batch, of])).toEqual(
    Array.from({ length: 8 }, (_, place) => [place + 1, place < 4 ? 1 : 2, (place % 4) + 1, 4]),
  );
});

test('each epoch sees every image once, in the order of seed and epoch', async () => {
  const { loop, read } = world({ validation: new Uint32Array(0) });
  await all(loop);
  expect(read).toEqual([...permutation(30, 5, 1), ...permutation(30, 5, 2)]);
  expect(read.slice(0, 30)).not.toEqual(read.slice(30));
});

test("figures of an epoch are means over its images, the short batch counting for what it is, as Keras' are", async () => {
  const events = await all(world().loop);
  const batches = events.slice(0, 4).flatMap((event) => (event.kind === 'batch' ? [event] : []));
  const mean = (of: 'loss' | 'accuracy') =>
    batches.reduce((sum, { record, images }) => sum + record[of] * images, 0) / 30;
  expect(events[6]).toMatchObject({
    kind: 'epoch',
    epoch: 1,
    train: { loss: mean('loss'), accuracy: mean('accuracy') },
  });
  expect(batches[3]!.running).toEqual({ loss: mean('loss'), accuracy: mean('accuracy') });
});

test('validation is measured with the weights at the end of the epoch', async () => {
  const { loop } = world({ epochs: 1 });
  const events = await all(loop);
  const measuring = measure(loop.network, loop.batches, loop.validation, loop.busy);
  let step = await measuring.next();
  while (!step.done) step = await measuring.next();
  expect(events.at(-1)).toMatchObject({ validation: step.value });
});

test('without validation there is none', async () => {
  const events = await all(world({ validation: new Uint32Array(0) }).loop);
  expect(events.at(-1)).toMatchObject({ kind: 'epoch', validation: null });
  expect(events.some(({ kind }) => kind === 'validating')).toBe(false);
});

test('the loss goes down', async () => {
  const events = await all(world({ epochs: 12, learningRate: 0.3 }).loop);
  const losses = events.flatMap((event) => (event.kind === 'epoch' ? [event.train.loss] : []));
  expect(losses.at(-1)).toBeLessThan(0.6 * losses[0]!);
});

test('a seed trains the same network again', async () => {
  expect(await all(world().loop)).toEqual(await all(world().loop));
  expect(await all(world({ seed: 6 }).loop)).not.toEqual(await all(world().loop));
});

test('leaving the loop ends it between two batches, and not reading it stops it', async () => {
  const { loop, read } = world();
  const training = trainingLoop(loop);
  await training.next();
  await training.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(read).toHaveLength(16);
  await training.return();
  expect((await training.next()).done).toBe(true);
  expect(read).toHaveLength(16);
});

test('the event loop turns between batches', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  onTestFinished(() => clearInterval(timer));
  await all(world({ epochs: 10 }).loop);
  expect(turns).toBeGreaterThan(5);
});

test('a loss that is no number ends the loop at its batch, and says that the call is over', async () => {
  let busy = 0;
  const { loop } = world({ learningRate: 1e30, busy: () => (busy++, () => busy--) });
  const events: LoopEvent[] = [];
  await expect(
    (async () => {
      for await (const event of trainingLoop(loop)) events.push(event);
    })(),
  ).rejects.toMatchObject({ code: 'train/not-finite', message: expect.stringMatching(/in epoch 1, batch [23]\.$/) });
  expect(events.length).toBeGreaterThan(0);
  expect(events.every((event) => event.kind === 'batch' && Number.isFinite(event.record.loss))).toBe(true);
  expect(busy).toBe(0);
});

test('weights lost in the last step of an epoch show in its validation', async () => {
  const train = Uint32Array.of(0, 1, 2, 3);
  const failing = all(world({ learningRate: 1e30, train }).loop);
  await expect(failing).rejects.toMatchObject({
    code: 'train/not-finite',
    message: expect.stringContaining('not train on'),
  });
});

test('tensors stay level from batch to batch', async () => {
  const { loop } = world({ epochs: 3 });
  const counts = new Set<number>();
  for await (const _ of trainingLoop(loop)) counts.add(tf.memory().numTensors);
  expect(counts.size).toBe(1);
});
