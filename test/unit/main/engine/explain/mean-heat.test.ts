import { expect, test } from 'vitest';
import { centreOf, Means, outsideOf, sorted } from '#engine/explain/mean-heat.ts';

const plane = (height: number, width: number, ...values: number[]) => ({
  ...{ height, width },
  values: Float32Array.from(values),
});
const corner = plane(2, 2, 1, 0, 0, 0);
const even = plane(2, 2, 1, 1, 1, 1);
const none = plane(2, 2, 0, 0, 0, 0);

test.each([
  ['a corner', corner, [0.25, 0.25]],
  ['everywhere', even, [0.5, 0.5]],
  ['nowhere', none, [0.5, 0.5]],
  ['below', plane(4, 1, 0, 0, 0, 2), [0.5, 0.875]],
])('the centre of heat %s', (_, map, centre) => {
  expect(centreOf(map)).toEqual(centre);
});

test.each([
  ['inside of the box', corner, { left: 0, top: 0, width: 0.5, height: 0.5 }, 0],
  ['beside the box', corner, { left: 0.5, top: 0.5, width: 0.5, height: 0.5 }, 1],
  ['half inside', corner, { left: 0.25, top: 0, width: 0.75, height: 1 }, 0.5],
  ['a quarter of all', even, { left: 0.25, top: 0.25, width: 0.5, height: 0.5 }, 0.75],
  ['in a box that is all', even, { left: 0, top: 0, width: 1, height: 1 }, 0],
  ['in a box beyond the picture', even, { left: -1, top: -1, width: 3, height: 3 }, 0],
  ['where there is none', none, { left: 0, top: 0, width: 0.5, height: 0.5 }, 0],
])('the part outside: heat %s', (_, map, box, outside) => {
  expect(outsideOf(map, box)).toBeCloseTo(outside, 6);
});

test('means are of maps and of pictures', () => {
  const means = new Means();
  means.add(corner, Uint8Array.of(0, 10));
  means.add(even, Uint8Array.of(255, 20));
  expect(means.count).toBe(2);
  expect(means.map).toEqual(plane(2, 2, 1, 0.5, 0.5, 0.5));
  expect([...means.picture]).toEqual([128, 15]);
});

test('rows: most heat outside first, or else those least like the mean', () => {
  const outside = [0.2, 0.9, 0.5].map((part) => ({ outside: part, map: even }));
  expect(sorted(outside, even).map((row) => row.outside)).toEqual([0.9, 0.5, 0.2]);
  const like = { map: plane(1, 3, 1, 2, 3) };
  const unlike = { map: plane(1, 3, 3, 2, 1) };
  expect(sorted([like, unlike], plane(1, 3, 0, 1, 2))).toEqual([unlike, like]);
});
