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

/**
 * Rows = true class, columns = predicted class. Only cells with images in them, `[row, column, count]`, row by row: of a
 * thousand classes that is one in twenty.
 */
export const confusionMatrix = z.object({
  classes: z.number().int(),
  cells: z.array(z.tuple([z.number().int(), z.number().int(), z.number().int()])),
});
export type ConfusionMatrix = z.infer<typeof confusionMatrix>;

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
  confusion: confusionMatrix,
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

const ofSplit = z.object({
  /** Absent = the data set the run was trained on. */
  dataset: dataSetId.optional(),
  split: split.default('test'),
  /** Use only the first n images. Absent = the run's own limit. */
  limit: z.number().int().min(1).optional(),
});
const which = ofSplit.extend({ run: z.string().min(1).max(128) });

const reliabilityBin = z.object({
  /** The bin holds confidences above `from`, up to and with `to`. */
  from: z.number(),
  to: z.number(),
  count: z.number().int(),
  /** Mean of p(predicted); 0 in an empty bin. */
  confidence: z.number(),
  /** Part of the bin that is right; 0 in an empty bin. */
  accuracy: z.number(),
});
export type ReliabilityBin = z.infer<typeof reliabilityBin>;

const binning = z.object({
  bins: z.array(reliabilityBin),
  /** Expected and maximum calibration error: mean (by count) and largest |accuracy − confidence| of the bins. */
  expectedError: z.number(),
  maximumError: z.number(),
});

/** How far probabilities are from what happens (Guo et al., "On Calibration of Modern Neural Networks", 2017). */
export const calibration = z.object({
  count: z.number().int(),
  accuracy: z.number(),
  /** Mean p(predicted). */
  confidence: z.number(),
  /** Mean over images of Σ over classes of (p − 1[true])², 0…2 (Brier 1950). */
  brier: z.number(),
  /** 15 bins of equal width. */
  equalWidth: binning,
  /** 15 bins of equal count (Nguyen, O'Connor 2015). */
  adaptive: binning,
});
export type Calibration = z.infer<typeof calibration>;

const figures = z.array(z.number());
const orNothing = z.array(z.number().nullable());

/** What follows from taking only predictions with enough probability. All lists follow `thresholds`. */
export const thresholds = z.object({
  count: z.number().int(),
  /** 0, 0.005 … 1. An image counts from p(predicted) ≥ threshold on. */
  thresholds: figures,
  /** Part of the images that counts. */
  coverage: figures,
  /** Part of those that is right; null where none counts. */
  accuracy: orNothing,
  /** One class against all others, by its own probability p ≥ threshold. */
  one: z
    .object({
      class: z.number().int(),
      /** Images of the class. */
      positives: z.number().int(),
      /** Null where no image counts. */
      precision: orNothing,
      recall: figures,
      f1: figures,
      /** Highest threshold first; thinned to at most 400 points, the figures below are of all. */
      precisionRecall: z.object({ recall: figures, precision: figures }),
      roc: z.object({ falsePositive: figures, truePositive: figures }),
      /** As scikit-learn's `average_precision_score` and `roc_auc_score`; null where it is not defined. */
      averagePrecision: z.number().nullable(),
      auc: z.number().nullable(),
    })
    .optional(),
});
export type Thresholds = z.infer<typeof thresholds>;

export const ensembleMean = z.enum(['arithmetic', 'geometric']);
export type EnsembleMean = z.infer<typeof ensembleMean>;

/** A report like any other; `run` is a name that `imageQuery.run` takes as long as this engine runs. */
export const ensembleReport = evaluationReport.extend({
  mean: ensembleMean,
  members: z.array(z.object({ run: z.string(), accuracy: z.number(), loss: z.number() })),
});
export type EnsembleReport = z.infer<typeof ensembleReport>;

export const ensembleProgress = evaluationProgress.extend({
  /** The member that is being measured, because it has no report that fits. */
  run: z.string(),
});
export type EnsembleProgress = z.infer<typeof ensembleProgress>;

export const evaluationContract = {
  /** The report kept with the run, if there is one that fits its weights. Fails: `run/unknown`. */
  kept: oc.input(which).output(evaluationReport.nullable()),
  /**
   * Predicts the whole split, keeps probabilities and report with the run, and ends by returning the report.
   * Cancelled, it leaves the earlier report. Fails: `run/unknown`, `run/no-weights`, `engine/not-ready`, `model/wrong-input`.
   */
  measure: oc.input(which).output(eventIterator(evaluationProgress, evaluationReport)),
  /**
   * From the probabilities kept, of a run or an ensemble; null before `measure`. Fails: `run/unknown`.
   */
  calibration: oc.input(which).output(calibration.nullable()),
  /** The same; `class` asks for one class against the others. Fails: `run/unknown`, `call/invalid`. */
  thresholds: oc
    .input(which.extend({ class: z.number().int().nonnegative().optional() }))
    .output(thresholds.nullable()),
  /**
   * The mean of several runs' probabilities, as a report. Members without a report are measured first. Absent, the
   * data set is that of the first, the limit each run's own. Fails: as `measure`, and `evaluate/members-differ`.
   */
  ensemble: oc
    .input(
      ofSplit.extend({
        runs: z.array(z.string().min(1).max(128)).min(2).max(32),
        mean: ensembleMean.default('arithmetic'),
      }),
    )
    .output(eventIterator(ensembleProgress, ensembleReport)),
};
