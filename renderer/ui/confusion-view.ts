/** Which part of a large matrix is in sight, and how large its cells are. Pure; lengths in px, places in cells. */

export interface Area {
  /** Where the cells begin; left of it and above it are the names. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Cells in a row. */
  readonly count: number;
}

export interface View {
  /** The cell, or part of one, at the area's corner. */
  readonly left: number;
  readonly top: number;
  /** The side of a cell. */
  readonly size: number;
}

const largest = 64;

/** All of the matrix. */
export function fitted(area: Area): View {
  return { left: 0, top: 0, size: fitSize(area) };
}

function fitSize({ width, height, count }: Area): number {
  return Math.max(0.01, Math.min(largest, Math.min(width, height) / Math.max(1, count)));
}

/** The same view where it would leave the matrix, or be smaller than all of it. */
export function within(view: View, area: Area): View {
  const size = Math.min(Math.max(view.size, fitSize(area)), largest);
  const most = (room: number) => Math.max(0, area.count - room / size);
  const bound = (value: number, highest: number) => Math.min(Math.max(value, 0), highest);
  return { left: bound(view.left, most(area.width)), top: bound(view.top, most(area.height)), size };
}

/** Nearer by `factor`; what is at `at` stays there. */
export function zoomed(view: View, area: Area, factor: number, at: Point): View {
  const { size } = within({ ...view, size: view.size * factor }, area);
  const stay = (place: number, offset: number) => place + offset / view.size - offset / size;
  return within({ left: stay(view.left, at.x - area.x), top: stay(view.top, at.y - area.y), size }, area);
}

/** Moved with the hand by so many px. */
export function dragged(view: View, area: Area, by: Point): View {
  return within({ ...view, left: view.left - by.x / view.size, top: view.top - by.y / view.size }, area);
}

/** The nearest view in which this cell is whole. */
export function showing(view: View, area: Area, row: number, column: number): View {
  const into = (first: number, cell: number, room: number) => {
    const seen = room / view.size;
    if (cell < first) return cell;
    return cell + 1 > first + seen ? cell + 1 - seen : first;
  };
  return within({ ...view, left: into(view.left, column, area.width), top: into(view.top, row, area.height) }, area);
}

/** A block of cells as large as it can be shown. */
export function around(area: Area, row: Span, column: Span): View {
  const cells = Math.max(row.end - row.from, column.end - column.from, 1);
  const size = Math.min(largest, Math.min(area.width, area.height) / (cells + 1));
  return within({ left: column.from - 0.5, top: row.from - 0.5, size }, area);
}

export interface Span {
  readonly from: number;
  readonly end: number;
}

/** The cell under a point; null beside the matrix. */
export function cellAt(view: View, area: Area, at: Point): { row: number; column: number } | null {
  const column = Math.floor(view.left + (at.x - area.x) / view.size);
  const row = Math.floor(view.top + (at.y - area.y) / view.size);
  const inside = at.x >= area.x && at.y >= area.y && at.x < area.x + area.width && at.y < area.y + area.height;
  return inside && row < area.count && column < area.count ? { row, column } : null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}
