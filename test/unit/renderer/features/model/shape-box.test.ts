import { expect, test } from 'vitest';
import { shapeBox } from '#features/model/shape-box.ts';

test.each([
  ['the image itself', [28, 28, 1], 1, 0.1],
  ['half the side, 1,023 channels', [14, 14, 1023], 0.5, 1],
  ['more channels than there is room for', [7, 7, 4096], 0.25, 1],
])('%s is drawn %s', (_, shape, height, width) => {
  const box = shapeBox(shape, 28);
  expect(box.height).toBeCloseTo(height, 5);
  expect(box.width).toBeCloseTo(width, 5);
});

test('a row of values is a thin bar, higher with more values and never out of its room', () => {
  const heights = [1, 10, 100, 12_544, 1e6].map((units) => shapeBox([units], 28).height);
  expect(heights).toEqual([...heights].sort((a, b) => a - b));
  expect(Math.max(...heights)).toBe(1);
  expect(shapeBox([10], 28).width).toBeLessThan(shapeBox([28, 28, 1], 28).width);
});
