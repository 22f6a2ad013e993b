import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  duplicateReport,
  famousSet,
  imageForm,
  importEvent,
  importLook,
  importOptions,
  importReport,
  splitting,
  workProgress,
} from './data-import.ts';
import { split } from './split.ts';

export * from './data-import.ts';
export * from './split.ts';

const count = z.number().int().nonnegative();
export const dataSetId = z.string().min(1).max(128);

/** One odd thing found while reading, and what was done about it. */
export const problem = z.object({ file: z.string(), problem: z.string(), action: z.string() });
export type Problem = z.infer<typeof problem>;

/** A data set as lists and inspectors show it. Pixels are unsigned bytes; axes are [image, height, width, channel]. */
export const dataSetSummary = z.object({
  id: dataSetId,
  name: z.string(),
  kind: z.enum(['mnist', 'idx', 'drawings', 'cifar10', 'cifar100', 'folder', 'archive', 'text']),
  height: count,
  width: count,
  channels: count,
  classes: z.array(z.string()),
  splits: z.partialRecord(split, count),
  /** SHA-256 over pixels, labels, shape and class names, hex. Every run records it. */
  hash: z.string(),
  files: z.array(z.string()),
  /** Changes a person made: labels, images left out, classes renamed, merged, left out; absent = none. */
  edits: count.optional(),
  /** Changes taken back that `redoEdit` can make again; absent = none. */
  undone: count.optional(),
  /** How images came to this size; absent where they have it in their files. */
  form: imageForm.optional(),
  /** Absent = as given. */
  splitting: splitting.optional(),
  /** Groups of classes: CIFAR-100's coarse labels. `of` has the group of each class. */
  superclasses: z.object({ names: z.array(z.string()), of: z.array(count) }).optional(),
  /** Files of the import that were skipped or repaired; `report` has them. */
  skipped: count.optional(),
  repaired: count.optional(),
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
  /** Part of the file's name. */
  text: z.string().max(200).optional(),
  /** `loss`: highest loss first. `confidence`: most confident first. */
  order: z.enum(['natural', 'loss', 'confidence']).default('natural'),
});
export type ImageQuery = z.infer<typeof imageQuery>;
export type ImageQueryInput = z.input<typeof imageQuery>;

export const imageItem = z.object({
  /** Index within its split, from 0. */
  index: count,
  /** Where it came from, within what was imported; absent for sets without files of their own. */
  file: z.string().optional(),
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
const dataset = z.object({ dataset: dataSetId });
const images = z
  .array(z.object({ split, index: count }))
  .min(1)
  .max(1_000_000);

/**
 * Calls on data sets. All may fail with `data/unknown-set`. Edits are for this project, can be taken back, and never
 * touch a file; an image is named by its place in the set as it is now.
 */
export const dataContract = {
  /** The data sets of the project; MNIST is always the first. */
  list: oc.output(z.array(dataSetSummary)),
  /**
   * What these files and folders would be as a data set. Nothing is decoded. Fails: `data/unknown-format`, and the
   * `data/…` and `file/…` codes of what cannot be read at all.
   */
  look: oc.input(z.object({ paths })).output(importLook),
  /** Data that comes with the app, to try things on; a path is opened like any other. */
  samples: oc.output(z.array(z.object({ id: z.string(), path: z.string() }))),
  /**
   * Reads files and folders as one data set: pairs of IDX files (gz or not), CIFAR's binary files, class folders (also
   * inside `train`, `val`, `test`), a zip archive of them, the text format `label ** p0 … p783`. One bad file never ends
   * it; the report names each. Cancelled or failed, nothing has changed.
   * Fails: the `data/…` and `file/…` codes.
   */
  import: oc
    .input(z.object({ paths, name: z.string().max(200).optional(), options: importOptions.optional() }))
    .output(eventIterator(importEvent, dataSetSummary)),
  /** `import` without its events. */
  open: oc
    .input(z.object({ paths, name: z.string().max(200).optional(), options: importOptions.optional() }))
    .output(dataSetSummary),
  /** What became of the files that were odd, in the order of their names. Sets that are not of single files have none. */
  report: oc.input(dataset).output(importReport),
  /** Takes a data set off the project's list; files stay untouched. MNIST cannot be removed. */
  remove: oc.input(dataset).output(z.void()),
  /** Puts back what `remove` took off last (undo). */
  restore: oc.input(dataset).output(dataSetSummary),
  rename: oc.input(dataset.extend({ name: z.string().min(1).max(200) })).output(dataSetSummary),
  /** Draws the splits anew, after the edits. Fails: `data/splitting` when a part would be empty that must not be. */
  resplit: oc.input(dataset.extend({ splitting })).output(dataSetSummary),
  /** Renames classes; the count must stay the same. */
  renameClasses: oc.input(dataset.extend({ classes: z.array(z.string().min(1).max(200)) })).output(dataSetSummary),
  /** Makes one class of several, at the place of the first. Fails: `call/invalid`. */
  mergeClasses: oc
    .input(dataset.extend({ classes: z.array(count).min(2), name: z.string().min(1).max(200) }))
    .output(dataSetSummary),
  /** Leaves classes out with all their images; at least one stays. Fails: `call/invalid`. */
  excludeClasses: oc.input(dataset.extend({ classes: z.array(count).min(1) })).output(dataSetSummary),
  /** Gives an image another label. Fails: `data/unknown-image`, `call/invalid`. */
  relabel: oc.input(dataset.extend({ split, index: count, label: count })).output(dataSetSummary),
  /** Leaves an image out of the set. Fails: `data/unknown-image`. */
  exclude: oc.input(dataset.extend({ split, index: count })).output(dataSetSummary),
  /** Several at once, undone at once. */
  relabelImages: oc.input(dataset.extend({ images, label: count })).output(dataSetSummary),
  excludeImages: oc.input(dataset.extend({ images })).output(dataSetSummary),
  /** Takes back the last change; without one, nothing changes. */
  undoEdit: oc.input(dataset).output(dataSetSummary),
  /** Makes the change again that was taken back last; without one, nothing changes. */
  redoEdit: oc.input(dataset).output(dataSetSummary),
  /** Looks for images that are there twice, or nearly, within and across splits. */
  duplicates: oc.input(dataset).output(eventIterator(workProgress, duplicateReport)),
  statistics: oc.input(dataset).output(z.array(splitStatistics)),
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
  /**
   * Writes the first `train` and `test` images (absent = all): `text`, one line an image, `label ** p0 … pN`, to
   * `train.txt` and `test.txt`; `folder`, PNG files in `train/CLASS/`. Fails: `file/…`; half-written files go.
   */
  export: oc
    .input(
      dataset.extend({
        to: z.enum(['text', 'folder']),
        folder: z.string().min(1).max(4096),
        train: count.optional(),
        test: count.optional(),
      }),
    )
    .output(eventIterator(workProgress, z.object({ files: z.array(z.string()) }))),
  /** The famous sets that can be fetched, MNIST being here already. */
  famous: oc.output(z.array(famousSet)),
  /**
   * Fetches a famous set from its own place, or goes on where an earlier try ended, checks it, and opens it. Cancelled, what
   * has come stays for the next try. Fails: `download/offline`, `download/checksum`, `file/no-space`.
   */
  download: oc.input(z.object({ id: famousSet.shape.id })).output(eventIterator(workProgress, dataSetSummary)),
};
