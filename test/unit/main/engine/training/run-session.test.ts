import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent, TrainingSettings } from '#contract/training.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { weightsFile } from '#engine/training/run-files.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';
import { brightness, follow, settings, smallTraining } from '#test/support/small-training.ts';

const once = (act: () => unknown, when: (event: RunEvent) => boolean) => {
  let done = false;
  return async (event: RunEvent) => {
    if (done || !when(event)) return;
    done = true;
    await act();
  };
};
const firstBatch = (event: RunEvent) => event.kind === 'batches';

test('a pause counts neither as training time nor for the time left', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 2 });
  let left: number | null | undefined;
  const pause = async () => {
    await trainer.pause(run.id);
    await setTimeout(1500);
    await trainer.resume(run.id);
  };
  const pauseOnce = once(pause, firstBatch);
  await follow(trainer, run, async (event) => {
    await pauseOnce(event);
    if (event.kind === 'batches') left = event.progress.secondsLeft;
  });
  const { history } = await store.detail(run.id);
  expect(history[0]!.seconds).toBeLessThan(1.2);
  expect(history[0]!.imagesPerSecond).toBeGreaterThan(48 / 1.2);
  expect(left).toBeLessThan(1);
});

test('a run can be paused in its last validation, and is then tested', async () => {
  const { store, trainer } = await smallTraining({ data: brightness(4000) });
  const validation = { amount: { count: 3992 }, pick: 'last' } as const;
  const run = await trainer.start({ ...settings, epochs: 1, validation });
  const pause = async () => {
    expect(await trainer.pause(run.id)).toMatchObject({ state: 'paused' });
    await setTimeout(50);
    expect(store.get(run.id)).toMatchObject({ state: 'paused', epochsDone: 0 });
    await trainer.resume(run.id);
  };
  const { states } = await follow(trainer, run, once(pause, firstBatch));
  expect([...new Set(states)]).toEqual(['training', 'paused', 'testing', 'done']);
});

test('a run that is being tested is neither paused nor set back', async () => {
  const { store, trainer } = await smallTraining({ data: brightness(48, 3000) });
  const run = await trainer.start({ ...settings, epochs: 1 });
  const { states } = await follow(trainer, run, async (event) => {
    if (event.kind !== 'run' || event.run.state !== 'testing') return;
    await trainer.pause(run.id);
    await trainer.resume(run.id);
  });
  expect([...new Set(states)]).toEqual(['training', 'testing', 'done']);
  expect(store.get(run.id).test?.count).toBe(3000);
});

test('stopped at the end of its last epoch, a run is done like any other', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 1 });
  await follow(
    trainer,
    run,
    once(() => trainer.stop(run.id, 'epoch-end'), firstBatch),
  );
  expect(store.get(run.id)).toMatchObject({ state: 'done', epochsDone: 1 });
});

test('closing the project ends a long validation, and keeps the weights', async () => {
  const { store, trainer } = await smallTraining({ data: brightness(4000) });
  const validation = { amount: { count: 3992 }, pick: 'last' } as const;
  const run = await trainer.start({ ...settings, epochs: 100, validation });
  await follow(
    trainer,
    run,
    once(() => trainer.close(), firstBatch),
  );
  const { state, history, epochsDone } = await store.detail(run.id);
  expect({ state, epochsDone, history }).toEqual({ state: 'interrupted', epochsDone: 0, history: [] });
  await expect(readFile(weightsFile(store.folder(run.id)))).resolves.toBeDefined();
});

test('a stop that comes while the project closes leaves the run interrupted', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 10_000 });
  const both = () => Promise.all([trainer.close(), setTimeout(0).then(() => trainer.stop(run.id, 'now'))]);
  await follow(trainer, run, once(both, firstBatch));
  expect(store.get(run.id)).toMatchObject({ state: 'interrupted' });
});

test('a run that trains is not thrown away', async () => {
  const { store, trainer } = await smallTraining();
  const run = await trainer.start({ ...settings, epochs: 10_000 });
  await expect(store.discard(run.id)).rejects.toMatchObject({ code: 'run/active' });
});

test.each<[string, Partial<TrainingSettings>, Parameters<typeof smallDataSet>[0], number]>([
  ['one image', {}, { splits: { train: { labels: [1] } } }, 1],
  ['a batch far larger than the set', { batchSize: 65_536 }, { splits: { train: { labels: [0, 1, 2, 0] } } }, 1],
  [
    'colour images of another shape with more classes',
    {},
    { height: 3, width: 5, channels: 3, classes: 12, splits: { train: { labels: [11, 1, 2, 0] } } },
    1,
  ],
  [
    'validation cut off the limited images, larger than a batch',
    { limitTrain: 20, batchSize: 3, validation: { amount: { fraction: 0.5 }, pick: 'stratified' } },
    { splits: { train: { labels: Array.from({ length: 40 }, (_, i) => i % 3) } } },
    4,
  ],
])('%s: trained, and its weights are read again', async (_, change, small, batches) => {
  const data = smallDataSet(small);
  const { store, trainer } = await smallTraining({ data });
  const run = await trainer.start({ ...settings, epochs: 1, ...change });
  expect(run.dataHash).toBe(data.summary.hash);
  const before = tf.memory().numTensors;
  const heard = await follow(trainer, run);
  expect(heard.batches).toHaveLength(batches);
  expect(store.get(run.id)).toMatchObject({ state: 'done', epochsDone: 1 });
  const network = await loadRunNetwork(store.get(run.id), store.folder(run.id), data);
  expect(network.parameters).toBe(run.parameters);
  network.dispose();
  expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
});

test('predictions on WebAssembly between the steps change nothing of what is learned', async () => {
  const backend = await loadBackend('js');
  expect(backend).toMatchObject({ name: 'wasm', trains: 'small' });
  const { store, trainer } = await smallTraining({ backend });
  const train = async () => {
    const run = await trainer.start({ ...settings, epochs: 5 });
    await follow(trainer, run);
    return store.get(run.id).revision;
  };
  const alone = await train();
  let turns = 0;
  const predicting = setInterval(() => (turns++, void backend.use('prediction')), 0);
  onTestFinished(() => clearInterval(predicting));
  expect(await train()).toBe(alone);
  expect(turns).toBeGreaterThan(3);
});
