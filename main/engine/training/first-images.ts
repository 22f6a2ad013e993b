import { AppError } from '#contract/failures.ts';
import type { TrainingSettings } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { permutation } from '#engine/data/random.ts';
import { cutValidation } from '#engine/data/split.ts';

/** What says which images are trained on, and in which order. */
export type ImageSettings = Pick<TrainingSettings, 'dataset' | 'seed' | 'shuffle' | 'validation' | 'limitTrain'>;

/** The images of the first steps, in their order: what the network sees first. Fails: `train/no-images`. */
export function firstImages(
  { seed, shuffle, validation, limitTrain }: ImageSettings,
  data: DataSet,
  count: number,
): { index: number; label: string }[] {
  const { classes, summary } = data;
  const given = data.source('train');
  if (!given || given.count === 0) {
    const details = { dataset: summary.name, split: 'train', count: 0 };
    throw new AppError('train/no-images', `${summary.name} has no training images.`, details);
  }
  const { train } = cutValidation(given.labels, { validation, seed, limit: limitTrain });
  const order = (shuffle ?? true) ? permutation(train.length, seed, 1) : train.keys();
  return [...order].slice(0, count).map((place) => {
    const index = train[place] ?? 0;
    return { index, label: classes[given.labels[index] ?? 0] ?? '' };
  });
}
