import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { SeededDropout } from '#engine/model/seeded-dropout.ts';
import { Project } from '#engine/project/project.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { follow } from '#test/support/small-training.ts';

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

let project: Project;
let store: RunStore;
let trainer: Trainer;
let idle: number;
let run: RunDetail;

beforeAll(async () => {
  const backend = await loadBackend('tensorflow');
  project = await Project.open(path.join(folder, 'project'));
  const catalogue = await Catalogue.open(project);
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

test('the same seed trains the same network again, dropout and all; another seed another', async () => {
  const [again, other] = [await train({ ...settings, epochs: 1 }), await train({ ...settings, epochs: 1, seed: 2 })];
  // TensorFlow adds in the order its threads finish in: the last digits may differ.
  for (const [place, { loss }] of again.batches.entries()) expect(loss).toBeCloseTo(run.batches[place]!.loss, 3);
  expect(Math.abs(other.batches[4]!.loss - run.batches[4]!.loss)).toBeGreaterThan(0.001);
});

test("dropout's mask on TensorFlow: its share, a new one each step, the same for the same step", () => {
  const mask = (step: number, key = 3) =>
    tf.tidy(() => {
      const layer = new SeededDropout('dropout', 0.25, key);
      const out = layer.apply(tf.ones([100_000]), { training: true, step: tf.scalar(step, 'int32') }) as tf.Tensor;
      return out.dataSync();
    }) as unknown as Float32Array;
  expect(mask(1).filter((x) => x === 0).length / 100_000).toBeCloseTo(0.25, 2);
  expect(mask(1)).toEqual(mask(1));
  expect(mask(2)).not.toEqual(mask(1));
  expect(mask(1, 4)).not.toEqual(mask(1));
  expect(new Set(mask(1))).toEqual(new Set([0, Math.fround(1 / 0.75)]));
});
