import { expect, test } from 'vitest';
import { correlation, spearman } from '#engine/explain/ranks.ts';

test.each([
  ['the same order', [1, 2, 3, 10], [2, 4, 9, 11], 1],
  ['the other order', [1, 2, 3], [9, 5, 1], -1],
  // scipy.stats.spearmanr
  ['ties', [1, 2, 2, 3], [1, 3, 2, 4], 0.9486832980505138],
  ['many ties', [0, 0, 0, 1, 2], [5, 0, 0, 0, 7], 0.5],
  ['the same everywhere', [1, 1, 1], [1, 2, 3], 0],
])('Spearman: %s', (_, a, b, expected) => {
  expect(spearman(a, b)).toBeCloseTo(expected, 12);
  expect(spearman(b, a)).toBeCloseTo(expected, 12);
});

test('Pearson sees distances, Spearman order alone', () => {
  // numpy.corrcoef
  expect(correlation([1, 2, 3, 10], [2, 4, 9, 11])).toBeCloseTo(0.8353058416, 9);
});
