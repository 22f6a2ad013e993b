import { describe, expect, test } from 'vitest';
import { envelope, nearest, placeOf, smooth, table, thin, type Line } from '#ui/line-data.ts';

test('smoothing follows TensorBoard: an average of 0.5 whose start is freed of its bias', () => {
  // By hand: means 0.5, 1.25, 2.625 over weights 0.5, 0.75, 0.875.
  const [a, b, c] = smooth([1, 2, 4], 0.5);
  expect(a).toBeCloseTo(1, 12);
  expect(b).toBeCloseTo(1.25 / 0.75, 12);
  expect(c).toBeCloseTo(2.625 / 0.875, 12);
});

test.each([0, 0.6, 0.99])('a level line stays level with weight %s', (weight) => {
  for (const value of smooth(new Array(500).fill(0.25), weight)) expect(value).toBeCloseTo(0.25, 10);
});

test('weight 0 leaves every value as it is', () => {
  expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
});

test('a value that is not a number stays and does not spoil those after it', () => {
  const [, hole, after] = smooth([1, NaN, 1], 0.9);
  expect(hole).toBeNaN();
  expect(after).toBeCloseTo(1, 12);
});

test.each([
  [-5, 0, 0],
  [0, 0, 0],
  [0.4, 1, 0],
  [0.6, 1, 1],
  [4, 2, 2],
  [99, 3, 2],
])('in x = 0, 1, 4 the value %s belongs before place %s and is nearest to place %s', (at, place, near) => {
  expect(placeOf([0, 1, 4], at)).toBe(place);
  expect(nearest([0, 1, 4], at)).toBe(near);
});

test('an empty line has no nearest place', () => expect(nearest([], 3)).toBe(-1));

const long = (count: number) => {
  const x = Float64Array.from({ length: count }, (_, i) => i);
  const y = x.map((i) => Math.sin(i / 900));
  return { x, y };
};

test('thinning 100,000 points keeps a single spike, a single dip and both ends', () => {
  const { x, y } = long(100_000);
  y[33_333] = 50;
  y[77_777] = -50;
  const points = thin(x, y, null, 500);
  expect(points.length).toBeLessThanOrEqual(1002);
  expect(points).toContainEqual({ x: 33_333, y: 50 });
  expect(points).toContainEqual({ x: 77_777, y: -50 });
  expect(points[0]?.x).toBe(0);
  expect(points.at(-1)?.x).toBe(99_999);
});

test('thinned points ascend in x and are all points of the line', () => {
  const { x, y } = long(10_007);
  const points = thin(x, y, null, 64);
  for (const [place, point] of points.entries()) {
    expect(point.y).toBe(y[point.x]);
    if (place > 0) expect(point.x).toBeGreaterThan(points[place - 1]?.x ?? Infinity);
  }
});

test('a short line is not thinned', () => {
  expect(thin([1, 2, 3], [5, 6, 7], null, 100)).toEqual([
    { x: 1, y: 5 },
    { x: 2, y: 6 },
    { x: 3, y: 7 },
  ]);
});

test('a range takes its own points and one neighbour on each side', () => {
  const { x, y } = long(1000);
  const inside = thin(x, y, { from: 99.5, to: 102 }, 100).map((point) => point.x);
  expect(inside).toEqual([99, 100, 101, 102]);
});

test('values that are not finite are left out, even at the start of a stretch', () => {
  const { x, y } = long(5000);
  y[0] = Infinity;
  y[100] = NaN;
  y[101] = 9;
  const points = thin(x, y, null, 50);
  expect(points.every((point) => Number.isFinite(point.y))).toBe(true);
  expect(points).toContainEqual({ x: 101, y: 9 });
});

test('the table has a row for each x, with holes where a line has no value', () => {
  const line = (label: string, x: number[], y: number[]): Line => ({
    label,
    series: 0,
    dashed: false,
    smoothed: true,
    x,
    y,
  });
  expect(table('step', [line('train', [1, 2], [0.5, 0.4]), line('validation', [2], [0.6])])).toEqual([
    ['step', 'train', 'validation'],
    [1, 0.5, ''],
    [2, 0.4, 0.6],
  ]);
});

describe('the envelope of a line', () => {
  const line = (y: number[], more: Partial<Line> = {}): Line => ({
    ...{ label: '', series: 0, dashed: false, smoothed: true, x: y.map((_, place) => place), y, ...more },
  });

  test('is not needed where every value can be drawn', () => {
    expect(envelope(line([1, 2, 3, 4]), [1, 2, 3, 4], null, 2)).toBeNull();
  });

  test('has the lowest, the highest and the mean of each stretch', () => {
    const y = [1, 9, 2, 4, 8, 0];
    expect(envelope(line(y), y, null, 2)).toEqual({
      low: [
        { x: 1, y: 1 },
        { x: 4, y: 0 },
      ],
      high: [
        { x: 1, y: 9 },
        { x: 4, y: 8 },
      ],
      mean: [
        { x: 1, y: 4 },
        { x: 4, y: 4 },
      ],
    });
  });

  test('is of the raw values, its middle of the smoothed ones', () => {
    const y = [0, 10, 0, 10, 0, 10];
    const found = envelope(line(y), [5, 5, 5, 5, 5, 5], null, 1);
    expect(found).toMatchObject({ low: [{ y: 0 }], high: [{ y: 10 }], mean: [{ y: 5 }] });
  });

  test('of values that stand for several has their extremes, however few they are', () => {
    const means = line([5, 6], { low: [1, 2], high: [9, 8] });
    expect(envelope(means, means.y, null, 10)).toMatchObject({
      low: [{ y: 1 }, { y: 2 }],
      high: [{ y: 9 }, { y: 8 }],
      mean: [{ y: 5 }, { y: 6 }],
    });
  });

  test('within a range is finer than that of all', () => {
    const y = Array.from({ length: 100 }, (_, place) => place);
    const found = envelope(line(y), y, { from: 40, to: 60 }, 4);
    expect(found?.low[0]?.y).toBe(39);
    expect(found?.high.at(-1)?.y).toBe(60);
    expect(found?.low).toHaveLength(4);
  });

  test('stretches without a number are left out', () => {
    const y = [1, 2, NaN, NaN, 5, 6];
    expect(envelope(line(y), y, null, 1)).toMatchObject({ mean: [{ y: 3.5 }] });
    expect(envelope(line([NaN, NaN, NaN]), [NaN, NaN, NaN], null, 1)).toEqual({ low: [], high: [], mean: [] });
  });
});
