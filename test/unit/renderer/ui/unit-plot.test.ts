import { expect, test } from 'vitest';
import { unitTable } from '#ui/unit-plot.ts';

const axes = { xLabel: 'Recall', yLabel: 'Precision' };

test('the table of a curve has its points, and nothing where it is broken', () => {
  const lines = [{ label: 'curve', series: 0, x: [0, 0.5], y: [1, null] }];
  expect(unitTable({ ...axes, lines })).toEqual([
    ['Recall', 'Precision'],
    [0, 1],
    [0.5, ''],
  ]);
});

test('curves of other lengths stand side by side, each with its own x', () => {
  const lines = [
    { label: 'a', series: 0, x: [0, 1], y: [1, 0] },
    { label: 'b', series: 1, x: [0.5], y: [0.25] },
  ];
  expect(unitTable({ ...axes, lines })).toEqual([
    ['Recall', 'a', 'Recall', 'b'],
    [0, 1, 0.5, 0.25],
    [1, 0, '', ''],
  ]);
});

test('bars give their edges, what they are and what they should be', () => {
  const bars = [{ from: 0, to: 0.5, value: 0.4, expected: 0.3 }];
  expect(unitTable({ xLabel: 'Confidence', yLabel: 'Accuracy', bars, lines: [] })).toEqual([
    ['from', 'to', 'Confidence', 'Accuracy'],
    [0, 0.5, 0.3, 0.4],
  ]);
});
