import { expect, test } from 'vitest';
import { arranged } from '#ui/confusion-scene.ts';
import { cellWords, figureOf } from '#ui/confusion-words.ts';

test.each([
  [12, 'count', false, '12'],
  [0.034, 'row', false, '3.4'],
  [3, 'count', true, '+3'],
  [-0.5, 'row', true, '-50.0'],
] as const)('%d as %s (signed: %s) reads %s', (value, share, signed, words) => {
  expect(figureOf(value, share, signed)).toBe(words);
});

test('a cell says its classes, its images and their part; two matrices say both', () => {
  const matrix = { classes: 2, cells: [[0, 1, 3] as const, [0, 0, 9] as const] };
  const options = { share: 'row', hideDiagonal: true, log: false, order: 'classes' } as const;
  const t = (key: string, values?: object) => `${key} ${Object.values(values ?? {}).join('|')}`;
  const place = { row: 0, column: 1 };
  const names = ['cat', 'dog'];
  expect(cellWords(arranged(matrix, names, options, {}), place, t, 'en')).toBe(
    'evaluate.confusion.cellShare cat|dog|3|25.0 %',
  );
  const minus = { classes: 2, cells: [[0, 1, 1] as const] };
  expect(cellWords(arranged(matrix, names, options, { minus }), place, t, 'en')).toBe(
    'evaluate.confusion.cellDifference cat|dog|3|1|25.0 %|100.0 %',
  );
});
