import { expect, test } from 'vitest';
import { lastPlace, partWith, stepped } from '#features/film/film-place.ts';

const facts = { seconds: 5, rate: 25 };

test('the last frame begins one frame before the end', () => {
  expect(lastPlace(facts)).toBeCloseTo(4.96);
  expect(lastPlace({ seconds: null, rate: 25 })).toBeNull();
});

test.each([
  { place: 0, by: 1, want: 0.04 },
  { place: 0, by: -1, want: 0 },
  { place: 0.05, by: 1, want: 0.08 },
  { place: 4.96, by: 1, want: 4.96 },
])('from $place by $by: $want', ({ place, by, want }) => {
  expect(stepped(facts, place, by)).toBeCloseTo(want);
});

test('without a known length there is no end to step to', () => {
  expect(stepped({ seconds: null, rate: 25 }, 100, 1)).toBeCloseTo(100.04);
});

test.each([
  { part: {}, change: { from: 1 }, want: { from: 1, to: undefined } },
  { part: { from: 1 }, change: { to: 3 }, want: { from: 1, to: 3 } },
  { part: { from: 1, to: 3 }, change: { from: 4 }, want: { from: 4, to: undefined } },
  { part: { from: 4 }, change: { to: 2 }, want: { from: undefined, to: 2 } },
  { part: { from: 1, to: 3 }, change: { from: 0 }, want: { from: undefined, to: 3 } },
  { part: { from: 1, to: 3 }, change: { from: undefined, to: undefined }, want: { from: undefined, to: undefined } },
])('$part with $change is $want', ({ part, change, want }) => {
  expect(partWith(part, change)).toEqual(want);
});
