import { oc } from '@orpc/contract';
import { z } from 'zod';

/**
 * A figure of an epoch by its name: `loss`, `accuracy`, `valLoss`, `valAccuracy`, `metrics.top_5`, `valMetrics.top_5`,
 * `outputs.aux1.loss`, `valOutputs.aux1.accuracy`, `learningRate`.
 */
export const figureName = z.string().max(200);

const settingValue = z.union([z.number(), z.string(), z.boolean(), z.null()]);
export type SettingValue = z.infer<typeof settingValue>;

/** A setting of all the runs, by its path: `optimizer.learningRate`, `batchSize`, `augmentation.ops`. */
export const comparedSetting = z.object({
  path: z.string(),
  /** One a run, in the order asked for; what a run does not have is null. Defaults are written out. */
  values: z.array(settingValue),
  differs: z.boolean(),
});
export type ComparedSetting = z.infer<typeof comparedSetting>;

export const comparedRun = z.object({
  run: z.string(),
  /** Of its last epoch. */
  final: z.record(figureName, z.number()),
  /** The best of each figure that has one: losses lowest, all others highest. */
  best: z.record(figureName, z.object({ value: z.number(), epoch: z.number().int() })),
  /** The middle one of its epochs; absent before the first ends. */
  secondsPerEpoch: z.number().optional(),
  /** Training and validation, all epochs. */
  seconds: z.number(),
  /** Of its folder, bytes. */
  size: z.number(),
});
export type ComparedRun = z.infer<typeof comparedRun>;

export const comparisonTable = z.object({
  /** In the order asked for. */
  runs: z.array(comparedRun),
  settings: z.array(comparedSetting),
});
export type ComparisonTable = z.infer<typeof comparisonTable>;

/** Points of a line in the order of time; all lists are equally long. */
export const comparedLine = z.object({
  /** Batches since the run's start. */
  step: z.array(z.number()),
  /** Epochs since its start, with fractions. */
  epoch: z.array(z.number()),
  /** Time in training and validation since its start. */
  seconds: z.array(z.number()),
  /** The mean of a stretch where a point stands for several. */
  value: z.array(z.number()),
  /** The lowest and highest of each stretch; absent where every value is there. */
  low: z.array(z.number()).optional(),
  high: z.array(z.number()).optional(),
});
export type ComparedLine = z.infer<typeof comparedLine>;

export const comparedCurve = z.object({
  run: z.string(),
  train: comparedLine.nullable(),
  validation: comparedLine.nullable(),
});
export type ComparedCurve = z.infer<typeof comparedCurve>;

const runs = z.array(z.string().min(1).max(128)).max(10_000);

/** Calls that look at several runs at once. Both fail with `run/unknown`. */
export const comparisonContract = {
  table: oc.input(z.object({ runs })).output(comparisonTable),
  /**
   * The curves of one figure: a value an epoch, or one a batch (loss and accuracy only; held-out images are measured once an
   * epoch). A line has every value up to 50,000, and up to 500,000 in all lines together; longer ones come in stretches.
   */
  curves: oc
    .input(z.object({ runs, figure: figureName, by: z.enum(['epoch', 'batch']) }))
    .output(z.array(comparedCurve)),
};
