import { oc } from '@orpc/contract';
import { z } from 'zod';

export const split = z.enum(['train', 'validation', 'test']);
export type Split = z.infer<typeof split>;

const count = z.number().int().nonnegative();
export const dataSetId = z.string().min(1).max(128);

/** One odd thing found while reading, and what was done about it. */
export const problem = z.object({ file: z.string(), problem: z.string(), action: z.string() });
export type Problem = z.infer<typeof problem>;

/** A data set as lists and inspectors show it. Pixels are unsigned bytes; axes are [image, height, width, channel]. */
export const dataSetSummary = z.object({
  id: dataSetId,
  name: z.string(),
  kind: z.enum(['mnist', 'idx', 'drawings']),
  height: count,
  width: count,
  channels: count,
  classes: z.array(z.string()),
  splits: z.partialRecord(split, count),
  /** SHA-256 over pixels, labels, shape and class names, hex. Every run records it. */
  hash: z.string(),
  files: z.array(z.string()),
  /** Labels changed and images left out by a person; absent = none. */
  edits: count.optional(),
  problems: z.array(problem),
});
export type DataSetSummary = z.infer<typeof dataSetSummary>;

export const splitStatistics = z.object({
  split,
  count,
  /** Images of each class, in class order. */
  perClass: z.array(count),
  /** Per channel, over pixels divided by 255: 0…1. */
  mean: z.array(z.number()),
  std: z.array(z.number()),
});
export type SplitStatistics = z.infer<typeof splitStatistics>;

/**
 * Which images, in which order. Equal queries give equal pages, so a query is also the address of its sprite sheets.
 * `run` is needed by everything that speaks of predictions; such queries reach only the split that the run's report
 * covers.
 */
export const imageQuery = z.object({
  dataset: dataSetId,
  split,
  /** True class indices; absent = all. */
  classes: z.array(count).optional(),
  run: z.string().max(128).optional(),
  correctness: z.enum(['right', 'wrong']).optional(),
  /** Predicted class index. */
  predicted: count.optional(),
  /** `loss`: highest loss first. `confidence`: most confident first. */
  order: z.enum(['natural', 'loss', 'confidence']).default('natural'),
});
export type ImageQuery = z.infer<typeof imageQuery>;
export type ImageQueryInput = z.input<typeof imageQuery>;

export const imageItem = z.object({
  /** Index within its split, from 0. */
  index: count,
  split,
  label: count,
  predicted: count.optional(),
  /** p(predicted), 0…1. */
  probability: z.number().optional(),
  /** p(true class), 0…1. */
  trueProbability: z.number().optional(),
  /** Cross-entropy of this image, natural logarithm. */
  loss: z.number().optional(),
});
export type ImageItem = z.infer<typeof imageItem>;

export const imageDetail = imageItem.extend({
  height: count,
  width: count,
  channels: count,
  /** 0…255, row by row, channels last; only for images of at most 128×128 (larger ones are looked at by URL). */
  pixels: z.array(count).optional(),
  /** 256 bins per channel. */
  histogram: z.array(z.array(count)),
  minimum: z.number(),
  maximum: z.number(),
  mean: z.number(),
  /** Class probabilities when the query named a run. */
  probabilities: z.array(z.number()).optional(),
});
export type ImageDetail = z.infer<typeof imageDetail>;

const paths = z.array(z.string().min(1).max(4096)).min(1).max(10_000);

/** Calls on data sets. All may fail with `data/unknown-set`. */
export const dataContract = {
  /** The data sets of the project; MNIST is always the first. */
  list: oc.output(z.array(dataSetSummary)),
  /**
   * Opens IDX files (gz or not): one or more pairs of images and labels, told apart by their headers and paired by
   * name and count; `train`/`t10k`/`test` in the name chooses the split. Nothing changes when it fails.
   * Fails: the `data/…` and `file/…` codes.
   */
  open: oc.input(z.object({ paths, name: z.string().max(200).optional() })).output(dataSetSummary),
  /** Takes a data set off the project's list; files stay untouched. MNIST cannot be removed. */
  remove: oc.input(z.object({ dataset: dataSetId })).output(z.void()),
  /** Puts back what `remove` took off last (undo). */
  restore: oc.input(z.object({ dataset: dataSetId })).output(dataSetSummary),
  /** Renames classes; the count must stay the same. */
  renameClasses: oc
    .input(z.object({ dataset: dataSetId, classes: z.array(z.string().min(1).max(200)) }))
    .output(dataSetSummary),
  /**
   * Gives an image another label, for this project; the files stay as they are. `index` is its place in the set as it
   * is now. Fails: `data/unknown-image`, `call/invalid`.
   */
  relabel: oc.input(z.object({ dataset: dataSetId, split, index: count, label: count })).output(dataSetSummary),
  /** Leaves an image out of the set, for this project. Fails: `data/unknown-image`. */
  exclude: oc.input(z.object({ dataset: dataSetId, split, index: count })).output(dataSetSummary),
  /** Takes back the last label changed or image left out; without one, nothing changes. */
  undoEdit: oc.input(z.object({ dataset: dataSetId })).output(dataSetSummary),
  statistics: oc.input(z.object({ dataset: dataSetId })).output(z.array(splitStatistics)),
  /** How many images the query finds. Fails: `run/unknown`. */
  count: oc.input(imageQuery).output(z.object({ count })),
  page: oc
    .input(z.object({ query: imageQuery, offset: count, limit: z.number().int().min(1).max(2000) }))
    .output(z.array(imageItem)),
  image: oc
    .input(z.object({ dataset: dataSetId, split, index: count, run: z.string().optional() }))
    .output(imageDetail),
  /** Adds a drawn digit (28×28 bytes, base64) to the project's own "Drawings" set, in `train`. */
  addDrawing: oc
    .input(z.object({ pixels: z.base64().max(4096), label: z.number().int().min(0).max(9) }))
    .output(dataSetSummary),
};
