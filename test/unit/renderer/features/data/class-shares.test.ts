import { expect, test } from 'vitest';
import { classShares, shareRows } from '#features/data/class-shares.ts';

const statistics = [
  { split: 'train' as const, count: 4, perClass: [1, 3], mean: [0], std: [0] },
  { split: 'test' as const, count: 0, perClass: [0, 0], mean: [0], std: [0] },
];

test('shares are parts of their split, and of an empty split nothing', () => {
  expect(classShares(['cat', 'dog'], statistics)).toEqual([
    {
      name: 'cat',
      splits: [
        { split: 'train', count: 1, share: 0.25 },
        { split: 'test', count: 0, share: 0 },
      ],
    },
    {
      name: 'dog',
      splits: [
        { split: 'train', count: 3, share: 0.75 },
        { split: 'test', count: 0, share: 0 },
      ],
    },
  ]);
});

test('a class without figures counts as none', () => {
  expect(classShares(['cat', 'dog', 'owl'], statistics.slice(0, 1))[2]?.splits).toEqual([
    { split: 'train', count: 0, share: 0 },
  ]);
});

test('the saved table has counts and shares of every split', () => {
  expect(shareRows(classShares(['cat', 'dog'], statistics))).toEqual([
    ['class', 'train', 'train share', 'test', 'test share'],
    ['cat', 1, 0.25, 0, 0],
    ['dog', 3, 0.75, 0, 0],
  ]);
});
