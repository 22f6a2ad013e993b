/** The arithmetic of confusion matrices: rows are true classes, columns predicted ones. Pure. */

/** Only cells with something in them, `[row, column, count]`. */
export interface Matrix {
  readonly classes: number;
  readonly cells: readonly Cell[];
}

export type Cell = readonly [row: number, column: number, count: number];

/** Groups of classes: CIFAR-100's coarse labels. */
export interface Groups {
  readonly names: readonly string[];
  /** The group of each class. */
  readonly of: readonly number[];
}

/** Images of each true class. */
export function rowTotals({ classes, cells }: Matrix): Float64Array {
  const totals = new Float64Array(classes);
  for (const [row, , count] of cells) totals[row] = (totals[row] ?? 0) + count;
  return totals;
}

/** All cells, row by row; for small matrices. */
export function inFull({ classes, cells }: Matrix): number[][] {
  const rows = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [row, column, count] of cells) rows[row]?.splice(column, 1, count);
  return rows;
}

/** The pairs most often taken for one another, largest count first; `share` is the part of the true class. */
export function topConfused(matrix: Matrix, limit: number): ConfusedPair[] {
  const totals = rowTotals(matrix);
  return matrix.cells
    .filter(([row, column, count]) => row !== column && count > 0)
    .sort((a, b) => b[2] - a[2] || a[0] - b[0] || a[1] - b[1])
    .slice(0, limit)
    .map(([truth, predicted, count]) => ({ truth, predicted, count, share: count / (totals[truth] ?? count) }));
}

export interface ConfusedPair {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
  readonly share: number;
}

/** The matrix of whole groups. */
export function grouped({ cells }: Matrix, { names, of }: Groups): Matrix {
  const classes = names.length;
  const counts = new Map<number, number>();
  for (const [row, column, count] of cells) {
    const place = (of[row] ?? 0) * classes + (of[column] ?? 0);
    counts.set(place, (counts.get(place) ?? 0) + count);
  }
  return { classes, cells: cellsOf(counts, classes) };
}

/** The classes group by group, each group in the classes' own order. */
export function groupOrder({ of }: Groups): number[] {
  return [...of.keys()].sort((a, b) => (of[a] ?? 0) - (of[b] ?? 0) || a - b);
}

export interface Shown {
  /** What colours and figures stand for, by `row * classes + column`: a count, or a part of the row; differences have a sign. */
  readonly values: ReadonlyMap<number, number>;
  /** The largest |value|. */
  readonly largest: number;
}

export interface Showing {
  readonly minus?: Matrix | undefined;
  readonly share: 'count' | 'row';
  readonly hideDiagonal: boolean;
}

/** What there is to see of a matrix, or of one less another. */
export function shownOf(matrix: Matrix, { minus, share, hideDiagonal }: Showing): Shown {
  const values = new Map<number, number>();
  const add = (one: Matrix, sign: 1 | -1) => {
    const totals = share === 'row' ? rowTotals(one) : null;
    for (const [row, column, count] of one.cells) {
      if (count === 0 || (hideDiagonal && row === column)) continue;
      const place = row * matrix.classes + column;
      values.set(place, (values.get(place) ?? 0) + (sign * count) / (totals?.[row] || 1));
    }
  };
  add(matrix, 1);
  if (minus) add(minus, -1);
  let largest = 0;
  for (const [place, value] of values) {
    if (value === 0) values.delete(place);
    largest = Math.max(largest, Math.abs(value));
  }
  // Row per cent keeps its absolute scale unless only errors or differences are shown: those are rarely large.
  if (share === 'row' && !hideDiagonal && !minus) largest = 1;
  return { values, largest };
}

/** How strong the colour is, −1…1. Logarithmic colours raise single images among thousands. */
export function strengthOf(
  value: number,
  { largest }: Pick<Shown, 'largest'>,
  log: boolean,
  share: 'count' | 'row',
): number {
  if (largest === 0 || value === 0) return 0;
  const part = Math.min(1, Math.abs(value) / largest);
  // Counts from one image on; parts over three decades.
  const span = share === 'count' ? Math.max(largest, 2) : 1000;
  const strength = log ? Math.log1p(part * span) / Math.log1p(span) : part;
  return Math.sign(value) * strength;
}

function cellsOf(counts: ReadonlyMap<number, number>, classes: number): Cell[] {
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([place, count]) => [Math.floor(place / classes), place % classes, count]);
}
