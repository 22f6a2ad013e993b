import { expect, test } from 'vitest';
import type { ComparedLine } from '#contract/comparison.ts';
import { comparedLines } from '#features/compare/compared-lines.ts';

const line = (value: number[], more: Partial<ComparedLine> = {}): ComparedLine => ({
  step: value.map((_, place) => 10 * (place + 1)),
  epoch: value.map((_, place) => place + 1),
  seconds: value.map((_, place) => 100 * (place + 1)),
  value,
  ...more,
});
const choice = {
  ...{ axis: 'seconds' as const, by: 'batch' as const, nameOf: () => 'net', seriesOf: (run: string) => Number(run) },
  words: { train: 'training', validation: 'validation' },
};

test('each run has one colour: training solid, held-out images dashed and not smoothed as batches are', () => {
  const [train, validation] = comparedLines([{ run: '3', train: line([1, 2]), validation: line([4]) }], choice);
  expect(train).toEqual({
    ...{ label: 'net · training', series: 3, dashed: false, smoothed: true },
    ...{ x: [100, 200], y: [1, 2] },
  });
  expect(validation).toMatchObject({ label: 'net · validation', series: 3, dashed: true, smoothed: false });
});

test('runs of one name have columns of their own', () => {
  const curves = ['0', '1'].map((run) => ({ run, train: line([1]), validation: null }));
  expect(comparedLines(curves, choice).map(({ label }) => label)).toEqual(['net · training', 'net (2) · training']);
});

test('a run without the figure has no line, and the extremes of stretches go along', () => {
  const stretched = line([1], { low: [0], high: [2] });
  const lines = comparedLines(
    [
      { run: '0', train: null, validation: null },
      { run: '1', train: stretched, validation: null },
    ],
    { ...choice, axis: 'step' },
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ x: [10], low: [0], high: [2] });
});
