import { describe, expect, test } from 'vitest';
import { arranged, spanOf, tableOf, type SceneOptions } from '#ui/confusion-scene.ts';
import type { Matrix } from '#ui/confusion.ts';

const matrix: Matrix = {
  classes: 4,
  cells: [
    [0, 0, 6],
    [0, 2, 2],
    [1, 1, 5],
    [2, 3, 1],
    [3, 3, 4],
  ],
};
const classes = ['ant', 'bass', 'bee', 'carp'];
const groups = { names: ['insects', 'fish'], of: [0, 1, 0, 1] };
const plain: SceneOptions = { share: 'count', hideDiagonal: false, log: false, order: 'classes' };
const placesOf = ({ cells }: ReturnType<typeof arranged>) =>
  cells.map(({ row, column }) => `${row}-${column}`).sort((a, b) => a.localeCompare(b));

describe('ordered by group', () => {
  const scene = arranged(matrix, classes, { ...plain, order: 'ordered' }, { groups });

  test('classes of a group stand together, and a line is before the next one', () => {
    expect(scene.names).toEqual(['ant', 'bee', 'bass', 'carp']);
    expect(scene.borders).toEqual([2]);
    expect(spanOf(scene, groups, 1)).toEqual({ from: 2, end: 4 });
    expect([0, 1, 2, 3].map(scene.classAt)).toEqual([0, 2, 1, 3]);
    expect([0, 1, 2, 3].map(scene.placeOf)).toEqual([0, 2, 1, 3]);
  });

  test('cells go with their classes', () => {
    expect(placesOf(scene)).toEqual(['0-0', '0-1', '1-3', '2-2', '3-3']);
    expect(scene.at({ row: 1, column: 3 })).toEqual({ count: 1, share: 1 });
  });
});

test('whole groups: names, counts and parts are theirs', () => {
  const scene = arranged(matrix, classes, { ...plain, order: 'groups' }, { groups });
  expect(scene.byGroup).toBe(true);
  expect(scene.names).toEqual(['insects', 'fish']);
  expect(scene.at({ row: 0, column: 1 })).toEqual({ count: 1, share: 1 / 9 });
});

test('groups that are not of these classes are left aside', () => {
  const scene = arranged(matrix, classes, { ...plain, order: 'groups' }, { groups: { names: ['x'], of: [0] } });
  expect(scene.byGroup).toBe(false);
  expect(scene.names).toEqual(classes);
});

test('the strongest cells are drawn last, and hidden ones not at all', () => {
  const scene = arranged(matrix, classes, plain, {});
  expect(scene.cells.map(({ value }) => value)).toEqual([1, 2, 4, 5, 6]);
  expect(placesOf(arranged(matrix, classes, { ...plain, hideDiagonal: true }, {}))).toEqual(['0-2', '2-3']);
});

test('a difference knows both its sides, and its table has it', () => {
  const minus: Matrix = { classes: 4, cells: [[0, 0, 8]] };
  const scene = arranged(matrix, classes, plain, { minus });
  expect(scene.at({ row: 0, column: 0 })).toEqual({ count: 6, share: 0.75, minus: { count: 8, share: 1 } });
  expect(tableOf(scene, 'true')[1]).toEqual(['ant', -2, 0, 2, 0]);
  expect(tableOf(scene, 'true')[0]).toEqual(['true', ...classes]);
});

test.each([
  ['to the next cell with images', { row: 0, column: 0 }, [0, 1], { row: 0, column: 2 }],
  ['to the end where there is none', { row: 1, column: 1 }, [0, 1], { row: 1, column: 3 }],
  ['nowhere beyond the edge', { row: 3, column: 0 }, [1, 0], { row: 3, column: 0 }],
] as const)('Ctrl and an arrow lead %s', (_, from, [down, right], to) => {
  expect(arranged(matrix, classes, plain, {}).nextFrom(from, down, right)).toEqual(to);
});
