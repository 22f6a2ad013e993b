import { expect, test } from 'vitest';
import { makeCanvas } from '#engine/data/augment/canvas.ts';
import { saturate, turnHue } from '#engine/data/augment/colour.ts';

type Colour = [red: number, green: number, blue: number];

const pixel = (values: Colour) => {
  const canvas = makeCanvas({ height: 1, width: 1, channels: 3 });
  canvas.values.set(values);
  return canvas;
};

test.each<[string, Colour, number, Colour]>([
  ['red a third of a turn on', [255, 0, 0], 1 / 3, [0, 255, 0]],
  ['red a third of a turn back', [255, 0, 0], -1 / 3, [0, 0, 255]],
  ['a half turn', [200, 100, 50], 0.5, [50, 150, 200]],
  ['a turn past red', [255, 0, 51], 0.1, [255, 102, 0]],
  ['grey, which has none', [80, 80, 80], 0.3, [80, 80, 80]],
  ['values beyond the full range', [300, -20, -20], 0.5, [-20, 300, 300]],
])('hue: %s', (_, from, delta, to) => {
  const canvas = pixel(from);
  turnHue(canvas, delta);
  to.forEach((value, channel) => expect(canvas.values[channel]).toBeCloseTo(value, 3));
});

test.each<[string, Colour, number, Colour]>([
  ['none leaves the brightest of the three', [200, 100, 50], 0, [200, 200, 200]],
  ['twice as much is no more than all', [200, 50, 50], 2, [200, 0, 0]],
  ['a pixel below black has none', [-10, -30, -20], 1.5, [-10, -10, -10]],
  ['black stays', [0, 0, 0], 3, [0, 0, 0]],
])('saturation: %s', (_, from, factor, to) => {
  const canvas = pixel(from);
  saturate(canvas, factor);
  to.forEach((value, channel) => expect(canvas.values[channel]).toBeCloseTo(value, 3));
});
