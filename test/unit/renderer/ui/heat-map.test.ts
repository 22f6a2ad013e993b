import { expect, test } from 'vitest';
import { heatColourNames, heatStep, heatTable } from '#contract/heat-colours.ts';
import { difference, heatAt, heatMap, heatPixels, isCold, resized, scaled } from '#ui/heat-map.ts';

const map = (width: number, values: number[]) => ({
  width,
  height: values.length / width,
  values: Float32Array.from(values),
});
const near = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1e4) / 1e4);

test('a map comes as float32, little-endian, in base64', () => {
  const bytes = new Uint8Array(new Float32Array([0, 0.25, 1, 0.5]).buffer);
  const values = btoa(String.fromCharCode(...bytes));
  expect(heatMap({ height: 2, width: 2, values })).toEqual(map(2, [0, 0.25, 1, 0.5]));
});

test('resizing is bilinear with half-pixel centres, as tf.image.resize has it', () => {
  // tf.image.resize([[0, 1]], [1, 4]) → 0, 0.25, 0.75, 1
  expect(near(resized(map(2, [0, 1]), 4, 1).values)).toEqual([0, 0.25, 0.75, 1]);
  // The same downwards, and of four values to sixteen.
  expect(near(resized(map(1, [0, 1]), 1, 4).values)).toEqual([0, 0.25, 0.75, 1]);
  const large = resized(map(2, [0, 1, 0, 1]), 4, 4);
  expect(near(large.values)).toEqual([0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1]);
});

test('a map at its own size is itself, and one value is everywhere', () => {
  const own = map(3, [0, 0.1, 0.2, 0.3, 0.4, 1]);
  expect(resized(own, 3, 2)).toEqual(own);
  expect(near(resized(map(1, [0.7]), 3, 3).values)).toEqual(Array(9).fill(0.7));
});

test('what is read at a place is what is drawn there', () => {
  const own = map(3, [0, 0.1, 0.2, 0.3, 0.4, 1]);
  const drawn = resized(own, 30, 20);
  for (const [x, y] of [
    [0, 0],
    [29, 19],
    [13, 7],
    [22, 15],
  ] as const) {
    expect(heatAt(own, (x + 0.5) / 30, (y + 0.5) / 20)).toBeCloseTo(drawn.values[y * 30 + x] ?? NaN, 4);
  }
  expect(heatAt(own, 1, 1)).toBe(1);
});

test('colours are those of the tables; cold places can be clear, and what is no number is', () => {
  const own = map(3, [0, 1, NaN]);
  const turbo = heatTable('turbo');
  const whole = heatPixels(own, { colours: 'turbo', fading: false });
  expect([...whole.subarray(0, 4)]).toEqual([...turbo.subarray(0, 3), 255]);
  expect([...whole.subarray(4, 8)]).toEqual([...turbo.subarray(765, 768), 255]);
  expect([...whole.subarray(8)]).toEqual([0, 0, 0, 0]);
  const faded = heatPixels(map(3, [0, 0.25, 0.5]), { colours: 'jet', fading: true });
  expect([faded[3], faded[7], faded[11]]).toEqual([0, 128, 255]);
});

test.each([
  ['turbo', [48, 18, 59], [122, 4, 3]],
  ['jet', [0, 0, 128], [128, 0, 0]],
  ['inferno', [0, 0, 4], [252, 255, 164]],
  ['viridis', [68, 1, 84], [253, 231, 37]],
] as const)('%s begins and ends as in matplotlib', (name, first, last) => {
  const table = heatTable(name);
  expect(table).toHaveLength(768);
  expect([...table.subarray(0, 3)]).toEqual(first);
  expect([...table.subarray(765)]).toEqual(last);
  expect(heatColourNames).toContain(name);
});

test('values beyond the bar have the colours of its ends', () => {
  expect([-1, 0, 0.5, 1, 7, NaN].map(heatStep)).toEqual([0, 0, 128, 255, 255, 0]);
});

test('a map without heat is cold', () => {
  expect(isCold(map(2, [0, 0]))).toBe(true);
  expect(isCold(map(2, [0, 1e-6]))).toBe(false);
});

test('a difference is on the finer grid, and scales are applied before', () => {
  const a = map(2, [1, 1]);
  const b = map(4, [0, 0, 1, 1]);
  expect(near(difference(a, b).values)).toEqual([1, 1, 0, 0]);
  expect(near(difference(scaled(a, 0.5), b).values)).toEqual([0.5, 0.5, -0.5, -0.5]);
});
