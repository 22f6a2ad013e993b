import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { dataSetId, split } from './data.ts';

export const classReport = z.object({
  class: z.string(),
  /** 0…1; 0 where it is not defined, as scikit-learn's zero_division=0. */
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  /** Images of this true class. */
  support: z.number().int(),
});
export type ClassReport = z.infer<typeof classReport>;

const average = z.object({ precision: z.number(), recall: z.number(), f1: z.number() });

export const evaluationReport = z.object({
  run: z.string(),
  dataset: dataSetId,
  split,
  count: z.number().int(),
  /** Mean cross-entropy. */
  loss: z.number(),
  accuracy: z.number(),
  /** Absent with fewer than six classes. */
  top5: z.number().optional(),
  perClass: z.array(classReport),
  macro: average,
  weighted: average,
  /** Rows = true class, columns = predicted class. */
  confusion: z.array(z.array(z.number().int())),
  /** Highest loss first, at most 100. */
  mostIncorrect: z.array(
    z.object({
      index: z.number().int(),
      file: z.string().optional(),
      true: z.number().int(),
      predicted: z.number().int(),
      /** p(predicted) */
      probability: z.number(),
      /** p(true) */
      trueProbability: z.number(),
      loss: z.number(),
    }),
  ),
  seconds: z.number(),
  imagesPerSecond: z.number(),
  /** Changes with the weights or the data. */
  revision: z.string(),
});
export type EvaluationReport = z.infer<typeof evaluationReport>;

export const evaluationProgress = z.object({
  done: z.number().int(),
  total: z.number().int(),
  secondsLeft: z.number().nullable(),
});
export type EvaluationProgress = z.infer<typeof evaluationProgress>;

const which = z.object({
  run: z.string().min(1).max(128),
  /** Absent = the data set the run was trained on. */
  dataset: dataSetId.optional(),
  split: split.default('test'),
  /** Use only the first n images. Absent = the run's own limit. */
  limit: z.number().int().min(1).optional(),
});

export const evaluationContract = {
  /** The report kept with the run, if there is one that fits its weights. Fails: `run/unknown`. */
  kept: oc.input(which).output(evaluationReport.nullable()),
  /**
   * Predicts the whole split, keeps probabilities and report with the run, and ends by returning the report.
   * Cancelled, it leaves the earlier report. Fails: `run/unknown`, `run/no-weights`, `engine/not-ready`, `model/wrong-input`.
   */
  measure: oc.input(which).output(eventIterator(evaluationProgress, evaluationReport)),
};
