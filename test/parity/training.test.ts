import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { firstImages } from '#engine/data/split.ts';
import { SeededDropout } from '#engine/model/seeded-dropout.ts';
import { Project } from '#engine/project/project.ts';
import { loadRunNetwork } from '#engine/training/run-network.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';
import { follow, smallTraining } from '#test/support/small-training.ts';

// The book's network with its dropout on 600 images of MNIST, on real TensorFlow.
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-training-'));
const settings: TrainingSettings = {
  dataset: 'mnist',
  preset: 'mnist-cnn',
  epochs: 3,
  batchSize: 64,
  optimizer: { name: 'adam', learningRate: 0.001 },
  seed: 1,
  validation: { amount: { count: 100 }, pick: 'stratified' },
  limitTrain: 600,
  limitTest: 200,
};

let backend: Backend;
let project: Project;
let catalogue: Catalogue;
let store: RunStore;
let trainer: Trainer;
let idle: number;
let run: RunDetail;

beforeAll(async () => {
  backend = await loadBackend('tensorflow');
  project = await Project.open(path.join(folder, 'project'));
  catalogue = await Catalogue.open(project);
  store = await RunStore.open(project);
  const report = (thrown: unknown) => {
    throw thrown;
  };
  trainer = new Trainer({ store, backend, dataset: (id) => catalogue.get(id), busy: () => () => undefined, report });
  idle = tf.memory().numTensors;
  run = await train(settings);
});
afterAll(async () => {
  await trainer.close();
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

async function train(chosen: TrainingSettings): Promise<RunDetail> {
  const started = await trainer.start(chosen);
  await follow(trainer, started);
  return store.detail(started.id);
}

test('three epochs learn', () => {
  expect(run).toMatchObject({ state: 'done', epochsDone: 3, test: { count: 200 } });
  expect(run.batches).toHaveLength(3 * 8);
  expect(run.history[0]!.loss).toBeLessThan(2.3); // ln 10 is what guessing gives
  expect(run.history[2]!.loss).toBeLessThan(0.5 * run.history[0]!.loss);
  expect(run.history[2]!.valAccuracy).toBeGreaterThan(0.75);
  expect(run.test!.accuracy).toBeGreaterThan(0.75);
});

test('the count of tensors is the same at the end of every epoch, and after the run what it was before', () => {
  expect(new Set(run.history.map(({ tensors }) => tensors)).size).toBe(1);
  expect(tf.memory().numTensors).toBe(idle);
});

test('memory is level: five epochs hold no more than two', async () => {
  const { history } = await train({ ...settings, epochs: 5 });
  expect(history[4]!.memory / history[1]!.memory).toBeLessThan(1.05);
});

test('the same seed trains the same network again, dropout and all; another seed another', async () => {
  const once = { ...settings, epochs: 1 };
  const [one, again, other] = [await train(once), await train(once), await train({ ...once, seed: 2 })];
  if (backend.status().device.kind === 'cpu') {
    expect(again.revision).toBe(one.revision); // the hash of the weights: equal to the bit
    expect(again.batches).toEqual(one.batches);
  }
  // A GPU adds in the order its threads finish in: the last digits may differ.
  for (const [place, { loss }] of again.batches.entries()) expect(loss).toBeCloseTo(one.batches[place]!.loss, 3);
  expect(other.revision).not.toBe(one.revision);
  expect(Math.abs(other.batches[4]!.loss - one.batches[4]!.loss)).toBeGreaterThan(0.001);
});

test('a run is told of in order: its state, then batches, then the epoch they make', async () => {
  const started = await trainer.start({ ...settings, epochs: 2 });
  const { events, states } = await follow(trainer, started);
  expect([...new Set(states)]).toEqual(['training', 'testing', 'done']);
  const steps: number[] = [];
  const stepsAtEpoch: number[] = [];
  for (const event of events) {
    if (event.kind === 'batches') steps.push(...event.batches.map(({ step }) => step));
    if (event.kind === 'epoch') stepsAtEpoch.push(steps.length);
  }
  expect(steps).toEqual(Array.from({ length: 16 }, (_, place) => place + 1));
  expect(stepsAtEpoch).toEqual([8, 16]);
});

test('pausing and going on changes nothing of what is learned', async () => {
  const straight = await train({ ...settings, epochs: 1 });
  const started = await trainer.start({ ...settings, epochs: 1 });
  let paused = false;
  const { states } = await follow(trainer, started, async (event) => {
    if (paused || event.kind !== 'batches') return;
    paused = true;
    expect(await trainer.pause(started.id)).toMatchObject({ state: 'paused' });
    await setTimeout(200);
    const { batch } = trainer.underWay(started.id)!.progress;
    await setTimeout(200);
    expect(trainer.underWay(started.id)!.progress.batch).toBe(batch);
    await trainer.resume(started.id);
  });
  expect(states).toContain('paused');
  const resumed = await store.detail(started.id);
  expect(resumed.batches).toHaveLength(8);
  expect(resumed.batches.at(-1)!.loss).toBeCloseTo(straight.batches.at(-1)!.loss, 3);
});

test.each(['now', 'epoch-end'] as const)(
  'stopped %s, a run keeps its weights, is tested and can be loaded',
  async (when) => {
    const started = await trainer.start({ ...settings, epochs: 100 });
    await follow(trainer, started, (event) => event.kind === 'batches' && trainer.stop(started.id, when));
    const { state, test: tested, batches, history } = await store.detail(started.id);
    expect({ state, tested: tested?.count }).toEqual({ state: 'stopped', tested: 200 });
    expect(batches.length).toBeLessThanOrEqual(when === 'now' ? 7 : 8);
    expect(history).toHaveLength(when === 'now' ? 0 : 1);
    expect(await measured(started.id)).toBeCloseTo(tested!.accuracy, 6);
    expect(tf.memory().numTensors).toBe(idle);
  },
);

test('a run read from disk in another opening of the project is the network that was tested', async () => {
  const again = await RunStore.open(project);
  expect(again.get(run.id)).toMatchObject({ state: 'done', revision: run.revision, test: run.test });
  expect(await measured(run.id)).toBeCloseTo(run.test!.accuracy, 6);
});

test.each(['mnist-cnn', 'tutorial-cnn', 'tutorial-mlp-raw'])(
  '%s trains on colour images of another shape, with other classes',
  async (preset) => {
    const labels = Array.from({ length: 10 }, (_, index) => index % 7);
    const shape = { height: 18, width: 21, channels: 3, classes: 7 };
    const data = smallDataSet({ ...shape, splits: { train: { labels }, test: { labels } } });
    const small = await smallTraining({ backend, data });
    const started = await small.trainer.start({
      ...settings,
      preset,
      epochs: 2,
      batchSize: 4,
      limitTrain: 10,
      validation: { amount: { fraction: 0.2 }, pick: 'last' },
    });
    await follow(small.trainer, started);
    expect(small.store.get(started.id)).toMatchObject({ state: 'done', epochsDone: 2, images: { channels: 3 } });
    const network = await loadRunNetwork(small.store.get(started.id), small.store.folder(started.id), data);
    expect(network.layers.outputs[0]!.shape).toEqual([null, 7]);
    network.dispose();
    expect(tf.memory().numTensors).toBe(idle);
  },
);

/** Accuracy of the run's weights on disk on its test images. */
async function measured(id: string): Promise<number> {
  const images = await catalogue.get('mnist');
  const network = await loadRunNetwork(store.get(id), store.folder(id), images);
  const source = images.source('test')!;
  const pixels = new Uint8Array(200 * 28 * 28);
  source.read(firstImages(source.labels, 200), pixels);
  const right = tf.tidy(() => {
    const logits = network.logits(tf.tensor4d(Float32Array.from(pixels), [200, 28, 28, 1]), { training: false });
    return [...logits.argMax(1).dataSync()].filter((label, place) => label === source.labels[place]).length;
  }) as unknown as number;
  network.dispose();
  return right / 200;
}

test("dropout's masks on TensorFlow: two hundred steps, no two alike, the share within three sigma", () => {
  const [rate, size] = [0.25, 10_000];
  const mask = (step: number, key = 3) =>
    tf.tidy(() => {
      const layer = new SeededDropout('dropout', rate, key);
      const out = layer.apply(tf.ones([size]), { training: true, step: tf.scalar(step, 'int32') }) as tf.Tensor;
      return out.dataSync();
    }) as unknown as Float32Array;
  const masks = Array.from({ length: 200 }, (_, step) => mask(step + 1));
  expect(new Set(masks.map((values) => values.join())).size).toBe(200);
  const zeros = masks.map((values) => values.filter((x) => x === 0).length);
  const sigma = Math.sqrt(200 * size * rate * (1 - rate));
  expect(Math.abs(zeros.reduce((sum, count) => sum + count, 0) - 200 * size * rate)).toBeLessThan(3 * sigma);
  expect(new Set(masks.flatMap((values) => [...new Set(values)]))).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  expect(mask(1)).toEqual(mask(1));
  expect(mask(1, 4)).not.toEqual(mask(1));
});
