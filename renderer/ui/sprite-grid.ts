import { sheetLayout, tileSize, type TileLimit } from '#contract/pictures.ts';

/** How many tiles of this size stand side by side in `width` px; at least one. */
export function columnsIn(width: number, tile: number, gap: number): number {
  return Math.max(1, Math.floor((width + gap) / (tile + gap)));
}

/** The places of one row, 0…count. */
export function placesOfRow(row: number, columns: number, count: number): number[] {
  const first = row * columns;
  return Array.from({ length: Math.max(0, Math.min(columns, count - first)) }, (_, column) => first + column);
}

/** The image drawn into a square of `tile` px, its longer side filling it; whole px, so that neighbours stay out. */
export function drawnSize(image: Size, tile: number, limit: TileLimit = 64): Size {
  const own = tileSize(image, limit);
  const scale = tile / Math.max(own.width, own.height);
  return { width: Math.max(1, Math.round(own.width * scale)), height: Math.max(1, Math.round(own.height * scale)) };
}

/** Which sheet a place is on, how large that sheet is drawn and how far it is moved, px, to show the place. */
export function onSheet(
  place: number,
  drawn: Size,
  limit: TileLimit = 64,
): { page: number; left: number; top: number; width: number; height: number } {
  const { columns, rows, images } = sheetLayout(limit);
  const within = place % images;
  return {
    page: Math.floor(place / images),
    left: -(within % columns) * drawn.width,
    top: -Math.floor(within / columns) * drawn.height,
    width: drawn.width * columns,
    height: drawn.height * rows,
  };
}

/**
 * Where a key leads from `place`: arrows by one or by a row, Home and End within the row, with Ctrl or ⌘ to the ends,
 * PageUp and PageDown by the rows in view. Undefined: not a key that moves. Never leaves 0…count − 1.
 */
export function movedBy(key: MoveKey, place: number, grid: Shape): number | undefined {
  const { count, columns, rowsInView } = grid;
  const column = place % columns;
  const targets: Record<string, number> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    ArrowUp: place - columns,
    ArrowDown: place + columns,
    PageUp: place - columns * Math.max(1, rowsInView - 1),
    PageDown: place + columns * Math.max(1, rowsInView - 1),
    Home: key.far ? 0 : place - column,
    End: key.far ? count - 1 : place - column + columns - 1,
  };
  const target = targets[key.key];
  if (target === undefined || count === 0) return undefined;
  // Up from the first row and down from the last one stay; a page goes as far as there is.
  if (target < 0) return key.key === 'ArrowUp' ? place : key.key === 'PageUp' ? column : 0;
  if (target >= count) return key.key === 'ArrowDown' && sameRow(place, count - 1, columns) ? place : count - 1;
  return target;
}

function sameRow(a: number, b: number, columns: number): boolean {
  return Math.floor(a / columns) === Math.floor(b / columns);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface MoveKey {
  readonly key: string;
  /** Ctrl or ⌘ is held. */
  readonly far: boolean;
}

interface Shape {
  readonly count: number;
  readonly columns: number;
  readonly rowsInView: number;
}
