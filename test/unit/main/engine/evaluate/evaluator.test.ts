import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EvaluationReport } from '#contract/evaluation.ts';
import { optimizerDefaults, type RunSummary, type TrainingSettings } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import { Evaluator, type Which } from '#engine/evaluate/evaluator.ts';
import type { Trained } from '#engine/predict/trained.ts';
import { weightsHash } from '#engine/predict/weights.ts';
import type { Network } from '#engine/model/network.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-evaluator-'));
const weights = path.join(folder, 'checkpoints', 'last.safetensors');
beforeAll(async () => {
  await tf.setBackend('cpu');
  mkdirSync(path.dirname(weights));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(path.join(folder, 'evaluation'), { recursive: true, force: true });
  writeFileSync(weights, 'weights');
});

/** Images of one pixel; the network says class 1 above 127. */
function source(levels: readonly number[], labels: readonly number[]): ImageSource {
  return {
    count: levels.length,
    labels: Uint16Array.from(labels),
    read: (indices, into) => into.set(Array.from(indices, (index) => levels[index] ?? 0)),
  };
}

function world({ images = 5, hash = 'h', settings = {} as Partial<TrainingSettings> } = {}) {
  const levels = Array.from({ length: images }, (_, i) => (i * 51) % 256);
  const labels = levels.map((level, i) => (i === 1 ? 1 : Number(level > 127)));
  const sources = { train: source(levels, labels), test: source(levels, labels) };
  const data = {
    summary: { id: 'd', name: 'D', hash },
    height: 1,
    width: 1,
    channels: 1,
    classes: ['dark', 'light'],
    source: (split: string) => sources[split as 'train' | 'test'],
  } as unknown as DataSet;
  const run = {
    id: 'r',
    classes: ['dark', 'light'],
    settings: {
      dataset: 'd',
      seed: 1,
      validation: { amount: 'none', pick: 'last' },
      optimizer: optimizerDefaults.adam,
      ...settings,
    },
  } as RunSummary;
  let alive = 0;
  const network = (): Network => {
    alive++;
    return {
      layers: { inputs: [{ shape: [null, 1, 1, 1] }] },
      logits: (pixels: tf.Tensor4D) =>
        tf.tidy(() => tf.concat([tf.zerosLike(pixels), pixels.sub(127)], 3).reshape([-1, 2])),
      dispose: () => void alive--,
    } as unknown as Network;
  };
  const trained: Trained = {
    summary: () => Promise.resolve(run),
    folder: () => folder,
    revision: (id) => weightsHash(id, folder),
    network: () => Promise.resolve(network()),
    dataset: () => Promise.resolve(data),
    ready: () => Promise.resolve(),
  };
  return { evaluator: new Evaluator(trained), alive: () => alive };
}

async function measure(evaluator: Evaluator, which: Partial<Which> = {}, signal?: AbortSignal) {
  const stream = evaluator.measure({ run: 'r', split: 'test', ...which }, signal);
  const progress = [];
  for (;;) {
    const step = await stream.next();
    if (step.done) return { report: step.value, progress };
    progress.push(step.value);
  }
}

const which: Which = { run: 'r', split: 'test' };

test('measures, keeps, and answers what it kept after a restart', async () => {
  const { evaluator, alive } = world();
  expect(await evaluator.kept(which)).toBeNull();
  const tensors = tf.memory().numTensors;
  const { report, progress } = await measure(evaluator);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(alive()).toBe(0);
  expect(report).toMatchObject({
    count: 5,
    accuracy: 0.8,
    confusion: {
      classes: 2,
      cells: [
        [0, 0, 2],
        [1, 0, 1],
        [1, 1, 2],
      ],
    },
  });
  expect(progress[0]).toEqual({ done: 0, total: 5, secondsLeft: null });
  expect(progress.at(-1)).toMatchObject({ done: 5, total: 5, secondsLeft: 0 });
  const again = world().evaluator;
  expect(await again.kept(which)).toEqual(report);
  const predictions = await again.predictions('r', 'd', 'test');
  expect([...predictions!.predicted]).toEqual([0, 0, 0, 1, 1]);
  expect(await again.predictions('r', 'd', 'test')).toBe(predictions);
});

test('other weights, other data and another limit are other figures', async () => {
  const { evaluator } = world();
  const revisions = new Set<string>();
  const remember = ({ report }: { report: EvaluationReport }) => revisions.add(report.revision);
  remember(await measure(evaluator));
  expect(await world({ hash: 'other' }).evaluator.kept(which)).toBeNull();
  expect(await world({ settings: { limitTest: 3 } }).evaluator.kept(which)).toBeNull();
  remember(await measure(world({ hash: 'other' }).evaluator));
  remember(await measure(evaluator, { limit: 3 }));
  expect(await evaluator.kept({ ...which, limit: 3 })).toMatchObject({ count: 3 });
  writeFileSync(weights, 'other weights');
  expect(await evaluator.kept({ ...which, limit: 3 })).toBeNull();
  expect(await evaluator.predictions('r', 'd', 'test')).toBeNull();
  remember(await measure(evaluator));
  expect(revisions.size).toBe(4);
});

test('cancelled, it leaves the earlier report and no network', async () => {
  const { evaluator, alive } = world({ images: 1000 });
  const { report } = await measure(evaluator);
  const controller = new AbortController();
  const stream = evaluator.measure(which, controller.signal);
  await stream.next();
  controller.abort();
  await expect(stream.next()).rejects.toMatchObject({ name: 'AbortError' });
  const left = evaluator.measure(which);
  await left.next();
  await left.return({} as EvaluationReport);
  expect(alive()).toBe(0);
  expect(await evaluator.kept(which)).toEqual(report);
  expect(readdirSync(path.join(folder, 'evaluation')).sort()).toEqual(['test.f32', 'test.json']);
});

test('a torn file is as good as none', async () => {
  await measure(world().evaluator);
  truncateSync(path.join(folder, 'evaluation', 'test.f32'), 12);
  expect(await world().evaluator.kept(which)).toBeNull();
  await measure(world().evaluator);
  writeFileSync(path.join(folder, 'evaluation', 'test.json'), '{"version":1,');
  expect(await world().evaluator.kept(which)).toBeNull();
});

test('validation is the held-out part of the training images, under their own indices', async () => {
  const { evaluator } = world({ settings: { validation: { amount: { count: 4 }, pick: 'last' } } });
  const { report } = await measure(evaluator, { split: 'validation' });
  expect(report).toMatchObject({ count: 4, split: 'validation' });
  expect(report.mostIncorrect.map(({ index }) => index)).toEqual([1]);
  expect([...(await evaluator.predictions('r', 'd', 'validation'))!.indices!]).toEqual([1, 2, 3, 4]);
  expect((await measure(evaluator, { split: 'train' })).report.count).toBe(1);
});

test('without validation there is nothing to measure in it, and without weights nothing at all', async () => {
  const { evaluator } = world();
  await expect(measure(evaluator, { split: 'validation' })).rejects.toMatchObject({ code: 'train/no-images' });
  rmSync(weights);
  await expect(measure(evaluator)).rejects.toMatchObject({ code: 'run/no-weights' });
});

test('tells of its progress at most ten times a second', async () => {
  const { evaluator } = world({ images: 20_000 });
  const started = performance.now();
  const { progress } = await measure(evaluator);
  expect(progress.length).toBeLessThanOrEqual(2 + (performance.now() - started) / 100);
});

test('calibration and thresholds come from what was kept, and from nothing before', async () => {
  const { evaluator } = world();
  expect(await evaluator.calibration(which)).toBeNull();
  expect(await evaluator.thresholds(which)).toBeNull();
  await measure(evaluator);
  const again = world().evaluator;
  const calibration = await again.calibration(which);
  expect(calibration).toMatchObject({ count: 5, accuracy: 0.8 });
  expect(calibration?.equalWidth.bins).toHaveLength(15);
  const thresholds = await again.thresholds(which, 1);
  expect(thresholds?.coverage[0]).toBe(1);
  expect(thresholds?.one).toMatchObject({ class: 1, positives: 3 });
  expect(await again.thresholds(which)).not.toHaveProperty('one');
  await expect(again.thresholds(which, 2)).rejects.toMatchObject({ code: 'call/invalid' });
});

test('probabilities that were changed on disk are none', async () => {
  await measure(world().evaluator);
  writeFileSync(path.join(folder, 'evaluation', 'test.f32'), new Uint8Array(5 * 2 * 4));
  const again = world().evaluator;
  expect(await again.kept(which)).toMatchObject({ count: 5 });
  expect(await again.predictions('r', 'd', 'test')).toBeNull();
});
