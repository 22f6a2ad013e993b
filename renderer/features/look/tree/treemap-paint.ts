import { blues } from '#ui/colour-maps.ts';
import type { Branch } from './class-tree.ts';
import { headHeight, type Cell } from './treemap-scene.ts';

export interface TreemapLook {
  readonly dark: boolean;
  /** CSS colours. */
  readonly lit: string;
  readonly line: string;
  /** Behind names of branches whose parts are seen. */
  readonly frame: string;
  readonly ink: string;
  readonly font: string;
  readonly sum: (branch: Branch) => number;
  /** Branches on the way to the likeliest class. */
  readonly path: ReadonlySet<Branch>;
  readonly hovered: Cell | undefined;
  readonly focused: Cell | undefined;
  readonly figure: (sum: number) => string;
}

/** Small probabilities are told apart too: the square root. */
const shade = (sum: number) => Math.sqrt(Math.min(1, Math.max(0, sum))) * 0.92;

/** @param context in CSS px */
export function paintTreemap(context: CanvasRenderingContext2D, cells: readonly Cell[], look: TreemapLook): void {
  context.textBaseline = 'middle';
  for (const cell of cells) paintCell(context, cell, look);
  for (const cell of cells)
    if (look.path.has(cell.branch)) outline(context, cell, look.lit, cell.depth === 0 ? 2 : 1.5);
  if (look.hovered) outline(context, look.hovered, look.dark ? '#ffffff' : '#1b1b1f', 1.5);
  if (look.focused) outline(context, look.focused, look.lit, 3);
}

function paintCell(context: CanvasRenderingContext2D, cell: Cell, look: TreemapLook): void {
  const { left, top, width, height, branch, headed } = cell;
  const share = shade(look.sum(branch));
  // Colour is for what is not divided further; a frame holds cells that have theirs.
  context.fillStyle = headed ? look.frame : blues(share, look.dark);
  context.fillRect(left, top, width, height);
  context.strokeStyle = look.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  const room = { left: left + 6, top, width: width - 10, height: headed ? headHeight : height };
  if (room.width < 24 || room.height < 13) return;
  context.fillStyle = headed ? look.ink : inkOn(blues(share, look.dark));
  const path = look.path.has(branch);
  context.font = `${path ? 600 : 400} 12px ${look.font}`;
  const y = headed ? top + headHeight / 2 + 1 : top + Math.min(height / 2, 12);
  const figure = look.figure(look.sum(branch));
  const name = fitted(context, branch.name, room.width);
  if (name === '') return;
  context.fillText(name, room.left, y);
  const used = context.measureText(name).width;
  const wide = context.measureText(figure).width;
  if (headed && used + wide + 14 < room.width) context.fillText(figure, left + width - 6 - wide, y);
  else if (!headed && height > 34 && wide < room.width) context.fillText(figure, room.left, y + 16);
}

/** Black or white, whichever stands out better: WCAG's relative luminance. @param colour `rgb(r g b)` */
function inkOn(colour: string): string {
  const [r = 0, g = 0, b = 0] = [...colour.matchAll(/\d+/g)].map(([level]) => (Number(level) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.19 ? '#1b1b1f' : '#ffffff';
}

function outline(context: CanvasRenderingContext2D, cell: Cell, colour: string, width: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  const half = width / 2;
  context.strokeRect(cell.left + half, cell.top + half, cell.width - width, cell.height - width);
}

/** As much of a name as there is room for; nothing when that would be less than two letters. */
function fitted(context: CanvasRenderingContext2D, name: string, width: number): string {
  if (context.measureText(name).width <= width) return name;
  let kept = Math.min(name.length - 1, Math.floor(width / 5));
  while (kept > 1 && context.measureText(`${name.slice(0, kept)}…`).width > width) kept -= 1;
  return kept > 1 ? `${name.slice(0, kept)}…` : '';
}
