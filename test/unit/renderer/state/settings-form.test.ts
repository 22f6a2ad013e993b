import { expect, test } from 'vitest';
import { optimizerDefaults, optimizerName, type TrainingSettings } from '#contract/training.ts';
import {
  emptyForm,
  formOf,
  numberOf,
  optimizerFields,
  readForm,
  stepsPerEpoch,
  type SettingsForm,
} from '#state/settings-form.ts';

const subject = { dataset: 'mnist', preset: 'mnist-cnn', trainImages: 60_000 };
const read = (change: Partial<SettingsForm> = {}, images = subject.trainImages) =>
  readForm({ ...emptyForm(), ...change }, { ...subject, trainImages: images });

test.each([
  ['1e-3', 0.001],
  [' 0.2 ', 0.2],
  ['0,2', 0.2],
  ['20 %', 0.2],
  ['1E3', 1000],
  ['', NaN],
  ['ten', NaN],
  ['1 000', NaN],
])('the text %j is the number %s', (text, value) => expect(numberOf(text)).toBe(value));

test('the form as it opens is right and asks for Adam with Keras’ defaults', () => {
  expect(read().problems).toEqual({});
  expect(read().settings).toEqual({
    dataset: 'mnist',
    preset: 'mnist-cnn',
    epochs: 10,
    batchSize: 128,
    optimizer: optimizerDefaults.adam,
    seed: 1,
    validation: { amount: { fraction: 0.1 }, pick: 'last' },
  } satisfies TrainingSettings);
});

test.each(optimizerName.options)('%s chosen in the form has exactly Keras’ defaults', (name) => {
  expect(read(optimizerFields(optimizerDefaults[name])).settings?.optimizer).toEqual(optimizerDefaults[name]);
});

test('the settings of a run, taken into the form, start the same run', () => {
  const settings: TrainingSettings = {
    dataset: 'mnist',
    preset: 'mnist-cnn',
    epochs: 50,
    batchSize: 32,
    optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true },
    seed: 7,
    validation: { amount: { count: 200 }, pick: 'stratified' },
    limitTrain: 1000,
    limitTest: 100,
    augmentation: {
      ops: [{ op: 'flip-left-right' }, { op: 'rotation', degrees: 12, probability: 0.3 }],
      fill: 'constant',
      fillValue: 255,
      interpolation: 'nearest',
    },
  };
  expect(readForm(formOf(settings), subject).settings).toEqual(settings);
});

test.each([
  ['epochs', '0', 'whole'],
  ['epochs', '2.5', 'whole'],
  ['batchSize', '', 'whole'],
  ['seed', '-1', 'whole'],
  ['learningRate', '0', 'above'],
  ['learningRate', 'fast', 'above'],
  ['fraction', '1', 'above'],
  ['fraction', '0.00001', 'none'],
  ['limitTrain', '0', 'whole'],
  ['limitTest', 'all', 'whole'],
] as const)('%s = %j is told at its field as %s', (field, text, kind) => {
  const { problems, settings } = read({ [field]: text });
  expect(problems[field]?.kind ?? 'none').toBe(kind);
  expect(settings === null).toBe(kind !== 'none');
});

test('a number that the chosen optimizer does not have is neither read nor complained of', () => {
  const { settings } = read({ numbers: { ...emptyForm().numbers, rho: 'nonsense' } });
  expect(settings?.optimizer).toEqual(optimizerDefaults.adam);
});

test.each([
  ['count', { count: '60000' }, 60_000],
  ['count', { count: '1000', limitTrain: '1000' }, 1000],
] as const)('holding out every image is a problem of %s: %j', (holdOut, change, used) => {
  expect(read({ holdOut, ...change }).problems[holdOut]).toEqual({ kind: 'hold-out', values: { held: used, used } });
});

test.each([
  [{ holdOut: 'none' }, 60_000, 0, 469],
  [{ holdOut: 'fraction', fraction: '0.2' }, 48_000, 12_000, 375],
  [{ holdOut: 'count', count: '10000' }, 50_000, 10_000, 391],
  [{ holdOut: 'none', limitTrain: '1000' }, 1000, 0, 8],
  // As Keras: floor(1000 · (1 − 0.15)) = 850 train.
  [{ holdOut: 'fraction', fraction: '0.15', limitTrain: '1000' }, 850, 150, 7],
] as const)('%j trains %s images, holds %s out and takes %s steps an epoch', (change, train, validation, steps) => {
  const reading = read(change);
  expect(reading.images).toEqual({ train, validation });
  expect(reading.stepsPerEpoch).toBe(steps);
});

test('without a training split there is nothing to start', () => {
  expect(read({}, 0).problems.limitTrain?.kind).toBe('no-images');
  expect(read({}, 0).settings).toBeNull();
});

test.each([
  [60_000, 128, 469],
  [128, 128, 1],
  [129, 128, 2],
])('%s images in batches of %s are %s steps', (images, batch, steps) =>
  expect(stepsPerEpoch(images, batch)).toBe(steps),
);

test("a set's own validation split validates where nothing is held out", () => {
  const subject = { dataset: 'mine', preset: 'mnist-cnn', trainImages: 100, validationImages: 30 };
  const form = { ...emptyForm(), holdOut: 'none' as const };
  expect(readForm(form, subject).images).toEqual({ train: 100, validation: 30 });
  expect(readForm({ ...form, holdOut: 'fraction' }, subject).images).toEqual({ train: 90, validation: 10 });
  const watched = { ...form, more: { ...form.more, stopEarly: true, stopWatched: 'valLoss' as const } };
  expect(readForm(watched, subject).problems.stopWatched).toBeUndefined();
});
