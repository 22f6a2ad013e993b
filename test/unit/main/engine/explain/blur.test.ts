import { expect, test } from 'vitest';
import { blurred } from '#engine/explain/blur.ts';

test('what is even stays even, of every channel', () => {
  const pixels = Uint8Array.from({ length: 6 * 5 * 3 }, (_, at) => [10, 100, 200][at % 3]!);
  expect(blurred(pixels, [6, 5, 3])).toEqual(pixels);
});

test('a point is spread to all sides alike, and nothing is lost', () => {
  const large = new Uint8Array(31 * 31);
  for (let y = 12; y < 19; y++) large.fill(255, y * 31 + 12, y * 31 + 19);
  const soft = blurred(large, [31, 31, 1]);
  const at = (x: number, y: number) => soft[y * 31 + x]!;
  expect(at(15, 15)).toBeLessThan(255);
  expect(at(9, 15)).toBe(at(21, 15));
  expect(at(9, 15)).toBe(at(15, 9));
  const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);
  expect(Math.abs(sum(soft) / sum(large) - 1)).toBeLessThan(0.02);
});
