import { expect, test } from 'vitest';
import { below, generator, permutation } from '#engine/data/random.ts';

test('draws what sfc32 in C draws', () => {
  const next = generator(12_345, 678);
  expect([next(), next(), next(), next()]).toEqual([1_766_025_774, 1_883_231_597, 2_686_326_406, 771_483_779]);
});

test('a permutation holds every index once, and seed and epoch decide it', () => {
  const first = permutation(1000, 7, 1);
  expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  expect(permutation(1000, 7, 1)).toEqual(first);
  expect(permutation(1000, 7, 2)).not.toEqual(first);
  expect(permutation(1000, 8, 1)).not.toEqual(first);
});

test('a permutation stays what it was in earlier versions, for runs that go on', () => {
  expect([...permutation(10, 1, 1)]).toMatchInlineSnapshot(`
    [
      0,
      3,
      6,
      4,
      9,
      1,
      2,
      5,
      8,
      7,
    ]
  `);
});

test.each([0, 1])('%i images have only one order', (n) => expect(permutation(n, 1, 1)).toHaveLength(n));

test('no place is favoured: χ² of 20,000 orders of 5 stays below the 0.1 % bound', () => {
  const seen = Array.from({ length: 25 }, () => 0);
  const orders = 20_000;
  for (let epoch = 0; epoch < orders; epoch++) {
    for (const [place, index] of permutation(5, 3, epoch).entries())
      seen[place * 5 + index] = seen[place * 5 + index]! + 1;
  }
  const expected = orders / 5;
  const chiSquared = seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquared).toBeLessThan(39.3); // 16 degrees of freedom
});

test('below a limit that does not divide 2³², the last stretch is drawn again', () => {
  const draws = [2 ** 32 - 1, 5];
  expect(below(() => draws.shift()!, 3)).toBe(2);
});
