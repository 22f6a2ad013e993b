import { expect, test } from 'vitest';
import type { RunSummary, TrainingSettings } from '#contract/training.ts';
import { comparedSettings } from '#engine/training/comparison/settings.ts';
import { settings } from '#test/support/small-training.ts';

const run = (change: Partial<TrainingSettings>, facts: Partial<RunSummary> = {}): RunSummary => ({
  ...{ id: 'r', name: 'r', state: 'done', created: '', settings: { ...settings, ...change } },
  ...{ datasetName: 'Small', presetName: 'MLP', classes: [], parameters: 1, epochsDone: 1, revision: '', ...facts },
});

const differing = (...runs: RunSummary[]) =>
  Object.fromEntries(
    comparedSettings(runs)
      .filter(({ differs }) => differs)
      .map(({ path, values }) => [path, values]),
  );

test('runs that are alike but for their names differ in nothing', () => {
  expect(differing(run({ name: 'one' }), run({ name: 'two' }))).toEqual({});
});

test.each([
  ['a loss', {}, { loss: { name: 'sparse_categorical_crossentropy' } }],
  ['a constant rate', {}, { schedule: { kind: 'constant' } }],
  ['shuffling', {}, { shuffle: true }],
  ['a list of no changes', {}, { augmentation: { ops: [], fill: 'nearest', fillValue: 0, interpolation: 'bilinear' } }],
  ['compiled steps', { compile: true }, {}],
  [
    "an optimizer's momentum",
    { optimizer: { name: 'sgd', learningRate: 0.1 } },
    { optimizer: { name: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false } },
  ],
] as [string, Partial<TrainingSettings>, Partial<TrainingSettings>][])(
  '%s that is left out is the same as the default',
  (_, one, two) => {
    expect(differing(run(one), run(two))).toEqual({});
  },
);

test('what differs is named by its path, in the order of the runs; what a run does not have is null', () => {
  const sgd = run({ optimizer: { name: 'sgd', learningRate: 0.1 } });
  const adam = run({ batchSize: 64, optimizer: { name: 'adam', learningRate: 0.001 } });
  expect(differing(sgd, adam)).toEqual({
    batchSize: [settings.batchSize, 64],
    'optimizer.name': ['sgd', 'adam'],
    'optimizer.learningRate': [0.1, 0.001],
    'optimizer.momentum': [0, null],
    'optimizer.nesterov': [false, null],
    'optimizer.beta1': [null, 0.9],
    'optimizer.beta2': [null, 0.999],
    'optimizer.epsilon': [null, 1e-7],
  });
});

test('data sets of one name that hold other images differ', () => {
  expect(differing(run({}, { dataHash: 'a'.repeat(64) }), run({}, { dataHash: 'b'.repeat(64) }))).toEqual({
    dataHash: ['a'.repeat(12), 'b'.repeat(12)],
  });
});

test('networks of one name that are not the same differ', () => {
  const [one, two] = ['own-1', 'own-2'].map((preset) => run({ preset }, { presetName: 'Mine' }));
  expect(differing(one!, two!)).toEqual({ preset: ['Mine (own-1)', 'Mine (own-2)'] });
});

test('lists are told in a cell: metrics by their names, changes to images with their ranges', () => {
  const rich = run({
    metrics: ['top_3', 'auc'],
    augmentation: {
      ops: [{ op: 'flip-left-right' }, { op: 'rotation', degrees: 15 }],
      fill: 'nearest',
      fillValue: 0,
      interpolation: 'bilinear',
    },
  });
  expect(differing(run({}), rich)).toMatchObject({
    metrics: [null, 'top_3, auc'],
    'augmentation.ops': [null, 'flip-left-right, rotation degrees=15'],
  });
});
