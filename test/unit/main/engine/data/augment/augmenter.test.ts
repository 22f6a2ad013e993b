import { expect, test } from 'vitest';
import { augmentation, type AugmentationOp } from '#contract/augmentation.ts';
import { makeAugmenter } from '#engine/data/augment/augmenter.ts';

const shape = { height: 4, width: 4, channels: 1 };
const augmented = (ops: AugmentationOp[], pixels: number[], fill: 'nearest' | 'constant' = 'nearest') => {
  const image = Uint8Array.from(pixels);
  makeAugmenter(augmentation.parse({ ops, fill }), shape, 1).apply(image, 1, 0);
  return [...image];
};
const ramp = Array.from({ length: 16 }, (_, at) => at * 16);

test('values between two ops are not clipped, those after the last are', () => {
  const up = { op: 'channel-shift', range: 0 } as const;
  const twice = { op: 'contrast', low: 4, high: 4 } as const;
  const half = { op: 'contrast', low: 0.25, high: 0.25 } as const;
  expect(augmented([twice, half, up], ramp)).toEqual(ramp);
  const loud = augmented([twice], ramp);
  expect([loud[0], loud[15]]).toEqual([0, 255]);
  expect(loud[7]).toBe(4 * (7 * 16 - 120) + 120);
});

test('neighbouring maps are one: what leaves the image and comes back is whole', () => {
  const nearer = { op: 'zoom', low: 0.25, high: 0.25 } as const;
  const away = { op: 'zoom', low: 4, high: 4 } as const;
  expect(augmented([nearer, away], ramp, 'constant')).toEqual(ramp);
  const between = { op: 'brightness', delta: 0 } as const;
  expect(augmented([nearer, between, away], ramp, 'constant')).not.toEqual(ramp);
});

test('images of one channel have no colour to change, and an empty list does nothing', () => {
  const colours = [
    { op: 'saturation', low: 0, high: 0 },
    { op: 'hue', delta: 0.5 },
  ] as const;
  expect(augmented([...colours], ramp)).toEqual(ramp);
  expect(augmented([], ramp)).toEqual(ramp);
});

test('the image is changed where it lies within a larger array, and nothing beside it', () => {
  const all = new Uint8Array(48).fill(9);
  all.set(ramp, 16);
  makeAugmenter(augmentation.parse({ ops: [{ op: 'flip-left-right', probability: 1 }] }), shape, 1).apply(
    all.subarray(16, 32),
    1,
    0,
  );
  expect([...all.subarray(16, 20)]).toEqual([48, 32, 16, 0]);
  expect([...all.subarray(0, 16), ...all.subarray(32)].every((byte) => byte === 9)).toBe(true);
});
