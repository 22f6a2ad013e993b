import { expect, test } from 'vitest';
import type { BatchRecord, EpochRecord } from '#contract/training.ts';
import { curveLines, type CurveChoice } from '#features/train/curve-lines.ts';

const batches: BatchRecord[] = [1, 2, 3, 4].map((step) => ({
  step,
  epoch: step <= 2 ? 1 : 2,
  batch: step <= 2 ? step : step - 2,
  batches: 2,
  loss: 1 / step,
  accuracy: step / 10,
}));
const epoch = (n: number, valLoss?: number): EpochRecord => ({
  epoch: n,
  loss: n / 10,
  accuracy: n / 5,
  ...(valLoss === undefined ? {} : { valLoss, valAccuracy: 0.5 }),
  learningRate: 1e-3,
  seconds: 1,
  imagesPerSecond: 1,
  tensors: 1,
  memory: 1,
});
const choice: CurveChoice = {
  quantity: 'loss',
  by: 'batch',
  axis: 'epoch',
  stepsPerEpoch: 2,
  series: 3,
  names: { train: 'training', validation: 'validation' },
};
const numbers = (line: { x: ArrayLike<number>; y: ArrayLike<number> } | undefined) => ({
  x: Array.from(line?.x ?? []),
  y: Array.from(line?.y ?? []),
});

test('batches stand where they end within their epoch, validation where its epoch ends', () => {
  const [train, validation] = curveLines(batches, [epoch(1, 0.7), epoch(2, 0.6)], choice);
  expect(numbers(train)).toEqual({ x: [0.5, 1, 1.5, 2], y: [1, 1 / 2, 1 / 3, 1 / 4] });
  expect(numbers(validation)).toEqual({ x: [1, 2], y: [0.7, 0.6] });
  expect(validation).toMatchObject({ dashed: true, smoothed: false, series: 3 });
});

test('on an axis of steps an epoch ends with its last step', () => {
  const [train, validation] = curveLines(batches, [epoch(1, 0.7), epoch(2, 0.6)], { ...choice, axis: 'step' });
  expect(numbers(train).x).toEqual([1, 2, 3, 4]);
  expect(numbers(validation).x).toEqual([2, 4]);
});

test('by epochs the figures are those on record, accuracy as well', () => {
  const [train] = curveLines(batches, [epoch(1), epoch(2)], { ...choice, by: 'epoch', quantity: 'accuracy' });
  expect(numbers(train)).toEqual({ x: [1, 2], y: [0.2, 0.4] });
});

test('a run without validation has one line', () => {
  expect(curveLines(batches, [epoch(1)], choice)).toHaveLength(1);
});
