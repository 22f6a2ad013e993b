import type { Column } from './compared-columns.ts';

/** px */
export const rowHeight = 28;
export const nameWidth = 220;

const widths: Partial<Record<Column['kind'], number>> = { text: 150, setting: 130 };
const figureWidth = 124;
/** For how a figure stands to the reference's. */
const differenceWidth = 56;

export interface PlacedColumn {
  readonly column: Column;
  readonly width: number;
  /** Where it sticks while the table scrolls to the side; null = it goes along. */
  readonly left: number | null;
}

export interface PlacedColumns {
  readonly columns: readonly PlacedColumn[];
  /** Of a whole row. */
  readonly width: number;
}

/** Pinned columns first, right after the name; all keep their order. */
export function placedColumns(
  columns: readonly Column[],
  pinned: ReadonlySet<string>,
  differences = false,
): PlacedColumns {
  const sorted = [...columns.filter(({ id }) => pinned.has(id)), ...columns.filter(({ id }) => !pinned.has(id))];
  let width = nameWidth;
  const placed = sorted.map((column): PlacedColumn => {
    const left = pinned.has(column.id) ? width : null;
    const own = widths[column.kind] ?? figureWidth + (differences ? differenceWidth : 0);
    width += own;
    return { column, width: own, left };
  });
  return { columns: placed, width };
}
