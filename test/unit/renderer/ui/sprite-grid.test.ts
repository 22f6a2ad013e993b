import { describe, expect, test } from 'vitest';
import { columnsIn, drawnSize, movedBy, onSheet, placesOfRow } from '#ui/sprite-grid.ts';

test.each([
  { title: 'as many tiles as fit with the gaps between them', width: 124, tile: 28, gap: 4, want: 4 },
  { title: 'one px less drops a column', width: 123, tile: 28, gap: 4, want: 3 },
  { title: 'a narrow pane still has one column', width: 10, tile: 64, gap: 4, want: 1 },
])('$title', ({ width, tile, gap, want }) => {
  expect(columnsIn(width, tile, gap)).toBe(want);
});

test('rows hold neighbouring places and the last one only what is left', () => {
  expect(placesOfRow(0, 4, 10)).toEqual([0, 1, 2, 3]);
  expect(placesOfRow(2, 4, 10)).toEqual([8, 9]);
  expect(placesOfRow(3, 4, 10)).toEqual([]);
});

test.each([
  { title: 'a square image fills its tile', image: { width: 28, height: 28 }, want: { width: 64, height: 64 } },
  { title: 'a wide image keeps its shape', image: { width: 32, height: 16 }, want: { width: 64, height: 32 } },
  {
    title: 'a large image is drawn from its reduced tile',
    image: { width: 640, height: 480 },
    want: { width: 64, height: 48 },
  },
  { title: 'a thin image keeps one px', image: { width: 1000, height: 1 }, want: { width: 64, height: 1 } },
])('$title', ({ image, want }) => {
  expect(drawnSize(image, 64)).toEqual(want);
});

test.each([
  { place: 0, want: { page: 0, left: 0, top: 0 } },
  { place: 17, want: { page: 0, left: -64, top: -64 } },
  { place: 255, want: { page: 0, left: -960, top: -960 } },
  { place: 256, want: { page: 1, left: 0, top: 0 } },
  { place: 59_999, want: { page: 234, left: -960, top: -320 } },
])('place $place is found on its sheet', ({ place, want }) => {
  const { page, left, top } = onSheet(place, { width: 64, height: 64 });
  expect([page, left + 0, top + 0]).toEqual([want.page, want.left, want.top]);
});

describe('keys move through ten images in rows of four, two rows in view', () => {
  const grid = { count: 10, columns: 4, rowsInView: 2 };
  test.each([
    { key: 'ArrowRight', from: 3, want: 4 },
    { key: 'ArrowRight', from: 9, want: 9 },
    { key: 'ArrowLeft', from: 0, want: 0 },
    { key: 'ArrowDown', from: 1, want: 5 },
    { key: 'ArrowDown', from: 7, want: 9 },
    { key: 'ArrowDown', from: 8, want: 8 },
    { key: 'ArrowUp', from: 2, want: 2 },
    { key: 'PageDown', from: 1, want: 5 },
    { key: 'PageUp', from: 2, want: 2 },
    { key: 'Home', from: 6, want: 4 },
    { key: 'End', from: 8, want: 9 },
    { key: 'Home', from: 6, far: true, want: 0 },
    { key: 'End', from: 1, far: true, want: 9 },
    { key: 'a', from: 1, want: undefined },
  ])('$key from $from leads to $want', ({ key, from, far = false, want }) => {
    expect(movedBy({ key, far }, from, grid)).toBe(want);
  });

  test('in an empty grid nothing moves', () => {
    expect(movedBy({ key: 'ArrowDown', far: false }, 0, { ...grid, count: 0 })).toBeUndefined();
  });
});
