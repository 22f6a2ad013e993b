import { z } from 'zod';
import { monitorValue, trainingSettings } from './training-settings.ts';

export const runState = z.enum([
  'queued',
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
  /** Of the epoch's last step. */
  learningRate: z.number(),
  /** The metrics chosen, by name; of the images it trained on, and of those held out. */
  metrics: z.record(z.string(), z.number()).optional(),
  valMetrics: z.record(z.string(), z.number()).optional(),
  /** Of each output beside the first, by name: GoogLeNet's auxiliary classifiers. */
  outputs: z.record(z.string(), z.object({ loss: z.number(), accuracy: z.number() })).optional(),
  valOutputs: z.record(z.string(), z.object({ loss: z.number(), accuracy: z.number() })).optional(),
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
  /** While outputs of the frozen part are computed, before the first batch: images done and in all. */
  features: z
    .object({ done: z.number().int(), total: z.number().int(), secondsLeft: z.number().nullable() })
    .optional(),
});
export type RunProgress = z.infer<typeof runProgress>;

export const testResult = z.object({ count: z.number().int(), loss: z.number(), accuracy: z.number() });
export type TestResult = z.infer<typeof testResult>;

export const runFailure = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Where a run can be taken up again: after this many batches of this epoch. */
export const checkpointPlace = z.object({
  epoch: z.number().int(),
  batch: z.number().int(),
  step: z.number().int(),
  /** ISO 8601. */
  written: z.string(),
});
export type CheckpointPlace = z.infer<typeof checkpointPlace>;

/** How the steps run, and why not as graphs. */
export const stepMode = z.object({ compiled: z.boolean(), reason: z.string().optional() });
export type StepMode = z.infer<typeof stepMode>;

/** The curves part: training goes on getting better, held-out images do not. */
export const overfitting = z.object({
  /** Epoch from which the held-out loss no longer fell. */
  since: z.number().int(),
  /** Held-out loss minus training loss, then and now. */
  gap: z.object({ then: z.number(), now: z.number() }),
  /** What to try, best first. */
  advice: z.array(
    z.enum(['early-stopping', 'dropout', 'augmentation', 'weight-decay', 'smaller-network', 'more-images']),
  ),
});
export type Overfitting = z.infer<typeof overfitting>;

/** Of a run that began with another model's weights. */
export const tunedFrom = z.object({
  /** The base, as it is called. */
  base: z.string(),
  /** Parameters that are trained, and that stay as they are. */
  trained: z.number().int(),
  frozen: z.number().int(),
  /** Layers that have weights none of which came from the base: they began anew. */
  fresh: z.array(z.string()),
  /** The layer whose outputs are computed once for each image; absent = every step computes the whole network, `whole` says why. */
  layer: z.string().optional(),
  whole: z.enum(['off', 'augmentation', 'nothing-frozen', 'several-outputs', 'no-room']).optional(),
  /** Images whose outputs were computed by this run, and were found on disk. */
  features: z.object({ computed: z.number().int(), found: z.number().int(), seconds: z.number() }).optional(),
});
export type TunedFrom = z.infer<typeof tunedFrom>;

export const runNotes = z.string().max(100_000);
export const runTag = z.string().trim().min(1).max(50);

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
  /** The last good checkpoint; absent = none, the run cannot be taken up again. */
  checkpoint: checkpointPlace.optional(),
  best: z.object({ epoch: z.number().int(), monitor: monitorValue, value: z.number() }).optional(),
  steps: stepMode.optional(),
  overfitting: overfitting.optional(),
  /** Of each channel over the images it trains on, 0…255: where the settings standardize pixels. */
  pixelStatistics: z.object({ mean: z.array(z.number()), deviation: z.array(z.number()) }).optional(),
  /** Why it ended before its last epoch, beside the user's word. */
  ended: z.enum(['early-stopping', 'not-finite']).optional(),
  tuned: tunedFrom.optional(),
  /** Epochs whose weights were to be kept to look back at and were not, and why the last of them was not. */
  unkept: z.object({ epochs: z.number().int(), failure: runFailure }).optional(),
  /** Batch size it went down to when memory ran out. */
  batchSize: z.number().int().optional(),
  /** The sweep it belongs to, and what differs in it. */
  sweep: z.object({ id: z.string(), values: z.record(z.string(), z.union([z.number(), z.string()])) }).optional(),
  /** Of a run in state `queued`: those with smaller numbers come first. */
  queued: z.number().int().optional(),
  /** What a person wrote about it, and words to find it by. */
  notes: runNotes.optional(),
  tags: z.array(runTag).optional(),
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

export const runEvent = z.discriminatedUnion('kind', [
  /** Several batches at once, at most some ten messages a second. */
  z.object({ kind: z.literal('batches'), batches: z.array(batchRecord), progress: runProgress }),
  z.object({ kind: z.literal('epoch'), record: epochRecord }),
  z.object({ kind: z.literal('run'), run: runSummary }),
]);
export type RunEvent = z.infer<typeof runEvent>;
