import { expect, test } from 'vitest';
import { coarsened, divided, resized } from '#engine/explain/heat.ts';

const plane = (height: number, width: number, ...values: number[]) => ({
  ...{ height, width },
  values: Float32Array.from(values),
});

test('a map is divided by its largest value', () => {
  expect(divided(1, 3, Float32Array.of(1, 4, 2))).toEqual({ map: plane(1, 3, 0.25, 1, 0.5), maximum: 4 });
});

test.each([
  ['without heat', [0, 0], [0, 0], 0],
  ['of what is no number', [Number.NaN, 2], [0, 1], 2],
  ['of infinity', [Number.POSITIVE_INFINITY, 3], [0, 1], 3],
  ['below zero', [-1, 5], [0, 1], 5],
])('a map %s stays a map', (_, raw, values, maximum) => {
  expect(divided(1, 2, Float32Array.from(raw))).toEqual({ map: plane(1, 2, ...values), maximum });
});

test('resizing is bilinear with centres at one half, as tf.image.resize', () => {
  // tf.image.resize([[0, 1], [2, 3]], (4, 4), 'bilinear')
  const rows = [
    [0, 0.25, 0.75, 1],
    [0.5, 0.75, 1.25, 1.5],
    [1.5, 1.75, 2.25, 2.5],
    [2, 2.25, 2.75, 3],
  ];
  expect([...resized(plane(2, 2, 0, 1, 2, 3), 4, 4).values]).toEqual(rows.flat());
  expect(resized(plane(1, 2, 0, 1), 2, 1)).toEqual(plane(1, 2, 0, 1));
});

test('a coarser map has the means of what it covers', () => {
  expect(coarsened(plane(2, 4, 1, 3, 5, 7, 1, 3, 5, 7), 2)).toEqual(plane(2, 2, 2, 6, 2, 6));
  expect(coarsened(plane(1, 2, 1, 2), 8)).toEqual(plane(1, 2, 1, 2));
});
