import { expect, test } from 'vitest';
import { sameClasses, twoRuns } from '#features/compare/confusion-pair.ts';
import { runNamed } from '#test/support/compared-rows.ts';

const runs = ['a', 'b', 'c'].map((id) => runNamed(id));

test.each([
  [null, null, null, 'ab'],
  [null, null, 'c', 'ca'],
  ['b', null, 'c', 'ba'],
  ['b', 'c', 'a', 'bc'],
  ['gone', 'c', 'gone', 'ac'],
])('wanted %s and %s, reference %s: %s', (left, right, reference, pair) => {
  expect(
    twoRuns(runs, { left, right }, reference)
      .map(({ id }) => id)
      .join(''),
  ).toBe(pair);
});

test('of one run there is one', () => {
  expect(twoRuns(runs.slice(0, 1), { left: null, right: null }, null)).toHaveLength(1);
});

test('only runs with the same classes in the same order are subtracted', () => {
  const report = (...names: string[]) => ({
    perClass: names.map((name) => ({ class: name, precision: 0, recall: 0, f1: 0, support: 0 })),
  });
  expect(sameClasses(report('x', 'y'), report('x', 'y'))).toBe(true);
  expect(sameClasses(report('x', 'y'), report('y', 'x'))).toBe(false);
  expect(sameClasses(report('x'), null)).toBe(false);
});
