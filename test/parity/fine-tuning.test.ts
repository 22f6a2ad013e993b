import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import type { Project } from '#engine/project/project.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { openProject } from '#test/support/open-project.ts';
import { smallBase } from '#test/support/small-base.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

// Runs on real TensorFlow, their steps as graphs.
let backend: Backend;

beforeAll(async () => {
  backend = await loadBackend('tensorflow');
});

/** Blobs of three colours. */
function colours(channels = 3): DataSet {
  const split = (count: number, seed: number) => {
    const labels = Array.from({ length: count }, (_, image) => (image * 7 + seed) % 3);
    const pixels = labels.flatMap((label, image) =>
      Array.from({ length: 64 * channels }, (_, at) => {
        const noise = (image * 31 + at * 17 + seed * 13) % 97;
        return (at % channels === label % channels ? 150 : 40) + noise + (at < 32 * channels ? label * 8 : 0);
      }),
    );
    return { labels, pixels };
  };
  return smallDataSet({
    ...{ height: 8, width: 8, channels, classes: 3 },
    splits: { train: split(50, 1), test: split(13, 2) },
  });
}

const settings: TrainingSettings = {
  dataset: 'small',
  preset: 'small-base',
  epochs: 3,
  batchSize: 8,
  optimizer: { name: 'adam', learningRate: 0.01 },
  seed: 5,
  validation: { amount: { count: 10 }, pick: 'stratified' },
  fineTuning: { base: 'small-base', head: 'global-average', dropout: 0.3, unfreeze: 0 },
};

interface Made {
  readonly project?: Project;
  readonly base?: PortableModel;
  readonly data?: DataSet;
}

async function trained(wanted: Partial<TrainingSettings>, made: Made = {}): Promise<RunDetail> {
  const project = made.project ?? (await openProject());
  const store = await RunStore.open(project);
  const data = made.data ?? colours();
  const trainer = new Trainer({
    ...{ store, backend, featuresFolder: project.featuresFolder },
    busy: () => () => undefined,
    report: (thrown) => {
      throw thrown;
    },
    dataset: () => Promise.resolve(data),
    base: () => Promise.resolve(made.base ?? smallBase()),
  });
  const run = await trainer.start({ ...settings, ...wanted });
  for await (const _ of trainer.watch(run.id, undefined));
  await trainer.close();
  return store.detail(run.id);
}

const tuning = (change: Partial<NonNullable<TrainingSettings['fineTuning']>>): Partial<TrainingSettings> => ({
  fineTuning: { base: 'small-base', head: 'global-average', dropout: 0.3, unfreeze: 0, ...change },
});

describe('reused features give the numbers of the whole network', () => {
  test.each([
    ['frozen, pooled, dropout in the head', {}],
    ['flattened', tuning({ head: 'flatten' })],
    ['the largest of each map', tuning({ head: 'global-max' })],
    ['last block unfrozen', tuning({ unfreeze: 1 })],
    ['step by step', { compile: false }],
    ['steps of an epoch', { stepsPerEpoch: 3, validationSteps: 1 }],
  ] satisfies [string, Partial<TrainingSettings>][])('%s', async (_, wanted) => {
    const before = tf.memory().numTensors;
    const fineTuning = { ...settings.fineTuning!, ...(wanted as Partial<TrainingSettings>).fineTuning };
    const reused = await trained({ ...wanted, fineTuning });
    const whole = await trained({ ...wanted, fineTuning: { ...fineTuning, reuseFeatures: false } });
    expect(reused.failure).toBeUndefined();
    expect(reused).toMatchObject({ state: 'done', tuned: { fresh: ['predictions'], features: { found: 0 } } });
    expect(whole.tuned).toMatchObject({ whole: 'off' });
    const same = (a = NaN, b = NaN) => expect(Math.abs(a - b) / Math.max(1, Math.abs(a))).toBeLessThan(1e-5);
    for (const [place, batch] of whole.batches.entries()) {
      same(batch.loss, reused.batches[place]?.loss);
    }
    for (const [place, epoch] of whole.history.entries()) {
      same(epoch.valLoss, reused.history[place]?.valLoss);
    }
    same(whole.test?.loss, reused.test?.loss);
    expect(whole.batches.length).toBe(reused.batches.length);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('features are found again by a run with another head on the same part', async () => {
  const project = await openProject();
  const first = await trained({}, { project });
  const second = await trained({ ...tuning({ dropout: 0 }), seed: 9 }, { project });
  expect(first.tuned?.features).toMatchObject({ computed: 63, found: 0 });
  expect(second.tuned?.features).toMatchObject({ computed: 0, found: 63 });
  expect((await readdir(project.featuresFolder)).filter((name) => name.endsWith('.f32'))).toHaveLength(2);
  const other = await trained({}, { project, base: smallBase(8) });
  expect(other.tuned?.features).toMatchObject({ computed: 63 });
});

test('random changes to the images forbid it, and that is said', async () => {
  const augmentation = { ops: [{ op: 'flip-left-right' as const }] };
  const run = await trained({ augmentation: augmentation as TrainingSettings['augmentation'] });
  expect(run).toMatchObject({ state: 'done', tuned: { whole: 'augmentation' } });
});

test('grey images become three equal channels, with the means of each taken off', async () => {
  const run = await trained({}, { data: colours(1) });
  expect(run).toMatchObject({ state: 'done' });
  expect(run.tuned?.layer).toBe('head_pool');
});

test('a run goes on as the base of the next, with its last blocks unfrozen', async () => {
  const project = await openProject();
  const first = await trained({}, { project });
  const { loadRunNetwork } = await import('#engine/training/run-network.ts');
  const network = await loadRunNetwork(first, join(project.runsFolder, first.id), colours());
  const weights = network.variables.map(({ name, variable }) => ({
    ...{ name, shape: variable.shape, values: variable.dataSync<'float32'>().slice() },
  }));
  const base = {
    spec: network.spec,
    pixels: { kind: 'caffe' as const },
    weights,
    classes: first.classes.map((label) => ({ label })),
  };
  network.dispose();
  const second = await trained(
    {
      ...tuning({ base: first.id, head: 'keep', unfreeze: 1 }),
      preset: first.id,
      optimizer: { name: 'adam', learningRate: 1e-5 },
    },
    { project, base },
  );
  expect(second).toMatchObject({ state: 'done', tuned: { fresh: [], layer: 'first_add' } });
  expect(second.tuned!.trained).toBeGreaterThan(first.tuned!.trained);
  expect(Math.abs(second.history[0]!.valLoss! - first.history.at(-1)!.valLoss!)).toBeLessThan(0.02);
});

test('stopped while features are computed it ends without weights, and what was computed is found by the next run', async () => {
  const project = await openProject();
  const store = await RunStore.open(project);
  const trainer = new Trainer({
    ...{ store, backend, featuresFolder: project.featuresFolder },
    busy: () => () => undefined,
    report: (thrown) => {
      throw thrown;
    },
    dataset: () => Promise.resolve(colours()),
    base: () => Promise.resolve(smallBase()),
  });
  const run = await trainer.start(settings);
  for await (const event of trainer.watch(run.id, undefined)) {
    if (event.kind === 'batches' && event.progress.features) await trainer.stop(run.id, 'now');
  }
  await trainer.close();
  const stopped = store.get(run.id);
  expect(stopped).toMatchObject({ state: 'stopped', epochsDone: 0 });
  expect(stopped.failure).toBeUndefined();
  expect(stopped.checkpoint).toBeUndefined();
  const next = await trained({}, { project });
  const { computed, found } = next.tuned!.features!;
  expect(computed + found).toBe(63);
  expect(next.state).toBe('done');
});

test('a run that was stopped goes on from its checkpoint without its base', async () => {
  const letBe = await trained({});
  const project = await openProject();
  const store = await RunStore.open(project);
  let bases = 0;
  const trainer = new Trainer({
    ...{ store, backend, featuresFolder: project.featuresFolder },
    busy: () => () => undefined,
    report: (thrown) => {
      throw thrown;
    },
    dataset: () => Promise.resolve(colours()),
    base: () => Promise.resolve((bases++, smallBase())),
  });
  const run = await trainer.start(settings);
  for await (const event of trainer.watch(run.id, undefined)) {
    if (event.kind === 'epoch' && event.record.epoch === 1) await trainer.stop(run.id, 'now');
  }
  const asked = bases;
  for (let state = store.get(run.id).state; state !== 'stopped'; state = store.get(run.id).state) {
    await new Promise((wait) => setTimeout(wait, 20));
  }
  await trainer.continue(run.id);
  for await (const _ of trainer.watch(run.id, undefined));
  await trainer.close();
  expect(bases).toBe(asked);
  const done = await store.detail(run.id);
  expect(done.state).toBe('done');
  expect(done.batches.map(({ loss }) => loss)).toEqual(letBe.batches.map(({ loss }) => loss));
  expect(done.test).toEqual(letBe.test);
});
