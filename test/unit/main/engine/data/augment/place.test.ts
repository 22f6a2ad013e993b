import { expect, test } from 'vitest';
import { makeCanvas } from '#engine/data/augment/canvas.ts';
import { cropAndResize, cropPadded, flipLeftRight, flipUpDown } from '#engine/data/augment/place.ts';

function canvasOf(rows: number[][], channels = 1) {
  const canvas = makeCanvas({ height: rows.length, width: rows[0]!.length / channels, channels });
  canvas.values.set(rows.flat());
  return canvas;
}
const rows = [
  [1, 2, 3],
  [4, 5, 6],
];

test('flips keep the channels of a pixel together', () => {
  const canvas = canvasOf([[1, 2, 3, 4, 5, 6]], 2);
  flipLeftRight(canvas);
  expect([...canvas.values]).toEqual([5, 6, 3, 4, 1, 2]);
  const upright = canvasOf(rows);
  flipUpDown(upright);
  expect([...upright.values]).toEqual([4, 5, 6, 1, 2, 3]);
});

test.each([
  ['in the middle the image itself', 1, 1, 1, [1, 2, 3, 4, 5, 6]],
  ['at the upper left corner zeros above and at the left', 1, 0, 0, [0, 0, 0, 0, 1, 2]],
  ['at the lower right corner zeros below and at the right', 1, 2, 2, [5, 6, 0, 0, 0, 0]],
  ['farther away than the image is wide nothing but zeros', 4, 0, 4, [0, 0, 0, 0, 0, 0]],
  ['without a margin the image itself', 0, 0, 0, [1, 2, 3, 4, 5, 6]],
])('a crop of the padded image is %s', (_, padding, top, left, expected) => {
  const canvas = canvasOf(rows);
  canvas.spare.fill(9);
  cropPadded(canvas, padding, top, left);
  expect([...canvas.values]).toEqual(expected);
});

test('a window of one pixel becomes the whole image, and the whole image stays', () => {
  const canvas = canvasOf(rows);
  cropAndResize(canvas, { top: 0, left: 0, height: 2, width: 3 });
  expect([...canvas.values]).toEqual([1, 2, 3, 4, 5, 6]);
  cropAndResize(canvas, { top: 1, left: 2, height: 1, width: 1 });
  expect([...canvas.values]).toEqual([6, 6, 6, 6, 6, 6]);
});
