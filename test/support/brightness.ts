import type { TrainingSettings } from '#contract/training.ts';
import type { MemoryDataSet } from './memory-data-set.ts';
import { smallDataSet } from './small-data-set.ts';

/** 2×2 images of three classes that differ in how bright they are: a small dense network learns them in seconds. */
export function brightness(train = 48, test = 12): MemoryDataSet {
  const split = (count: number) => {
    const labels = Array.from({ length: count }, (_, index) => index % 3);
    return {
      labels,
      pixels: labels.flatMap((label, index) => [0, 1, 2, 3].map((pixel) => label * 100 + ((index * 7 + pixel) % 40))),
    };
  };
  return smallDataSet({ splits: { train: split(train), test: split(test) } });
}

export const settings: TrainingSettings = {
  dataset: 'small',
  preset: 'tutorial-mlp-16',
  epochs: 3,
  batchSize: 8,
  optimizer: { name: 'adam', learningRate: 0.02 },
  seed: 1,
  validation: { amount: 'none', pick: 'last' },
};
