import type { Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import type { Judgeable } from '#engine/predict/trained.ts';
import { cutValidation, firstImages } from '#engine/data/split.ts';

/** Images on their way to a network, in order. */
export interface Rows {
  readonly labels: Uint16Array;
  /** Index within the source split of each row; absent when rows are its first images in order. */
  readonly indices?: Uint32Array;
  /** The name of an image's file, by index within the source split. */
  file(index: number): string | undefined;
  /** `pixels` is [batch, height, width, channel], 0…255. */
  batches(): Generator<{ from: number; labels: Uint16Array; pixels: Uint8Array }>;
}

/**
 * Images at once; and no more than 32 of 224×224×3, for VGG-16 holds 26 MB of activations for each of those. A larger
 * batch is no faster on a processor.
 */
const batchImages = 256;
const batchValues = 32 * 224 * 224 * 3;

/**
 * The images that a split of a run means. `validation`, where the data set has none of its own, and `train` are the
 * two sides of the run's own cut, with indices within the training split.
 * Fails: `train/no-images`.
 */
export function rowsOf(run: Judgeable, data: DataSet, split: Split, limit: number | undefined): Rows {
  const own = data.source(split);
  const cut = split === 'train' || (split === 'validation' && !own);
  const source = cut ? data.source('train') : own;
  if (!source) {
    throw new AppError('train/no-images', `${data.summary.name} has no images in ${split}.`, { split, count: 0 });
  }
  const chosen = cut ? cutRows(run, source, split, limit) : firstImages(source.labels, limit);
  if (chosen.length === 0) {
    throw new AppError('train/no-images', `The split ${split} holds no images for this run.`, { split, count: 0 });
  }
  const inOrder = chosen.every((index, row) => index === row);
  const labels = Uint16Array.from(chosen, (index) => source.labels[index] ?? 0);
  return {
    labels,
    ...(inOrder ? {} : { indices: chosen }),
    file: (index) => source.files?.(index),
    batches: () => batches(data, source, chosen, labels),
  };
}

function cutRows({ settings }: Judgeable, source: ImageSource, split: Split, limit: number | undefined): Uint32Array {
  const cut = cutValidation(source.labels, {
    validation: settings.validation,
    seed: settings.seed,
    limit: settings.limitTrain,
  });
  const side = split === 'train' ? cut.train : cut.validation;
  return limit === undefined ? side : side.subarray(0, limit);
}

function* batches(data: DataSet, source: ImageSource, chosen: Uint32Array, labels: Uint16Array) {
  const values = data.height * data.width * data.channels;
  const size = Math.max(1, Math.min(batchImages, Math.floor(batchValues / values)));
  for (let from = 0; from < chosen.length; from += size) {
    const indices = chosen.subarray(from, from + size);
    const bytes = new Uint8Array(indices.length * values);
    source.read(indices, bytes);
    yield { from, labels: labels.subarray(from, from + size), pixels: bytes };
  }
}
