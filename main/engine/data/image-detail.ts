import type { ImageDetail, Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { DataSet, ImageSource } from './data-set.ts';
import type { PredictionTable } from './predictions.ts';
import { itemOf } from './query.ts';

/** Larger images are looked at by URL; their single pixels nobody reads. */
const largestSide = 128;

/** Fails: `data/unknown-image`. */
export function imageDetail(dataSet: DataSet, split: Split, index: number, table: PredictionTable | null): ImageDetail {
  const { height, width, channels } = dataSet;
  const { source, pixels } = readImage(dataSet, split, index);
  const histogram = Array.from({ length: channels }, () => new Array<number>(256).fill(0));
  let minimum = 255;
  let maximum = 0;
  let sum = 0;
  for (const [at, value] of pixels.entries()) {
    const bins = histogram[at % channels];
    if (bins) bins[value] = (bins[value] ?? 0) + 1;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
    sum += value;
  }
  const probabilities = table?.probabilities(index);
  return {
    ...itemOf({ dataSet, source, table }, split, index),
    ...{ height, width, channels, histogram, minimum, maximum, mean: sum / pixels.length },
    ...(Math.max(height, width) <= largestSide && { pixels: Array.from(pixels) }),
    ...(probabilities && { probabilities }),
  };
}

/** One image, [height, width, channel]. Fails: `data/unknown-image`. */
export function readImage(dataSet: DataSet, split: Split, index: number): { source: ImageSource; pixels: Uint8Array } {
  const source = dataSet.source(split);
  if (!source || !Number.isInteger(index) || index < 0 || index >= source.count) {
    const details = { dataset: dataSet.summary.name, split, index, count: source?.count ?? 0 };
    const message = `${details.dataset} has no image ${index} in "${split}", which holds ${details.count}.`;
    throw new AppError('data/unknown-image', message, details);
  }
  const pixels = new Uint8Array(dataSet.height * dataSet.width * dataSet.channels);
  source.read([index], pixels);
  return { source, pixels };
}
