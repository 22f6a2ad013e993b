import { expect, test } from 'vitest';
import { allPicked, nonePicked, picking, type Picked } from '#ui/picking.ts';

type Click = [place: number, how?: 'range' | 'toggle'];

test.each<[string, Click[], number[], number | null]>([
  ['a click picks one', [[3], [5]], [5], 5],
  ['Ctrl adds and takes away', [[3], [5, 'toggle'], [3, 'toggle']], [5], 3],
  ['Shift picks from the last one on', [[3], [6, 'range']], [3, 4, 5, 6], 6],
  ['Shift again goes from the same one', [[3], [6, 'range'], [1, 'range']], [1, 2, 3], 1],
  ['Shift after Ctrl goes from where Ctrl was', [[0], [4, 'toggle'], [6, 'range']], [4, 5, 6], 6],
  ['Shift without a first one picks one', [[2, 'range']], [2], 2],
])('%s', (_, clicks, places, last) => {
  const picked = clicks.reduce<Picked>((before, [place, how]) => picking(before, place, how), nonePicked);
  expect([...picked.places].sort((a, b) => a - b)).toEqual(places);
  expect(picked.last).toBe(last);
});

test('all of none is none', () => {
  expect(allPicked(3).places.size).toBe(3);
  expect(allPicked(0)).toBe(nonePicked);
});
