import { describe, expect, test } from 'vitest';
import { areaAverage, asDigit, centreOfMass, inkBox, type Gray } from '#engine/predict/digit.ts';

function drawing(width: number, height: number, ink: (x: number, y: number) => boolean | number): Gray {
  const pixels = Uint8Array.from(
    { length: width * height },
    (_, i) => Number(ink(i % width, Math.floor(i / width))) * 255,
  );
  return { width, height, pixels };
}

const ring = (cx: number, cy: number, r: number) => (x: number, y: number) =>
  Math.abs(Math.hypot(x - cx, y - cy) - r) < r / 5;

const drawings: [string, Gray, { width: number; height: number }][] = [
  ['a zero in the middle', drawing(280, 280, ring(140, 140, 80)), { width: 20, height: 20 }],
  ['a zero in a corner', drawing(280, 280, ring(60, 50, 40)), { width: 20, height: 20 }],
  ['a small zero', drawing(280, 280, ring(200, 200, 10)), { width: 20, height: 20 }],
  ['a thin one', drawing(280, 280, (x, y) => x >= 100 && x < 112 && y >= 40 && y < 240), { width: 1, height: 20 }],
  ['a hair-thin one', drawing(280, 280, (x, y) => x === 9 && y >= 40 && y < 240), { width: 1, height: 20 }],
  ['a dash', drawing(280, 280, (x, y) => x >= 40 && x < 240 && y >= 5 && y < 45), { width: 20, height: 4 }],
  ['a tiny dot', drawing(280, 280, (x, y) => x === 277 && y === 3), { width: 20, height: 20 }],
  [
    'a heavy corner, where two bars meet',
    drawing(56, 56, (x, y) => (x < 12 && y < 40) || (x < 40 && y < 12)),
    { width: 20, height: 20 },
  ],
];

describe.each(drawings)('%s', (_name, picture, size) => {
  const { digit, box } = asDigit(picture, { width: 28, height: 28 });

  test('fills the 20×20 box in its own proportions', () => {
    expect(box).toMatchObject(size);
    expect(digit.pixels).toHaveLength(784);
  });

  test('has its centre of mass in the middle, within half a pixel', () => {
    const centre = centreOfMass(digit)!;
    expect(Math.abs(centre.x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(centre.y - 14)).toBeLessThanOrEqual(0.5);
  });

  test('lies within its box', () => {
    const ink = inkBox(digit)!;
    expect(ink.left).toBeGreaterThanOrEqual(box!.left);
    expect(ink.top).toBeGreaterThanOrEqual(box!.top);
    expect(ink.left + ink.width).toBeLessThanOrEqual(box!.left + box!.width);
    expect(ink.top + ink.height).toBeLessThanOrEqual(box!.top + box!.height);
  });
});

test('where a drawing lies and how large it is makes little difference', () => {
  const one = asDigit(drawing(280, 280, ring(140, 140, 80)), { width: 28, height: 28 }).digit;
  const other = asDigit(drawing(280, 280, ring(70, 200, 40)), { width: 28, height: 28 }).digit;
  const difference = one.pixels.reduce((sum, level, i) => sum + Math.abs(level - other.pixels[i]!), 0) / 784;
  expect(difference).toBeLessThan(4);
});

test('a drawing too lopsided to be centred stays whole within the picture', () => {
  const { box } = asDigit(
    drawing(56, 56, (x, y) => (x < 20 && y < 20) || (x < 40 && y === 39)),
    { width: 28, height: 28 },
  );
  expect(box).toEqual({ left: 8, top: 8, width: 20, height: 20 });
});

test('other networks get the box in proportion', () => {
  const { digit, box } = asDigit(drawing(100, 100, ring(50, 50, 30)), { width: 56, height: 42 });
  expect([digit.width, digit.height, digit.pixels.length]).toEqual([56, 42, 56 * 42]);
  expect(box).toMatchObject({ width: 30, height: 30 });
});

test.each([0, 8 / 255])('an empty canvas (level %f) gives an empty picture and no box', (level) => {
  const { digit, box } = asDigit(
    drawing(280, 280, () => level),
    { width: 28, height: 28 },
  );
  expect(box).toBeNull();
  expect(digit.pixels.every((value) => value === 0)).toBe(true);
});

test.each([
  [4, 2, [0, 255, 0, 255, 0, 255, 0, 255], 2, 1, [128, 128]],
  [3, 1, [255, 0, 0], 2, 1, [170, 0]],
  [2, 1, [0, 255], 4, 1, [0, 0, 255, 255]],
])('area averaging of %i×%i pixels %j to %i×%i gives %j', (width, height, levels, toWidth, toHeight, expected) => {
  const picture = { width, height, pixels: Uint8Array.from(levels) };
  const small = areaAverage(picture, { left: 0, top: 0, width, height }, toWidth, toHeight);
  expect([...small.pixels]).toEqual(expected);
});
