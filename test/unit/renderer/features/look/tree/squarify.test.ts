import { expect, test } from 'vitest';
import { squarify } from '#features/look/tree/squarify.ts';

test('the example of the paper: six, six, four, three, two, two, one in 6×4', () => {
  const boxes = squarify([6, 6, 4, 3, 2, 2, 1], { left: 0, top: 0, width: 6, height: 4 });
  const round = (value: number) => Math.round(value * 100) / 100;
  expect(boxes.slice(0, 4).map(({ left, top, width, height }) => [left, top, width, height].map(round))).toEqual([
    [0, 0, 3, 2],
    [0, 2, 3, 2],
    [3, 0, 1.71, 2.33],
    [4.71, 0, 1.29, 2.33],
  ]);
});

test.each([
  { weights: [1], width: 300, height: 200 },
  { weights: [0.9, 0.05, 0.03, 0.0199, 0.0001], width: 640, height: 100 },
  { weights: Array.from({ length: 1000 }, (_, at) => 1 / (at + 1)), width: 800, height: 600 },
])('areas are as the weights, and the boxes fill $width×$height', ({ weights, width, height }) => {
  const boxes = squarify(weights, { left: 10, top: 20, width, height });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [at, { left, top, width: w, height: h }] of boxes.entries()) {
    expect(w * h).toBeCloseTo((weights[at]! / total) * width * height, 4);
    expect(left).toBeGreaterThanOrEqual(10 - 1e-6);
    expect(top).toBeGreaterThanOrEqual(20 - 1e-6);
    expect(left + w).toBeLessThanOrEqual(10 + width + 1e-6);
    expect(top + h).toBeLessThanOrEqual(20 + height + 1e-6);
  }
});

test('equal weights make boxes that are nearly square', () => {
  const boxes = squarify(new Array<number>(24).fill(1), { left: 0, top: 0, width: 600, height: 400 });
  for (const { width, height } of boxes) expect(Math.max(width / height, height / width)).toBeLessThan(1.7);
});

test('what has no weight has no area', () => {
  const box = { left: 0, top: 0, width: 10, height: 10 };
  expect(squarify([0, 0], box).map(({ width }) => width)).toEqual([0, 0]);
  const [, none] = squarify([1, 0], box);
  expect((none?.width ?? 1) * (none?.height ?? 1)).toBe(0);
  expect(squarify([], box)).toEqual([]);
});
