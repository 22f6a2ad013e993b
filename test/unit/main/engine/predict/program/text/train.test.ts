import { expect, test } from 'vitest';
import {
  lossName,
  metricName,
  optimizerDefaults,
  optimizerName,
  trainingSettings,
  type ScheduleSettings,
  type TrainingSettings,
} from '#contract/training-settings.ts';
import { trainText, type TrainText } from '#engine/predict/program/text/train.ts';

const settings: TrainingSettings = {
  ...{ dataset: 'd', preset: 'p', epochs: 3, batchSize: 32, seed: 1, optimizer: { name: 'adam', learningRate: 0.01 } },
  validation: { amount: 'none', pick: 'last' },
};

function written(change: Partial<TrainingSettings> = {}, more: Partial<TrainText> = {}): string {
  return trainText({
    ...{ name: 'A run', settings: trainingSettings.parse({ ...settings, ...change }), batchSize: 32 },
    ...{ endsIn: 'softmax', auxiliary: [], classWeights: undefined, weighted: false, held: false, tested: true },
    ...{ normalizes: false, pixelKernel: null, tuned: false, first: true, kept: true },
    ...more,
  });
}

test.each(optimizerName.options)('%s has its numbers, and nothing that is switched off', (name) => {
  const text = written({ optimizer: { name, learningRate: 1 } });
  const [, args = ''] = /return keras\.optimizers\.\w+\(([\s\S]*?)\)\n/.exec(text) ?? [];
  expect(args).toContain('learning_rate=LEARNING_RATE');
  expect(text).toContain('LEARNING_RATE = 1.0');
  expect(args).not.toMatch(/None|False|ema/);
  const numbers = Object.values(optimizerDefaults[name]).filter((value) => typeof value === 'number');
  expect(args.match(/=/g)).toHaveLength(numbers.length);
});

test('AdamW without decay says so, for Keras refuses to be told nothing', () => {
  expect(written({ optimizer: { name: 'adamw', learningRate: 1, weightDecay: 0 } })).toContain('weight_decay=0.0');
});

test('clipping is of the whole gradient, whatever parts it comes in', () => {
  const text = written({ optimizer: { name: 'sgd', learningRate: 0.1, clipNorm: 2 } });
  expect(text).toContain('clipnorm=2.0 / replicas');
  expect(text).toContain('gradients = [each / self.replicas for each in whole]');
  expect(text.match(/ReduceOp\.SUM/g)).toHaveLength(2);
  // Without, Keras adds them up alone: added up before as well they would count twice.
  expect(written().match(/ReduceOp\.SUM/g)).toHaveLength(1);
});

test.each(lossName.options)('%s has its line', (name) => {
  const text = written({ loss: { name } });
  expect(text).toMatch(/LOSS = keras\.losses\.\w+\([\s\S]*?reduction="none",?\s*\)/);
  expect(text.includes('LOSS(tf.one_hot(labels, len(CLASSES)), outputs)')).toBe(
    name !== 'sparse_categorical_crossentropy',
  );
  expect(text.includes('losses = LOSS(labels, outputs)')).toBe(name === 'sparse_categorical_crossentropy');
});

test.each([
  [{ name: 'huber', fromLogits: true }, 'softmax', '_keras_logits'],
  [{ name: 'huber', fromLogits: false }, 'linear', 'outputs = tf.nn.softmax(outputs)'],
  [{ name: 'categorical_crossentropy', labelSmoothing: 0.1 }, 'linear', 'from_logits=True, label_smoothing=0.1'],
] as const)('%j of a network that ends in %s', (loss, endsIn, line) => {
  expect(written({ loss }, { endsIn })).toContain(line);
});

test.each(metricName.options)('%s is in METRICS', (name) => {
  const text = written({ metrics: [name] });
  expect(text).toContain(`    name = "${name}"`);
  expect(text).toMatch(/METRICS = \[\w+\]/);
});

test.each<[ScheduleSettings, string]>([
  [{ kind: 'constant', warmUpEpochs: 1 }, 'return LEARNING_RATE * done / warm_up'],
  [{ kind: 'step', epochs: 2, factor: 0.5 }, 'return LEARNING_RATE * 0.5 ** (gone // (2 * steps))'],
  [{ kind: 'exponential', epochs: 1, rate: 0.9, staircase: false }, 'LEARNING_RATE * 0.9 ** (gone / (1 * steps))'],
  [{ kind: 'exponential', epochs: 1, rate: 0.9, staircase: true }, 'LEARNING_RATE * 0.9 ** (gone // (1 * steps))'],
  [{ kind: 'cosine', floor: 0.1, warmUpEpochs: 0.5 }, 'rest = max(1, epochs * steps - warm_up)'],
  [{ kind: 'cosine', floor: 0 }, 'rest = max(1, epochs * steps)'],
  [
    {
      ...{ kind: 'plateau', monitor: 'valAccuracy', factor: 0.5, patience: 3, minDelta: 0.01, cooldown: 2, least: 0 },
      warmUpEpochs: 1,
    },
    'return LEARNING_RATE if done == warm_up else None',
  ],
])('schedule %j', (schedule, line) => {
  const text = written({ schedule });
  expect(text).toContain(line);
  expect(text.includes('import math')).toBe(text.includes('math.'));
  expect(text.includes('keras.callbacks.ReduceLROnPlateau')).toBe(schedule.kind === 'plateau');
});

test('what else the settings say has its place', () => {
  const text = written(
    {
      ...{ stepsPerEpoch: 7, validationSteps: 2, validationFrequency: 3, initialEpoch: 1, snapshotEvery: 2 },
      ...{ shuffle: false, regularizer: { l1: 0, l2: 0.01 }, checkpoints: { everyEpochs: 4 } },
      earlyStopping: { monitor: 'valLoss', patience: 2, minDelta: 0.1, startFrom: 3, restoreBest: true },
    },
    { classWeights: [1, 2], auxiliary: [0.3], held: true },
  );
  for (const line of [
    ...['STEPS_PER_EPOCH = 7', 'VALIDATION_STEPS = 2', 'VALIDATION_FREQUENCY = 3', 'INITIAL_EPOCH = 1'],
    ...['KEEP_WEIGHTS_EVERY = 2', 'CHECKPOINT_EVERY = 4', 'OUTPUT_WEIGHTS = (1, 0.3)'],
    ...[
      'CLASS_WEIGHTS = [1.0, 2.0]',
      '0.01 * tf.reduce_sum(tf.square(weight))',
      'start_from_epoch=2',
      'restore_best_weights=True',
    ],
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toContain('tf.abs(weight)');
});

test.each<[string, string, Partial<TrainingSettings>, Partial<TrainText>]>([
  ['a rule for the learning rate', 'learning_rate(', { schedule: { kind: 'cosine', floor: 0 } }, {}],
  ['metrics', 'METRICS', { metrics: ['auc'] }, {}],
  ['a penalty', 'penalty', { regularizer: { l1: 0, l2: 0.1 } }, {}],
  ['weights of images', 'total, weights)', {}, { weighted: true }],
  ['weights of classes', 'CLASS_WEIGHTS', {}, { classWeights: [1, 2] }],
  ['images held out', '"validation"', {}, { held: true }],
  ['images to test with', '"test"', {}, { tested: true }],
  ['normalization', 'synchronized', {}, { normalizes: true }],
  ['weights that were written', 'def check', {}, { first: true }],
  ['weights to begin with', '--fresh', {}, { first: true }],
  ['weights that the run has', 'kept.keras', {}, { kept: true }],
  [
    'a time to stop',
    'stop_training',
    { earlyStopping: { monitor: 'loss', patience: 1, minDelta: 0, startFrom: 1, restoreBest: false } },
    {},
  ],
  ['several outputs', 'OUTPUT_WEIGHTS', {}, { auxiliary: [0.3] }],
])('%s: what a run does not use is not there', (_, words, settings, more) => {
  const none = { tested: false, first: false, kept: false };
  expect(written({}, none)).not.toContain(words);
  expect(written(settings, { ...none, ...more })).toContain(words);
});

test('a fine-tuned run does not begin with fresh weights, which its frozen layers would keep', () => {
  expect(written({}, { tuned: true })).not.toContain('fresh');
});

test('a name is a string and nothing else', () => {
  const name = '"""\nimport os; os.remove("/")\n\\';
  const text = written({}, { name });
  expect(text).toContain(String.raw`NAME = "\"\"\"\nimport os; os.remove(\"/\")\n\\"`);
  expect(text.split('\n').filter((line) => line.startsWith('import os'))).toEqual(['import os']);
});
