import { expect, test } from 'vitest';
import { sheetLayout, sheetUrl, tileLimitFor, tileLimits, tileSize } from '#contract/pictures.ts';

test.each([
  { size: 28, side: 224, limit: 64 },
  { size: 300, side: 56, limit: 64 },
  { size: 300, side: 65, limit: 128 },
  { size: 100, side: 224, limit: 128 },
  { size: 300, side: 448, limit: 224 },
])('images of $size px drawn at $side come on tiles of $limit', ({ size, side, limit }) => {
  expect(tileLimitFor({ width: size, height: size / 2 }, side)).toBe(limit);
});

test.each(tileLimits)('no sheet with tiles of %i px is wider than 1,024', (limit) => {
  const { columns, rows, images } = sheetLayout(limit);
  const { width } = tileSize({ width: 4000, height: 3000 }, limit);
  expect(columns * width).toBeLessThanOrEqual(1024);
  expect(images).toBe(columns * rows);
});

test('sheets of the smallest tiles keep their address', () => {
  const query = { dataset: 'mnist', split: 'test' } as const;
  expect(sheetUrl(query, 2, 'r')).not.toContain('tile');
  expect(sheetUrl(query, 2, 'r', 128)).toContain('&tile=128&');
});
