import { expect, test } from 'vitest';
import type { BatchRow } from '#contract/prediction.ts';
import { batchData, classCounts, filteredRows, fileName, sortedRows } from '#features/look/photos/batch-rows.ts';

const row = (file: string, label: string, probability: number): BatchRow => ({
  file: `/photos/${file}`,
  top: [
    { index: 1, label, id: `n-${label}`, probability },
    { index: 2, label: 'else', probability: 1 - probability },
  ],
});
const torn: BatchRow = {
  file: 'C:\\photos\\torn.jpg',
  top: [],
  failure: { code: 'image/unreadable', message: 'It is torn.', details: {} },
};
const rows = [row('b10.jpg', 'dog', 0.4), torn, row('b9.jpg', 'cat', 0.9), row('a.jpg', 'dog', 0.6)];
const names = (some: readonly BatchRow[]) => some.map(({ file }) => fileName(file));

test.each([
  { filter: { of: null, only: 'all', threshold: 0.5 }, want: ['b10.jpg', 'torn.jpg', 'b9.jpg', 'a.jpg'] },
  { filter: { of: 'dog', only: 'all', threshold: 0.5 }, want: ['b10.jpg', 'a.jpg'] },
  { filter: { of: null, only: 'unsure', threshold: 0.5 }, want: ['b10.jpg'] },
  { filter: { of: 'dog', only: 'unsure', threshold: 0.7 }, want: ['b10.jpg', 'a.jpg'] },
  { filter: { of: null, only: 'odd', threshold: 0.5 }, want: ['torn.jpg'] },
] as const)('$filter leaves $want', ({ filter, want }) => {
  expect(names(filteredRows(rows, filter))).toEqual(want);
});

test.each([
  { sort: null, want: ['b10.jpg', 'torn.jpg', 'b9.jpg', 'a.jpg'] },
  { sort: { column: 'file', down: false }, want: ['a.jpg', 'b9.jpg', 'b10.jpg', 'torn.jpg'] },
  { sort: { column: 'class', down: false }, want: ['b9.jpg', 'b10.jpg', 'a.jpg', 'torn.jpg'] },
  { sort: { column: 'probability', down: true }, want: ['b9.jpg', 'a.jpg', 'b10.jpg', 'torn.jpg'] },
  { sort: { column: 'probability', down: false }, want: ['b10.jpg', 'a.jpg', 'b9.jpg', 'torn.jpg'] },
] as const)('sorted by $sort: $want', ({ sort, want }) => {
  expect(names(sortedRows(rows, sort))).toEqual(want);
});

test('classes are counted, the commonest first', () => {
  expect(classCounts(rows)).toEqual([
    { label: 'dog', count: 2 },
    { label: 'cat', count: 1 },
  ]);
});

test('saved: whole paths, figures unrounded, reasons where there is no answer', () => {
  const { columns, rows: saved } = batchData([row('a.jpg', 'cat', 0.987654), torn], 1);
  expect(columns).toEqual(['file', 'class_1', 'id_1', 'p_1', 'problem']);
  expect(saved).toEqual([
    ['/photos/a.jpg', 'cat', 'n-cat', 0.987654, null],
    ['C:\\photos\\torn.jpg', null, null, null, 'It is torn.'],
  ]);
});
