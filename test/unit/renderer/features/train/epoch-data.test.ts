import { expect, test } from 'vitest';
import type { EpochRecord } from '#contract/training.ts';
import { epochData } from '#features/train/epoch-data.ts';

const record: EpochRecord = {
  epoch: 1,
  loss: 0.5,
  accuracy: 0.8,
  learningRate: 0.01,
  metrics: { top_5: 0.99 },
  seconds: 2,
  imagesPerSecond: 1000,
  tensors: 10,
  memory: 1e8,
};

test('an epoch without held-out images has empty cells for them', () => {
  const { columns, rows } = epochData([record, { ...record, epoch: 2, valLoss: 0.6, valMetrics: { top_5: 0.97 } }]);
  expect(columns).toEqual([
    ...['epoch', 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'learningRate'],
    ...['top_5', 'val_top_5', 'seconds', 'imagesPerSecond', 'tensors', 'memory'],
  ]);
  expect(rows).toEqual([
    [1, 0.5, 0.8, null, null, 0.01, 0.99, null, 2, 1000, 10, 1e8],
    [2, 0.5, 0.8, 0.6, null, 0.01, 0.99, 0.97, 2, 1000, 10, 1e8],
  ]);
});

test('no epoch, no row', () => {
  expect(epochData([]).rows).toEqual([]);
});
