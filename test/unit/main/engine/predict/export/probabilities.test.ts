import { expect, test } from 'vitest';
import { differenceOf, probabilitiesOf } from '#engine/predict/export/probabilities.ts';

test('each row of logits becomes probabilities of its own', () => {
  const rows = probabilitiesOf(Float32Array.of(0, 0, 1000, 0), 2);
  expect([...rows]).toEqual([0.5, 0.5, 1, 0]);
});

test.each([
  { why: 'equal', b: [0.9, 0.1, 0.4, 0.6], want: { furthest: 0, agree: 2 } },
  { why: 'another class in one row', b: [0.4, 0.6, 0.4, 0.6], want: { furthest: 0.5, agree: 1 } },
  { why: 'no number', b: [Number.NaN, 0.1, 0.4, 0.6], want: { furthest: Infinity } },
  { why: 'fewer classes', b: [1, 1], want: { furthest: Infinity, agree: 0 } },
])('$why', ({ b, want }) => {
  const { furthest, agree } = differenceOf(Float32Array.of(0.9, 0.1, 0.4, 0.6), Float32Array.from(b), 2);
  expect(furthest).toBeCloseTo(want.furthest, 6);
  if ('agree' in want) expect(agree).toBe(want.agree);
});
