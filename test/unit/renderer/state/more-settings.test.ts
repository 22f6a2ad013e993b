import { expect, test } from 'vitest';
import { lossName, optimizerDefaults, trainingSettings, type TrainingSettings } from '#contract/training.ts';
import { emptyMore, type MoreForm } from '#state/more-settings.ts';
import { emptyForm, formOf, readForm } from '#state/settings-form.ts';

const subject = { dataset: 'mnist', preset: 'mnist-cnn', trainImages: 60_000 };
const read = (more: Partial<MoreForm>) => readForm({ ...emptyForm(), more: { ...emptyMore, ...more } }, subject);
const plain: TrainingSettings = {
  dataset: 'mnist',
  preset: 'mnist-cnn',
  epochs: 50,
  batchSize: 32,
  optimizer: optimizerDefaults.adam,
  seed: 7,
  validation: { amount: { fraction: 0.2 }, pick: 'last' },
};

const kept: [string, Partial<TrainingSettings>][] = [
  ['a loss with smoothing', { loss: { name: 'categorical_crossentropy', fromLogits: true, labelSmoothing: 0.1 } }],
  ['Huber with its delta', { loss: { name: 'huber', delta: 2 } }],
  ['metrics', { metrics: ['top_3', 'auc'] }],
  ['a warm-up alone', { schedule: { kind: 'constant', warmUpEpochs: 0.5 } }],
  ['steps', { schedule: { kind: 'step', epochs: 5, factor: 0.1 } }],
  ['stairs', { schedule: { kind: 'exponential', epochs: 3, rate: 0.9, staircase: true, warmUpEpochs: 2 } }],
  ['a cosine', { schedule: { kind: 'cosine', floor: 0.01 } }],
  [
    'a plateau',
    {
      schedule: {
        kind: 'plateau',
        monitor: 'valAccuracy',
        factor: 0.2,
        patience: 3,
        minDelta: 0.002,
        cooldown: 1,
        least: 1e-6,
      },
    },
  ],
  [
    'early stopping',
    { earlyStopping: { monitor: 'loss', patience: 0, minDelta: 1e-3, startFrom: 4, restoreBest: false } },
  ],
  ['checkpoints by epochs', { checkpoints: { everyEpochs: 3 } }],
  ['checkpoints by batches and minutes', { checkpoints: { everyBatches: 100, everyMinutes: 2.5 } }],
  ['balanced classes', { classWeights: 'balanced' }],
  ['weights of classes by hand', { classWeights: [1, 2, 0.5] }],
  ['a file of weights', { sampleWeightsFile: '/somewhere/weights.txt' }],
  ['a regularizer', { regularizer: { l1: 0, l2: 1e-4 } }],
  [
    'order and steps',
    { shuffle: false, stepsPerEpoch: 10, validationSteps: 2, validationFrequency: 5, initialEpoch: 3 },
  ],
  ['weights kept to look back', { snapshotEvery: 3 }],
  ['no compiling', { compile: false }],
  ['decay and clipping', { optimizer: { ...optimizerDefaults.sgd, weightDecay: 1e-4, globalClipNorm: 1 } }],
  ['a decay of AdamW’s own turned off', { optimizer: { ...optimizerDefaults.adamw, weightDecay: 0 } }],
];
test.each(kept)('“Use these settings” keeps %s', (_, part) => {
  const settings = trainingSettings.parse({ ...plain, ...part });
  const { problems, settings: again } = readForm(formOf(settings), subject);
  expect(problems).toEqual({});
  expect(again).toEqual(settings);
});

test.each(lossName.options)('the loss %s can be chosen', (loss) => {
  expect(read({ loss }).settings?.loss?.name ?? 'sparse_categorical_crossentropy').toBe(loss);
});

const wrong: [keyof MoreForm, Partial<MoreForm>, string][] = [
  ['labelSmoothing', { loss: 'categorical_crossentropy', labelSmoothing: '2' }, 'number'],
  ['delta', { loss: 'huber', delta: '0' }, 'above'],
  ['factor', { schedule: 'step', factor: 'half' }, 'above'],
  ['every', { schedule: 'exponential', every: '0' }, 'whole'],
  ['patience', { schedule: 'plateau', patience: '0' }, 'whole'],
  ['stopPatience', { stopEarly: true, stopPatience: '1.5' }, 'whole'],
  ['everyMinutes', { everyMinutes: '0' }, 'above'],
  ['weightDecay', { weightDecay: '-1' }, 'number'],
  ['clipTo', { clip: 'clipNorm', clipTo: '0' }, 'above'],
  ['perEpoch', { perEpoch: '0' }, 'whole'],
  ['initialEpoch', { initialEpoch: '10' }, 'whole'],
];
test.each(wrong)('%s in %j is told as %s', (field, more, kind) => {
  const { problems, settings } = read(more);
  expect(problems[field as keyof typeof problems]?.kind).toBe(kind);
  expect(settings).toBeNull();
});

test.each([
  { loss: 'hinge', labelSmoothing: 'x', delta: 'x' },
  { schedule: 'cosine', every: 'x', patience: 'x' },
  { stopEarly: false, stopPatience: 'x' },
  { clip: 'none', clipTo: 'x' },
] satisfies Partial<MoreForm>[])('what is not shown is not complained of: %j', (more) =>
  expect(read(more).problems).toEqual({}),
);

test.each([
  ['stopWatched', { stopEarly: true }],
  ['watched', { schedule: 'plateau' }],
] satisfies [string, Partial<MoreForm>][])(
  'where nothing is held out, %s cannot be a validation figure',
  (field, more) => {
    const form = { ...emptyForm(), holdOut: 'none' as const, more: { ...emptyMore, ...more } };
    expect(readForm(form, subject).problems).toEqual({ [field]: { kind: 'no-validation', values: {} } });
  },
);
