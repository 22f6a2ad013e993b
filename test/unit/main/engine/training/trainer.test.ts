import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import { batchesFile, historyFile, runFile, weightsFile } from '#engine/training/run-files.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';
import { follow, settings, smallTraining } from '#test/support/small-training.ts';

const long = { ...settings, epochs: 10_000 };

/** Acts once, when the first batches are told of. */
function onFirstBatches(act: () => unknown) {
  let acted = false;
  return async (event: RunEvent) => {
    if (acted || event.kind !== 'batches') return;
    acted = true;
    await act();
  };
}

test('a run goes through its states, learns, is tested, and is on disk', async () => {
  const { store, trainer, reported } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 15, validation: { amount: { count: 12 }, pick: 'last' } });
  expect(run).toMatchObject({
    state: 'preparing',
    name: 'tutorial-mlp-16 1',
    images: { height: 2, width: 2, channels: 1 },
  });
  const { states, batches, events } = await follow(trainer, run);
  expect([...new Set(states)]).toEqual(['training', 'testing', 'done']);
  expect(batches.map(({ step }) => step)).toEqual(Array.from({ length: 15 * 5 }, (_, place) => place + 1));
  const detail = await store.detail(run.id);
  expect(detail).toMatchObject({
    state: 'done',
    epochsDone: 15,
    test: { count: 12 },
    parameters: 4 * 16 + 16 + 16 * 17 + 51,
  });
  expect(detail.test!.accuracy).toBeGreaterThan(0.9);
  expect(detail.history.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 15 }, (_, place) => place + 1));
  expect(detail.history).toEqual(events.flatMap((event) => (event.kind === 'epoch' ? [event.record] : [])));
  expect(detail.history.at(-1)).toMatchObject({ valLoss: expect.any(Number), valAccuracy: expect.any(Number) });
  expect(new Set(detail.history.map(({ tensors }) => tensors)).size).toBe(1);
  expect(detail.batches).toEqual(batches);
  expect(reported).toEqual([]);
});

test('the weights on disk are those that were tested', async () => {
  const { store, trainer, data } = await smallTraining();
  const run = await trainer.start(settings);
  await follow(trainer, run);
  const { test: tested } = store.get(run.id);
  const before = tf.memory().numTensors;
  const network = await loadRunNetwork(store.get(run.id), store.folder(run.id), data);
  const source = data.source('test')!;
  const right = tf.tidy(() => {
    const bytes = new Uint8Array(source.count * 4);
    source.read(
      Array.from({ length: source.count }, (_, place) => place),
      bytes,
    );
    const logits = network.logits(tf.tensor4d(Float32Array.from(bytes), [source.count, 2, 2, 1]), { training: false });
    return [...logits.argMax(1).dataSync()].filter((label, place) => label === source.labels[place]).length;
  }) as unknown as number;
  expect(right / source.count).toBeCloseTo(tested!.accuracy, 6);
  network.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('one run trains at a time', async () => {
  const { trainer } = await smallTraining();
  const run = await trainer.start(long);
  await expect(trainer.start(settings)).rejects.toMatchObject({ code: 'train/busy', details: { run: run.name } });
});

test('of two runs begun at once one trains, and the other is refused', async () => {
  const { store, trainer } = await smallTraining();
  const begun = await Promise.allSettled([trainer.start(long), trainer.start(long)]);
  expect(begun.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(begun[1]).toMatchObject({ reason: { code: 'train/busy' } });
  expect(store.list()).toHaveLength(1);
});

test('a run that is begun while the project closes is refused', async () => {
  const { store, trainer } = await smallTraining();
  await trainer.close();
  await expect(trainer.start(settings)).rejects.toMatchObject({ code: 'engine/not-ready' });
  expect(store.list()).toEqual([]);
});

test('a paused run stands still, and goes on where it was', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 15 });
  const pause = onFirstBatches(async () => {
    expect(await trainer.pause(run.id)).toMatchObject({ state: 'paused' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const stood = trainer.underWay(run.id)!.progress;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(trainer.underWay(run.id)!.progress).toEqual(stood);
    expect(stood.state).toBe('paused');
    expect(await trainer.resume(run.id)).toMatchObject({ state: 'training' });
  });
  const { batches, states } = await follow(trainer, run, pause);
  expect(states).toContain('paused');
  expect(batches).toHaveLength(15 * 6);
  expect(store.get(run.id)).toMatchObject({ state: 'done', epochsDone: 15 });
});

test.each([
  ['now', 0],
  ['epoch-end', 1],
] as const)('a run stopped %s is tested and keeps its weights', async (when, epochsAtLeast) => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start(long);
  await follow(
    trainer,
    run,
    onFirstBatches(() => trainer.stop(run.id, when)),
  );
  const { state, epochsDone, test: tested, history, batches } = await store.detail(run.id);
  expect({ state, tested: tested?.count }).toEqual({ state: 'stopped', tested: 12 });
  expect(epochsDone).toBeGreaterThanOrEqual(epochsAtLeast);
  expect(history).toHaveLength(epochsDone);
  if (when === 'epoch-end') expect(batches).toHaveLength(6 * epochsDone);
  expect(batches.length).toBeGreaterThan(0);
  await expect(readFile(weightsFile(store.folder(run.id)))).resolves.toBeDefined();
  await expect(trainer.start(settings)).resolves.toMatchObject({ state: 'preparing' });
});

test('a paused run can be stopped', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start(long);
  const pauseAndStop = onFirstBatches(async () => {
    await trainer.pause(run.id);
    await trainer.stop(run.id, 'now');
  });
  await follow(trainer, run, pauseAndStop);
  expect(store.get(run.id).state).toBe('stopped');
});

test('a loss that is no number fails the run and keeps the last weights that are numbers', async () => {
  const { store, trainer, data } = await smallTraining();
  // One batch an epoch: the first update makes weights of 10²⁴, still numbers; with them the next loss is none.
  const steep = { name: 'sgd', learningRate: 1e25 } as const;
  const run = await trainer.start({ ...settings, optimizer: steep, batchSize: 48, epochs: 5 });
  await follow(trainer, run);
  const detail = await store.detail(run.id);
  expect(detail).toMatchObject({ state: 'failed', epochsDone: 1, failure: { code: 'train/not-finite' } });
  expect(detail.history).toHaveLength(1);
  const network = await loadRunNetwork(store.get(run.id), store.folder(run.id), data);
  for (const { variable } of network.variables) expect([...variable.dataSync()].every(Number.isFinite)).toBe(true);
  network.dispose();
});

test('weights that are no numbers are not kept, though the loss before them was one', async () => {
  const { store, trainer } = await smallTraining();
  const steep = { name: 'sgd', learningRate: 1e300 } as const;
  const run = await trainer.start({ ...settings, optimizer: steep, batchSize: 48, epochs: 5 });
  await follow(trainer, run);
  expect(store.get(run.id)).toMatchObject({ state: 'failed', epochsDone: 0, failure: { code: 'train/not-finite' } });
  await expect(readFile(weightsFile(store.folder(run.id)))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('ending the engine interrupts the run and keeps its weights', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start(long);
  await follow(
    trainer,
    run,
    onFirstBatches(() => trainer.close()),
  );
  expect(store.get(run.id)).toMatchObject({ state: 'interrupted' });
  await expect(readFile(weightsFile(store.folder(run.id)))).resolves.toBeDefined();
});

test('a run whose folder vanishes fails, says so, and lets the next one train', async () => {
  const { project, store, trainer, reported } = await smallTraining();
  const run = await trainer.start(long);
  const vanish = () => rename(store.folder(run.id), join(project.trashFolder, 'gone'));
  await follow(trainer, run, onFirstBatches(vanish));
  expect(store.get(run.id)).toMatchObject({ state: 'failed', failure: { code: expect.stringContaining('file/') } });
  expect(reported.length).toBeGreaterThan(0);
  await follow(trainer, await trainer.start(settings));
  expect(store.list()[0]?.state).toBe('done');
});

test('the limits of images and the test split are kept to', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 1, limitTrain: 20, limitTest: 5 });
  const { batches } = await follow(trainer, run);
  expect(batches).toHaveLength(3);
  expect(store.get(run.id).test?.count).toBe(5);
});

test('without a test split a run is done without a test', async () => {
  const data = smallDataSet({ splits: { train: { labels: [0, 1, 2, 0, 1, 2] } } });
  const { store, trainer } = await smallTraining({ data });
  const run = await trainer.start({ ...settings, epochs: 1 });
  await follow(trainer, run);
  expect(store.get(run.id)).toMatchObject({ state: 'done', epochsDone: 1 });
  expect(store.get(run.id).test).toBeUndefined();
});

test.each([
  ['an unknown preset', { preset: 'lenet-6' }, {}, 'model/unknown-preset'],
  [
    'images too small',
    { preset: 'mnist-cnn' },
    { data: smallDataSet({ height: 1, width: 1, splits: { train: { labels: [0] } } }) },
    'model/too-small',
  ],
  ['convolutions without TensorFlow', { preset: 'mnist-cnn' }, {}, 'engine/cannot-train'],
  ['an engine that only predicts', {}, { trains: 'none' as const }, 'engine/cannot-train'],
  ['no training images', {}, { data: smallDataSet({ splits: { test: { labels: [0] } } }) }, 'train/no-images'],
  ['nothing left to train on', { validation: { amount: { count: 48 }, pick: 'last' as const } }, {}, 'train/settings'],
])('%s: refused before anything is made', async (_, change, world, code) => {
  const { store, trainer } = await smallTraining(world);
  await expect(trainer.start({ ...settings, ...change })).rejects.toMatchObject({ code });
  expect(store.list()).toEqual([]);
  expect(trainer.active).toBe(false);
});

test('orders to a run that has ended change nothing; to one that is unknown they fail', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 1 });
  await follow(trainer, run);
  const ended = store.get(run.id);
  expect([await trainer.pause(run.id), await trainer.resume(run.id), await trainer.stop(run.id, 'now')]).toEqual([
    ended,
    ended,
    ended,
  ]);
  expect((await follow(trainer, run)).events).toEqual([]);
  await expect(trainer.pause('nothing')).rejects.toMatchObject({ code: 'run/unknown' });
  expect(() => trainer.watch('nothing', undefined)).toThrow(expect.objectContaining({ code: 'run/unknown' }));
});

test('a run renamed while it trains keeps its name', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 20 });
  await follow(
    trainer,
    run,
    onFirstBatches(() => store.change(run.id, { name: 'Mine' })),
  );
  expect(store.get(run.id)).toMatchObject({ name: 'Mine', state: 'done', epochsDone: 20 });
  expect(JSON.parse(await readFile(runFile(store.folder(run.id)), 'utf8'))).toMatchObject({ name: 'Mine' });
});

test('files of a run hold one line an epoch and one a batch', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start(settings);
  await follow(trainer, run);
  const lines = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n').length;
  expect(await lines(historyFile(store.folder(run.id)))).toBe(3);
  expect(await lines(batchesFile(store.folder(run.id)))).toBe(18);
});
