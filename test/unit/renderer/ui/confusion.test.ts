import { describe, expect, test } from 'vitest';
import {
  groupOrder,
  grouped,
  inFull,
  shownOf,
  strengthOf,
  topConfused,
  type Cell,
  type Matrix,
} from '#ui/confusion.ts';

const matrixOf = (rows: number[][]): Matrix => ({
  classes: rows.length,
  cells: rows.flatMap((row, r) => row.flatMap((n, c): Cell[] => (n ? [[r, c, n]] : []))),
});
const small = matrixOf([
  [8, 2],
  [0, 40],
]);

describe('what is shown', () => {
  test.each([
    { title: 'counts are against the largest', share: 'count', hide: false, values: [8, 2, 40], largest: 40 },
    { title: 'rows are parts of their true class', share: 'row', hide: false, values: [0.8, 0.2, 1], largest: 1 },
    { title: 'without the diagonal the largest error is full', share: 'row', hide: true, values: [0.2], largest: 0.2 },
  ] as const)('$title', ({ share, hide, values, largest }) => {
    const shown = shownOf(small, { share, hideDiagonal: hide });
    expect([...shown.values.values()]).toEqual(values);
    expect(shown.largest).toBe(largest);
  });

  test('a difference has a sign, and cells that are the same are left out', () => {
    const minus = matrixOf([
      [5, 5],
      [0, 40],
    ]);
    const counts = shownOf(small, { minus, share: 'count', hideDiagonal: false });
    expect([...counts.values]).toEqual([
      [0, 3],
      [1, -3],
    ]);
    const parts = shownOf(small, { minus, share: 'row', hideDiagonal: true });
    expect(parts.values.get(1)).toBeCloseTo(-0.3, 12);
    expect(parts.largest).toBeCloseTo(0.3, 12);
  });

  test('a class without images divides by nothing', () => {
    expect(shownOf({ classes: 2, cells: [] }, { share: 'row', hideDiagonal: true })).toEqual({
      values: new Map(),
      largest: 0,
    });
    expect(strengthOf(0, { largest: 0 }, true, 'row')).toBe(0);
  });

  test.each([
    [1, false, 0.001],
    [1000, false, 1],
    [-500, false, -0.5],
    [1, true, Math.log(2) / Math.log(1001)],
    [-1000, true, -1],
  ])('of at most 1000, %d has the strength it should (log: %s)', (value, log, strength) => {
    expect(strengthOf(value, { largest: 1000 }, log, 'count')).toBeCloseTo(strength, 12);
  });
});

const groups = { names: ['fish', 'birds'], of: [1, 0, 1] };
const three = matrixOf([
  [5, 1, 3],
  [0, 9, 0],
  [2, 0, 7],
]);

test('classes come group by group, in their own order', () => {
  expect(groupOrder(groups)).toEqual([1, 0, 2]);
});

test('the matrix of groups has all the images', () => {
  expect(inFull(grouped(three, groups))).toEqual([
    [9, 0],
    [1, 17],
  ]);
});

test('the pairs most confused come first with their part of the class, and right answers never', () => {
  expect(topConfused(three, 2)).toEqual([
    { truth: 0, predicted: 2, count: 3, share: 3 / 9 },
    { truth: 2, predicted: 0, count: 2, share: 2 / 9 },
  ]);
});

test('a thousand classes with 50,000 cells are shown and searched in seconds at most', () => {
  const cells = Array.from({ length: 50_000 }, (_, i): Cell => [Math.floor(i / 50), (i * 37) % 1000, 1 + (i % 3)]);
  const started = performance.now();
  shownOf({ classes: 1000, cells }, { share: 'row', hideDiagonal: true });
  expect(topConfused({ classes: 1000, cells }, 100)).toHaveLength(100);
  expect(performance.now() - started).toBeLessThan(8000);
});
