import { expect, test } from 'vitest';
import { cellShares, topConfused } from '#features/evaluate/confusion-shares.ts';

const counts = [
  [8, 2],
  [0, 40],
];

test.each([
  {
    title: 'rows are parts of their true class',
    share: 'row',
    hide: false,
    want: [
      [0.8, 0.2],
      [0, 1],
    ],
  },
  {
    title: 'counts are against the largest',
    share: 'count',
    hide: false,
    want: [
      [0.2, 0.05],
      [0, 1],
    ],
  },
  {
    title: 'without the diagonal the largest error is full',
    share: 'row',
    hide: true,
    want: [
      [0, 1],
      [0, 0],
    ],
  },
] as const)('$title', ({ share, hide, want }) => expect(cellShares(counts, share, hide)).toEqual(want));

test('a class without images divides by nothing', () => {
  expect(
    cellShares(
      [
        [0, 0],
        [0, 0],
      ],
      'row',
      false,
    ),
  ).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test('the pairs most confused come first, and right answers never', () => {
  const pairs = topConfused(
    [
      [5, 1, 3],
      [0, 9, 0],
      [2, 0, 7],
    ],
    2,
  );
  expect(pairs).toEqual([
    { truth: 0, predicted: 2, count: 3 },
    { truth: 2, predicted: 0, count: 2 },
  ]);
});
