import { describe, expect, test } from 'vitest';
import { augmentationOp, type AugmentationOp } from '#contract/augmentation.ts';
import { draw, drawsOf } from '#engine/data/augment/draw.ts';
import type { Drawn } from '#engine/data/augment/drawn.ts';

const shape = { height: 20, width: 40, channels: 3 };

/** Ranges of what is drawn, by its names. */
const cases: { op: AugmentationOp; ranges: Record<string, [number, number]> }[] = [
  { op: { op: 'brightness', delta: 0.2 }, ranges: { delta: [-0.2, 0.2] } },
  { op: { op: 'contrast', low: 0.5, high: 1.5 }, ranges: { factor: [0.5, 1.5] } },
  { op: { op: 'saturation', low: 0, high: 2 }, ranges: { factor: [0, 2] } },
  { op: { op: 'hue', delta: 0.5 }, ranges: { delta: [-0.5, 0.5] } },
  { op: { op: 'rotation', degrees: 30 }, ranges: { degrees: [-30, 30] } },
  { op: { op: 'shear', degrees: 10 }, ranges: { degrees: [-10, 10] } },
  { op: { op: 'shift', width: 0.1, height: 0.5 }, ranges: { x: [-4, 4], y: [-10, 10] } },
  { op: { op: 'zoom', low: 0.5, high: 2 }, ranges: { x: [0.5, 2], y: [0.5, 2] } },
  { op: { op: 'channel-shift', range: 50 }, ranges: { intensity: [-50, 50] } },
  { op: { op: 'random-crop', padding: 3 }, ranges: { top: [0, 6], left: [0, 6] } },
  { op: { op: 'crop-and-resize', least: 0.5, most: 0.5 }, ranges: { top: [0, 10], left: [0, 20] } },
  { op: { op: 'flip-left-right', probability: 1 }, ranges: {} },
  { op: { op: 'flip-up-down', probability: 1 }, ranges: {} },
];

const thousand = (op: AugmentationOp, extreme: boolean): Record<string, unknown>[] =>
  Array.from({ length: 1000 }, (_, index) => draw(op, drawsOf(1, 1, index, 0), extreme, shape) as Drawn & object);

test('every op is drawn here', () => {
  const all = augmentationOp.options.map(({ shape: { op } }) => op.value);
  expect(cases.map(({ op }) => op.op).sort()).toEqual([...all].sort());
});

describe.each(cases.map((one) => [one.op.op, one] as const))('%s', (name, { op, ranges }) => {
  test('its numbers fill their ranges and never leave them', () => {
    const drawn = thousand(op, false);
    expect(drawn.every((each) => each.op === name)).toBe(true);
    for (const [key, [low, high]] of Object.entries(ranges)) {
      const values = drawn.map((each) => each[key] as number);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      expect(least).toBeGreaterThanOrEqual(low);
      expect(most).toBeLessThanOrEqual(high);
      expect((most - least) / (high - low)).toBeGreaterThan(0.97);
    }
  });

  test('at its most extreme they are one end or the other', () => {
    const drawn = thousand(op, true);
    for (const [key, ends] of Object.entries(ranges)) {
      expect(new Set(drawn.map((each) => each[key]))).toEqual(new Set(ends));
    }
  });
});

test('probability is how often an op is applied: flips a half, others always, unless it is said', () => {
  const share = (op: AugmentationOp, extreme = false) => thousand(op, extreme).filter(Boolean).length / 1000;
  expect(share({ op: 'flip-left-right' })).toBeCloseTo(0.5, 1);
  expect(share({ op: 'rotation', degrees: 5 })).toBe(1);
  expect(share({ op: 'rotation', degrees: 5, probability: 0.2 })).toBeCloseTo(0.2, 1);
  expect(share({ op: 'rotation', degrees: 5, probability: 0 })).toBe(0);
  expect(share({ op: 'rotation', degrees: 5, probability: 0.2 }, true)).toBe(1);
  expect(share({ op: 'rotation', degrees: 5, probability: 0 }, true)).toBe(0);
});

test('another probability leaves the numbers of those that are applied as they were', () => {
  const often = thousand({ op: 'hue', delta: 0.1, probability: 0.9 }, false);
  const always = thousand({ op: 'hue', delta: 0.1 }, false);
  often.forEach((drawn, index) => drawn && expect(drawn).toEqual(always[index]));
});

test('zoom keeps the two sides alike when it is told to', () => {
  const drawn = thousand({ op: 'zoom', low: 0.5, high: 2, together: true }, false);
  expect(drawn.every(({ x, y }) => x === y)).toBe(true);
});

test('seed, pass, index and place in the list each make other numbers', () => {
  const first = (...key: [number, number, number, number]) => drawsOf(...key)();
  const keys = [0, 1, 2, 3].flatMap((seed) => [1, 2, 3].flatMap((pass) => [0, 1].map((place) => [seed, pass, place])));
  const numbers = keys.flatMap(([seed, pass, place]) =>
    Array.from({ length: 100 }, (_, index) => first(seed!, pass!, index, place!)),
  );
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(first(1, 2, 3, 4)).toBe(first(1, 2, 3, 4));
});
