import { describe, expect, test } from 'vitest';
import { around, cellAt, dragged, fitted, showing, within, zoomed, type Area } from '#ui/confusion-view.ts';

const area: Area = { x: 100, y: 50, width: 500, height: 400, count: 1000 };
const few: Area = { ...area, count: 5 };

test('all of a thousand classes fit, and five are not drawn larger than they need', () => {
  expect(fitted(area)).toEqual({ left: 0, top: 0, size: 0.4 });
  expect(fitted(few).size).toBe(64);
});

describe('zooming', () => {
  test('what is under the pointer stays there', () => {
    const at = { x: 300, y: 250 };
    const before = zoomed(fitted(area), area, 20, at);
    const cell = cellAt(before, area, at);
    const after = zoomed(before, area, 3, at);
    expect(after.size).toBeCloseTo(24, 9);
    expect(cellAt(after, area, at)).toEqual(cell);
  });

  test('ends at the whole and at 64 px a cell', () => {
    expect(zoomed(fitted(area), area, 0.1, { x: 300, y: 250 })).toEqual(fitted(area));
    expect(zoomed(fitted(area), area, 1e6, { x: 300, y: 250 }).size).toBe(64);
  });
});

test('dragging moves the matrix with the hand, and never off the area', () => {
  const near = { left: 100, top: 100, size: 10 };
  expect(dragged(near, area, { x: -50, y: 30 })).toEqual({ left: 105, top: 97, size: 10 });
  expect(dragged(near, area, { x: 1e6, y: -1e6 })).toEqual({ left: 0, top: 960, size: 10 });
  expect(within({ left: 9, top: 9, size: 64 }, few)).toEqual({ left: 0, top: 0, size: 64 });
});

test.each([
  ['a cell to the right', 10, 200, { left: 151, top: 0 }],
  ['a cell below', 300, 10, { left: 0, top: 261 }],
  ['a cell in sight', 20, 20, { left: 0, top: 0 }],
])('%s is brought into sight', (_, row, column, place) => {
  expect(showing({ left: 0, top: 0, size: 10 }, area, row, column)).toMatchObject(place);
});

test('a block of classes fills the area', () => {
  const view = around(area, { from: 100, end: 119 }, { from: 400, end: 405 });
  expect(view.size).toBe(20);
  expect(view).toMatchObject({ left: 399.5, top: 99.5 });
});

test.each([
  ['the first cell', { x: 101, y: 51 }, { row: 0, column: 0 }],
  ['the last', { x: 419, y: 369 }, { row: 4, column: 4 }],
  ['a name', { x: 99, y: 60 }, null],
  ['beside a small matrix', { x: 500, y: 60 }, null],
])('the pointer is on %s', (_, at, cell) => {
  expect(cellAt(fitted(few), few, at)).toEqual(cell);
});
