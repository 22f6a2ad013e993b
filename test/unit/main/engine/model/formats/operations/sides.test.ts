import { expect, test } from 'vitest';
import { sidesOf } from '#engine/model/formats/operations/sides.ts';
import { transposed } from '#engine/model/formats/operations/transposed.ts';

type Pair = [number, number];

test.each<[string, Pair, Pair, Pair, Pair, Pair[]]>([
  [
    'an odd window, as many on both sides',
    [5, 5],
    [3, 3],
    [1, 1],
    [1, 1],
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    'an even window, the odd one behind',
    [5, 6],
    [2, 4],
    [1, 1],
    [1, 1],
    [
      [0, 1],
      [1, 2],
    ],
  ],
  [
    'strides that come out even',
    [224, 224],
    [3, 3],
    [2, 2],
    [1, 1],
    [
      [0, 1],
      [0, 1],
    ],
  ],
  [
    'strides that do not',
    [5, 7],
    [3, 3],
    [2, 2],
    [1, 1],
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    'strides beyond the window, none',
    [6, 6],
    [1, 1],
    [3, 3],
    [1, 1],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    'a window with holes, by its reach',
    [9, 9],
    [3, 2],
    [1, 1],
    [2, 3],
    [
      [2, 2],
      [1, 2],
    ],
  ],
])('zeros beside the image for %s', (_, input, kernel, strides, dilation, expected) => {
  expect(sidesOf(input, { kernel, strides, dilation, padding: 'same' })).toEqual(expected);
});

test('padding valid has none', () => {
  expect(sidesOf([5, 5], { kernel: [3, 3], strides: [1, 1], padding: 'valid' })).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test('axes change places with their values', () => {
  const values = Float32Array.from({ length: 24 }, (_, place) => place);
  // [2, 3, 4] to [4, 2, 3]: what was at (i, j, k) is at (k, i, j).
  const turned = transposed(values, [2, 3, 4], [2, 0, 1]);
  expect(turned[(3 * 2 + 1) * 3 + 2]).toBe((1 * 3 + 2) * 4 + 3);
  expect([...transposed(turned, [4, 2, 3], [1, 2, 0])]).toEqual([...values]);
});
