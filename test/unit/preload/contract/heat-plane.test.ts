import { expect, test } from 'vitest';
import { heatOutside, sharesInside } from '#contract/heat-plane.ts';

const plane = (height: number, width: number, ...values: number[]) => ({
  ...{ height, width },
  values: Float32Array.from(values),
});
const corner = plane(2, 2, 1, 0, 0, 0);
const even = plane(2, 2, 1, 1, 1, 1);

test.each([
  ['inside of the box', corner, { left: 0, top: 0, width: 0.5, height: 0.5 }, 0],
  ['beside the box', corner, { left: 0.5, top: 0.5, width: 0.5, height: 0.5 }, 1],
  ['half inside', corner, { left: 0.25, top: 0, width: 0.75, height: 1 }, 0.5],
  ['a quarter of all', even, { left: 0.25, top: 0.25, width: 0.5, height: 0.5 }, 0.75],
  ['in a box that is all', even, { left: 0, top: 0, width: 1, height: 1 }, 0],
  ['in a box beyond the plane', even, { left: -1, top: -1, width: 3, height: 3 }, 0],
  [
    'of one sign only: what is below 0 counts for nothing',
    plane(1, 2, 1, -1),
    { left: 0.5, top: 0, width: 0.5, height: 1 },
    1,
  ],
])('the part outside: heat %s', (_, map, box, outside) => {
  expect(heatOutside(map, box)).toBeCloseTo(outside, 6);
});

test('where nothing is hot nothing lies anywhere', () => {
  expect(heatOutside(plane(2, 2, 0, 0, 0, 0), { left: 0, top: 0, width: 1, height: 1 })).toBeNull();
});

test('shares of a box are its area, cell by cell', () => {
  const box = { left: 0.25, top: 0, width: 0.5, height: 0.25 };
  const shares = sharesInside({ height: 2, width: 4 }, box);
  expect([...shares]).toEqual([0, 0.5, 0.5, 0, 0, 0, 0, 0]);
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeCloseTo(box.width * box.height, 6);
});
