import { expect, test } from 'vitest';
import type { Column } from '#features/compare/compared-columns.ts';
import { nameWidth, placedColumns } from '#features/compare/placed-columns.ts';

const column = (id: string): Column => ({ id, title: id, group: 'figure', kind: 'loss', value: () => null });

test('pinned columns come first and stick one after the other', () => {
  const { columns, width } = placedColumns(['a', 'b', 'c'].map(column), new Set(['c', 'b']));
  expect(columns.map(({ column: { id } }) => id)).toEqual(['b', 'c', 'a']);
  const own = columns[0]!.width;
  expect(columns.map(({ left }) => left)).toEqual([nameWidth, nameWidth + own, null]);
  expect(width).toBe(nameWidth + columns.reduce((sum, one) => sum + one.width, 0));
});
