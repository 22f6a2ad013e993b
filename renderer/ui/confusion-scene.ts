import {
  groupOrder,
  grouped,
  rowTotals,
  shownOf,
  strengthOf,
  type Groups,
  type Matrix,
  type Shown,
} from './confusion.ts';
import type { Place, SceneCell } from './confusion-paint.ts';

export interface SceneOptions {
  readonly share: 'row' | 'count';
  readonly hideDiagonal: boolean;
  readonly log: boolean;
  readonly order: 'classes' | 'ordered' | 'groups';
}

/** A matrix as it is drawn: places are those on the screen, `row` and `column` of a class or a group elsewhere. */
export interface Arranged {
  readonly names: readonly string[];
  readonly cells: readonly SceneCell[];
  readonly borders: readonly number[];
  /** Whether rows and columns are groups. */
  readonly byGroup: boolean;
  /** The class, or group, at a place. */
  classAt(place: number): number;
  placeOf(index: number): number;
  /** What is at a place, whatever is hidden. */
  at(place: Place): CellFigures;
  /** The next place in this direction with something in it; the last one where there is none. */
  nextFrom(place: Place, down: number, right: number): Place;
}

export interface CellFigures {
  readonly count: number;
  /** Part of the true class; 0 where it has no images. */
  readonly share: number;
  /** The same of the matrix that is taken away. */
  readonly minus?: { readonly count: number; readonly share: number };
}

/** Groups count where they fit the classes: a set may have been edited since. */
export function arranged(
  matrix: Matrix,
  classes: readonly string[],
  options: SceneOptions,
  given: { groups?: Groups | undefined; minus?: Matrix | undefined },
): Arranged {
  const groups = given.groups?.of.length === matrix.classes ? given.groups : undefined;
  const byGroup = groups !== undefined && options.order === 'groups';
  const collapse = (one: Matrix) => (byGroup ? grouped(one, groups) : one);
  const base = collapse(matrix);
  const minus = given.minus && collapse(given.minus);
  const order = groups && options.order === 'ordered' ? groupOrder(groups) : null;
  const places = order ? inverse(order) : null;
  const classAt = (place: number) => order?.[place] ?? place;
  const placeOf = (index: number) => places?.[index] ?? index;
  const shown = shownOf(base, { minus, share: options.share, hideDiagonal: options.hideDiagonal });
  const all = byGroup ? groups.names : classes;
  const lookUps = [base, ...(minus ? [minus] : [])].map(figuresOf);
  const cells = cellsOf(shown, base.classes, placeOf, options);
  const filled = new Set(cells.map(({ row, column }) => row * base.classes + column));
  return {
    names: Array.from({ length: base.classes }, (_, place) => all[classAt(place)] ?? String(classAt(place))),
    cells,
    borders: order
      ? order.flatMap((index, place) =>
          place && groups?.of[order[place - 1] ?? 0] !== groups?.of[index] ? [place] : [],
        )
      : [],
    byGroup,
    classAt,
    placeOf,
    at: ({ row, column }) => {
      const [own, taken] = lookUps.map((look) => look(classAt(row), classAt(column)));
      return { count: 0, share: 0, ...own, ...(taken ? { minus: taken } : {}) };
    },
    nextFrom: (from, down, right) => {
      let place = { row: from.row + down, column: from.column + right };
      let last = from;
      while (Math.min(place.row, place.column) >= 0 && Math.max(place.row, place.column) < base.classes) {
        last = place;
        if (filled.has(place.row * base.classes + place.column)) break;
        place = { row: place.row + down, column: place.column + right };
      }
      return last;
    },
  };
}

/** The places of a group's classes, where classes are ordered by group. */
export function spanOf({ placeOf }: Arranged, { of }: Groups, group: number): { from: number; end: number } {
  const places = of.flatMap((own, index) => (own === group ? [placeOf(index)] : []));
  return { from: Math.min(...places), end: Math.max(...places) + 1 };
}

/** Counts, or their differences, as rows of a table with names at its head and side. */
export function tableOf({ names, at }: Arranged, corner: string): (string | number)[][] {
  const rows = names.map((name, row) => [
    name,
    ...names.map((_, column) => {
      const { count, minus } = at({ row, column });
      return count - (minus?.count ?? 0);
    }),
  ]);
  return [[corner, ...names], ...rows];
}

function cellsOf(shown: Shown, classes: number, placeOf: (index: number) => number, { log, share }: SceneOptions) {
  return Array.from(shown.values, ([place, value]): SceneCell => ({
    row: placeOf(Math.floor(place / classes)),
    column: placeOf(place % classes),
    value,
    strength: strengthOf(value, shown, log, share),
  })).sort((a, b) => Math.abs(a.strength) - Math.abs(b.strength));
}

function figuresOf(matrix: Matrix): (row: number, column: number) => { count: number; share: number } {
  const counts = new Map(matrix.cells.map(([row, column, count]) => [row * matrix.classes + column, count]));
  const totals = rowTotals(matrix);
  return (row, column) => {
    const count = counts.get(row * matrix.classes + column) ?? 0;
    return { count, share: count / (totals[row] || 1) };
  };
}

function inverse(order: readonly number[]): number[] {
  const places: number[] = [];
  order.forEach((index, place) => (places[index] = place));
  return places;
}
