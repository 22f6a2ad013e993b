import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { dataSetId } from './data.ts';

const whole = (low: number, high: number) => z.number().int().min(low).max(high);

/** Optimizers with Keras 3's meaning; a value left out takes Keras' default (`optimizerDefaults`). */
export const optimizerName = z.enum(['sgd', 'rmsprop', 'adagrad', 'adadelta', 'adam']);
export type OptimizerName = z.infer<typeof optimizerName>;

export const optimizerSettings = z.object({
  name: optimizerName,
  /** > 0. */
  learningRate: z.number().positive().max(100),
  /** SGD, RMSprop: 0…1. */
  momentum: z.number().min(0).max(1).optional(),
  nesterov: z.boolean().optional(),
  /** RMSprop, Adadelta: decay of the running square, 0…1. */
  rho: z.number().min(0).max(1).optional(),
  /** Adam. */
  beta1: z.number().min(0).max(1).optional(),
  beta2: z.number().min(0).max(1).optional(),
  epsilon: z.number().positive().max(1).optional(),
  /** Adagrad. */
  initialAccumulator: z.number().min(0).max(100).optional(),
  /** RMSprop. */
  centered: z.boolean().optional(),
});
export type OptimizerSettings = z.infer<typeof optimizerSettings>;

/** keras.optimizers.* of Keras 3.15, written out. */
export const optimizerDefaults: Readonly<Record<OptimizerName, OptimizerSettings>> = {
  sgd: { name: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false },
  rmsprop: { name: 'rmsprop', learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
  adagrad: { name: 'adagrad', learningRate: 0.001, initialAccumulator: 0.1, epsilon: 1e-7 },
  adadelta: { name: 'adadelta', learningRate: 0.001, rho: 0.95, epsilon: 1e-7 },
  adam: { name: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
};

/** Held out of the training split. `last`: the last images, as Keras' `validation_split`; `stratified`: seeded, by class. */
export const validationSettings = z.object({
  amount: z.union([
    z.object({ fraction: z.number().gt(0).lt(1) }),
    z.object({ count: whole(1, 10_000_000) }),
    z.literal('none'),
  ]),
  pick: z.enum(['last', 'stratified']),
});
export type ValidationSettings = z.infer<typeof validationSettings>;

export const trainingSettings = z.object({
  dataset: dataSetId,
  preset: z.string().max(200),
  epochs: whole(1, 100_000),
  batchSize: whole(1, 65_536),
  optimizer: optimizerSettings,
  seed: whole(0, 2 ** 31 - 1),
  validation: validationSettings,
  /** Use only the first n images of the split (the book: 1,000 and 100). Absent = all. */
  limitTrain: whole(1, 100_000_000).optional(),
  limitTest: whole(1, 100_000_000).optional(),
  name: z.string().max(200).optional(),
});
export type TrainingSettings = z.infer<typeof trainingSettings>;

export const runState = z.enum([
  'preparing',
  'training',
  'paused',
  'testing',
  'done',
  'stopped',
  'failed',
  'interrupted',
]);
export type RunState = z.infer<typeof runState>;

/** One line of `history.jsonl`. Epochs count from 1. */
export const epochRecord = z.object({
  epoch: z.number().int(),
  loss: z.number(),
  /** 0…1 */
  accuracy: z.number(),
  valLoss: z.number().optional(),
  valAccuracy: z.number().optional(),
  learningRate: z.number(),
  /** Training and validation together. */
  seconds: z.number(),
  /** Of the training part. */
  imagesPerSecond: z.number(),
  /** tf.memory().numTensors at the epoch's end; level from epoch to epoch. */
  tensors: z.number().int(),
  /** Resident memory of the engine, bytes. */
  memory: z.number(),
});
export type EpochRecord = z.infer<typeof epochRecord>;

export const batchRecord = z.object({
  /** Steps since the run's start, from 1. */
  step: z.number().int(),
  epoch: z.number().int(),
  /** Batch within the epoch, from 1. */
  batch: z.number().int(),
  batches: z.number().int(),
  /** Of this batch alone. */
  loss: z.number(),
  accuracy: z.number(),
});
export type BatchRecord = z.infer<typeof batchRecord>;

/** Where a run stands between two batches. */
export const runProgress = z.object({
  state: runState,
  epoch: z.number().int(),
  epochs: z.number().int(),
  batch: z.number().int(),
  batches: z.number().int(),
  imagesPerSecond: z.number(),
  /** Time left, seconds; null until it can be told. */
  secondsLeft: z.number().nullable(),
  /** Resident memory of the engine, bytes. */
  memory: z.number(),
});
export type RunProgress = z.infer<typeof runProgress>;

export const testResult = z.object({ count: z.number().int(), loss: z.number(), accuracy: z.number() });
export type TestResult = z.infer<typeof testResult>;

export const runFailure = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const runSummary = z.object({
  id: z.string(),
  name: z.string(),
  state: runState,
  /** ISO 8601. */
  created: z.string(),
  settings: trainingSettings,
  datasetName: z.string(),
  presetName: z.string(),
  classes: z.array(z.string()),
  /** Of the images it takes: a run outlives its data set. Absent in runs of early versions. */
  images: z.object({ height: z.number().int(), width: z.number().int(), channels: z.number().int() }).optional(),
  /** `hash` of the data set it was trained on. Absent in runs of early versions. */
  dataHash: z.string().optional(),
  parameters: z.number().int(),
  epochsDone: z.number().int(),
  last: epochRecord.optional(),
  test: testResult.optional(),
  failure: runFailure.optional(),
  /** Changes whenever the weights or the report do. */
  revision: z.string(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const runDetail = runSummary.extend({
  history: z.array(epochRecord),
  /** Of the whole run; beyond 5,000 thinned evenly. */
  batches: z.array(batchRecord),
  progress: runProgress.optional(),
  folder: z.string(),
});
export type RunDetail = z.infer<typeof runDetail>;

const runId = z.object({ run: z.string().min(1).max(128) });

export const runEvent = z.discriminatedUnion('kind', [
  /** Several batches at once, at most some ten messages a second. */
  z.object({ kind: z.literal('batches'), batches: z.array(batchRecord), progress: runProgress }),
  z.object({ kind: z.literal('epoch'), record: epochRecord }),
  z.object({ kind: z.literal('run'), run: runSummary }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** Calls on runs. Those that name one may fail with `run/unknown`. */
export const trainingContract = {
  /** Accepts a run and starts it. Fails: `train/busy`, `train/settings`, `train/no-images`, `engine/cannot-train`, `engine/not-ready`. */
  start: oc.input(trainingSettings).output(runSummary),
  pause: oc.input(runId).output(runSummary),
  resume: oc.input(runId).output(runSummary),
  /** Ends after the current batch or the current epoch; weights and history are kept, the test split is measured. */
  stop: oc.input(runId.extend({ when: z.enum(['now', 'epoch-end']) })).output(runSummary),
  /** Newest first. */
  runs: oc.output(z.array(runSummary)),
  run: oc.input(runId).output(runDetail),
  /** What happens to this run from now on; ends with the run. */
  watch: oc.input(runId).output(eventIterator(runEvent)),
  rename: oc.input(runId.extend({ name: z.string().min(1).max(200) })).output(runSummary),
  /** Moves the run's folder to the project's trash. Fails: `run/active`. */
  discard: oc.input(runId).output(z.void()),
  /** Takes it out of the trash again. */
  restore: oc.input(runId).output(runSummary),
};
