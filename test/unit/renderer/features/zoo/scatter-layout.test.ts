import { expect, test } from 'vitest';
import { placeLabels, roundTicks } from '#features/zoo/scatter-layout.ts';

const area = { width: 400, height: 200 };

test('a name stands to the right of its bubble where there is room', () => {
  const [label] = placeLabels([{ x: 100, y: 100, radius: 10 }], [60], area);
  expect(label).toMatchObject({ x: 114, anchor: 'start' });
});

test('at the right edge it stands to the left', () => {
  const [label] = placeLabels([{ x: 380, y: 100, radius: 10 }], [60], area);
  expect(label).toMatchObject({ x: 366, anchor: 'end' });
});

test('names cover neither bubbles nor other names', () => {
  const spots = [
    { x: 100, y: 100, radius: 10 },
    { x: 140, y: 100, radius: 10 },
    { x: 60, y: 100, radius: 10 },
  ];
  const [first, second] = placeLabels(spots, [60, 60, 60], area);
  expect(first?.anchor).toBe('middle');
  expect(second?.anchor).toBe('start');
});

test('where there is no room at all there is no name', () => {
  expect(placeLabels([{ x: 10, y: 10, radius: 9 }], [60], { width: 20, height: 20 })).toEqual([null]);
});

test('ticks are 1, 2 and 5 of each decade', () => {
  expect(roundTicks(8, 300)).toEqual([10, 20, 50, 100, 200]);
});
