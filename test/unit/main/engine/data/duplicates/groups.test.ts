import { expect, test } from 'vitest';
import { Groups } from '#engine/data/duplicates/groups.ts';

test('things that belong to one belong to each other', () => {
  const groups = new Groups(8);
  for (const [one, other] of [
    [5, 3],
    [7, 5],
    [1, 6],
    [6, 1],
    [2, 2],
  ] as const)
    groups.join(one, other);
  expect(groups.ofSeveral()).toEqual([
    [1, 6],
    [3, 5, 7],
  ]);
  expect(groups.find(7)).toBe(3);
  expect(groups.find(0)).toBe(0);
});
