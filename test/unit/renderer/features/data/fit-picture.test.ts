import { expect, test } from 'vitest';
import { fitted, within } from '#features/data/fit-picture.ts';

const image = { width: 200, height: 100 };
const frame = { width: 50, height: 50 };

test.each([
  { fit: 'crop', x: -25, y: 0, width: 100, height: 50 },
  { fit: 'pad', x: 0, y: 12.5, width: 50, height: 25 },
  { fit: 'stretch', x: 0, y: 0, width: 50, height: 50 },
] as const)('$fit', ({ fit, ...box }) => expect(fitted(image, frame, fit)).toEqual(box));

test('a frame keeps its proportions in its square', () => {
  expect(within({ width: 224, height: 112 }, 56)).toEqual({ width: 56, height: 28 });
});
