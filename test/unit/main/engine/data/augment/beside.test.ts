import { describe, expect, test } from 'vitest';
import { lookUp, outside, reflected } from '#engine/data/augment/beside.ts';

const places = [-9, -4.5, -1, -0.25, 0, 1.5, 3, 3.25, 4, 7, 12.5];

// Of four pixels; figures by scipy.ndimage.map_coordinates of [0, 1, 2, 3] with order 1.
describe.each([
  ['nearest', [0, 0, 0, 0, 0, 1.5, 3, 3, 3, 3, 3]],
  ['reflect', [0, 3, 0, 0, 0, 1.5, 3, 3, 3, 0, 2.5]],
  ['wrap', [3, 1.5, 2, 2.75, 0, 1.5, 3, 0.25, 1, 1, 0.5]],
] as const)('%s', (fill, expected) => {
  test.each(places.map((place, at) => [place, expected[at]!]))('at %s is read %s', (place, value) => {
    const found = lookUp(place, 4, fill);
    const left = Math.floor(found);
    const [first, second] = [reflected(left, 4), reflected(left + 1, 4)];
    expect(first + (second - first) * (found - left)).toBeCloseTo(value, 12);
  });
});

test('nothing beside the image is read where one value fills it', () => {
  expect(places.map((place) => lookUp(place, 4, 'constant'))).toEqual([
    ...[outside, outside, outside, outside],
    ...[0, 1.5, 3],
    ...[outside, outside, outside, outside],
  ]);
});

test.each(['nearest', 'reflect', 'wrap'] as const)('an axis of one pixel is that pixel everywhere: %s', (fill) => {
  for (const place of places) expect(reflected(Math.floor(lookUp(place, 1, fill)), 1)).toBe(0);
});
