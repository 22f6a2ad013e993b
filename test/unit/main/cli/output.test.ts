import { expect, test } from 'vitest';
import { duration, figure, table, whole } from '#cli/output.ts';

test('numbers lean right, words left, wide characters count twice', () => {
  const text = table(
    ['class', 'n'],
    [
      ['猫', 5],
      ['dog', 120],
    ],
  );
  expect(text).toBe(['class    n', '猫       5', 'dog    120'].join('\n'));
});

test.each([
  [0.4, '0 s'],
  [41.2, '41 s'],
  [100, '1 min 40 s'],
  [7500, '2 h 5 min'],
])('%f seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

test.each([
  [0.123456, '0.1235'],
  [1e-8, '1e-8'],
  [2, '2'],
])('%f has four significant figures: %s', (value, text) => expect(figure(value)).toBe(text));

test('thousands have commas', () => expect(whole(1480.4)).toBe('1,480'));
