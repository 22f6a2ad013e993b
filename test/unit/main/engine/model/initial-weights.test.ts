import { expect, test } from 'vitest';
import { initialValues } from '#engine/model/initial-weights.ts';

test.each([
  ['a dense kernel', [300, 100], Math.sqrt(6 / 400)],
  ['a convolution', [5, 5, 32, 64], Math.sqrt(6 / (25 * 96))],
])('%s is even within its limit', (_, shape, limit) => {
  const values = initialValues('glorot_uniform', shape, 1, 0);
  expect(values).toHaveLength(shape.reduce((size, side) => size * side, 1));
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length;
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit);
  expect(Math.max(...values)).toBeGreaterThan(0.999 * limit);
  expect(Math.abs(mean)).toBeLessThan(0.02 * limit);
  expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1);
});

test('seed and stream decide the values', () => {
  const shape = [8, 4];
  expect(initialValues('glorot_uniform', shape, 1, 2)).toEqual(initialValues('glorot_uniform', shape, 1, 2));
  expect(initialValues('glorot_uniform', shape, 1, 2)).not.toEqual(initialValues('glorot_uniform', shape, 2, 2));
  expect(initialValues('glorot_uniform', shape, 1, 2)).not.toEqual(initialValues('glorot_uniform', shape, 1, 3));
});

test('He normal has the spread of its fan in, is cut at two standard deviations, and follows its seed', () => {
  const values = initialValues('he_normal', [3, 3, 16, 32], 5, 1);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const wanted = 2 / (3 * 3 * 16);
  expect(Math.abs(mean)).toBeLessThan(0.005);
  expect(variance / wanted).toBeCloseTo(1, 1);
  const most = (2 * Math.sqrt(wanted)) / 0.8796;
  expect(values.every((value) => Math.abs(value) <= most)).toBe(true);
  expect(values.some((value) => Math.abs(value) > 0.95 * most)).toBe(true);
  expect(initialValues('he_normal', [3, 3, 16, 32], 5, 1)).toEqual(values);
  expect(initialValues('he_normal', [3, 3, 16, 32], 6, 1)).not.toEqual(values);
});

const kernel = [3, 3, 16, 32];
const fans = { in: 9 * 16, out: 9 * 32 };

test.each([
  ['glorot_uniform', 2 / (fans.in + fans.out)],
  ['glorot_normal', 2 / (fans.in + fans.out)],
  ['he_uniform', 2 / fans.in],
  ['he_normal', 2 / fans.in],
  ['lecun_uniform', 1 / fans.in],
  ['lecun_normal', 1 / fans.in],
  ['random_uniform', 0.1 ** 2 / 12],
  ['random_normal', 0.05 ** 2],
] as const)('%s has the variance that Keras gives it', (initializer, variance) => {
  const values = initialValues(initializer, kernel, 3, 1);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const found = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(mean ** 2).toBeLessThan(0.001 * variance);
  expect(found / variance).toBeGreaterThan(0.95);
  expect(found / variance).toBeLessThan(1.05);
});

test('constants are constant', () => {
  expect(initialValues('zeros', [2, 2], 1, 1)).toEqual(new Float32Array(4));
  expect(initialValues('ones', [2, 2], 1, 1)).toEqual(new Float32Array(4).fill(1));
});
