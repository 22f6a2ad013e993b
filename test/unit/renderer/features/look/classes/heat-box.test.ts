import { expect, test } from 'vitest';
import { boxAfterKey, boxBetween, boxWithin, middleBox, outsideBox, shares } from '#features/look/classes/heat-box.ts';

const rounded = (box: object | undefined) =>
  box && Object.fromEntries(Object.entries(box).map(([name, value]) => [name, Math.round(Number(value) * 1e3) / 1e3]));

test('the part outside counts cells that the box cuts by area', () => {
  const even = { width: 2, height: 2, values: [1, 1, 1, 1] };
  expect(outsideBox(even, { left: 0, top: 0, width: 0.5, height: 1 })).toBeCloseTo(0.5);
  expect(outsideBox(even, middleBox)).toBeCloseTo(0.75);
  expect(outsideBox({ width: 2, height: 1, values: [3, 1] }, { left: 0, top: 0, width: 0.5, height: 1 })).toBeCloseTo(
    0.25,
  );
  expect(outsideBox(even, { left: 0, top: 0, width: 1, height: 1 })).toBe(0);
});

test('a map without heat has none outside', () => {
  expect(outsideBox({ width: 1, height: 1, values: [0] }, middleBox)).toBe(0);
});

test('a box is dragged in whichever direction, and stays in the image', () => {
  const box = { left: 0.2, top: 0.1, width: 0.6, height: 0.5 };
  expect(rounded(boxBetween({ x: 0.2, y: 0.1 }, { x: 0.8, y: 0.6 }))).toEqual(box);
  expect(rounded(boxBetween({ x: 0.8, y: 0.6 }, { x: 0.2, y: 0.1 }))).toEqual(box);
  expect(rounded(boxBetween({ x: 0.5, y: 0.5 }, { x: 3, y: -2 }))).toEqual({
    ...{ left: 0.5, top: 0, width: 0.5, height: 0.5 },
  });
  expect(rounded(boxWithin({ left: 0.9, top: -1, width: 0.5, height: 0.01 }))).toEqual({
    ...{ left: 0.5, top: 0, width: 0.5, height: 0.05 },
  });
});

test.each<[string, boolean, object | undefined]>([
  ['ArrowLeft', false, { ...middleBox, left: 0.23 }],
  ['ArrowDown', false, { ...middleBox, top: 0.27 }],
  ['ArrowRight', true, { ...middleBox, width: 0.52 }],
  ['ArrowUp', true, { ...middleBox, height: 0.48 }],
  ['x', false, undefined],
])('%s, with Shift: %s', (key, shift, box) => {
  expect(rounded(boxAfterKey(middleBox, key, shift))).toEqual(rounded(box));
});

test('at the edge a box neither leaves the image nor shrinks to nothing', () => {
  const whole = { left: 0, top: 0, width: 1, height: 1 };
  expect(boxAfterKey(whole, 'ArrowRight', false)).toEqual(whole);
  expect(boxAfterKey(whole, 'ArrowRight', true)).toEqual(whole);
  const least = { left: 0.5, top: 0.5, width: 0.05, height: 0.05 };
  expect(rounded(boxAfterKey(least, 'ArrowLeft', true))).toEqual(least);
});

test('shares are counted in tenths; one whole belongs to the last', () => {
  expect(shares([0, 0.05, 0.1, 0.55, 0.99, 1])).toEqual([2, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
});
