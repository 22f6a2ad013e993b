import { isSaid, withoutChain, type Branch } from './class-tree.ts';
import { squarify, type Box } from './squarify.ts';

export interface Cell extends Box {
  readonly branch: Branch;
  /** Under the branch that fills the picture: 0. */
  readonly depth: number;
  /** Its name stands in a strip at its top, and its children below. */
  readonly headed: boolean;
}

/** Of the strip with a branch's name, px. */
export const headHeight = 18;
const gap = 2;
/** A branch is opened where there is room for its strip and something below; px. */
const least = { width: 46, height: 40 };

/**
 * The cells of a branch and of all below it that are large enough to be seen, parents before children.
 * A branch nearly all of whose weight lies in one of its children is not drawn, nor one whose name nobody says: its
 * children stand in its place, or the picture would be a pile of frames around them.
 * @param weight of a branch: the sum of probabilities below it, or how many classes
 */
export function treemapCells(root: Branch, weight: (branch: Branch) => number, box: Box): Cell[] {
  const cells: Cell[] = [];
  fill(root, box, 0);
  return cells;

  function fill(branch: Branch, inside: Box, depth: number): void {
    const children = branch.children
      .flatMap((child) => parted(child, weight))
      .map((child) => ({ child, size: weight(child) }))
      .filter(({ size }) => size > 0)
      .sort((a, b) => b.size - a.size || a.child.place - b.child.place);
    const boxes = squarify(
      children.map(({ size }) => size),
      inside,
    );
    for (const [at, { child }] of children.entries()) {
      const outer = boxes[at];
      if (!outer || outer.width < 1 || outer.height < 1) continue;
      const cell = inset(outer);
      const opened = child.children.length > 0 && cell.width >= least.width && cell.height >= least.height;
      cells.push({ ...cell, branch: child, depth, headed: opened });
      if (opened) {
        const { left, top, width, height } = cell;
        const below = {
          left: left + gap,
          top: top + headHeight,
          width: width - 2 * gap,
          height: height - headHeight - gap,
        };
        fill(child, below, depth + 1);
      }
    }
  }
}

/** The part of a branch's weight from which on a child stands for it. */
const nearlyAll = 0.85;

function parted(branch: Branch, weight: (branch: Branch) => number): Branch[] {
  const child = withoutChain(branch);
  const limit = nearlyAll * weight(child);
  const divided = isSaid(child) && !child.children.some((one) => weight(one) > limit);
  if (divided || child.children.length === 0) return [child];
  return child.children.flatMap((one) => parted(one, weight));
}

/** Half of the gap to the neighbours on each side, unless too little would be left. */
function inset({ left, top, width, height }: Box): Box {
  const by = (side: number) => Math.min(gap / 2, side / 4);
  const [x, y] = [by(width), by(height)];
  return { left: left + x, top: top + y, width: width - 2 * x, height: height - 2 * y };
}

/** The cells at a place, the innermost last. */
export function cellsAt(cells: readonly Cell[], x: number, y: number): Cell[] {
  return cells.filter(({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height);
}

const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;

/** The cell beside another of the same depth, that way an arrow points; itself when there is none. */
export function cellBeside(cells: readonly Cell[], from: Cell, key: string): Cell {
  const way = ways[key as keyof typeof ways] as readonly [number, number] | undefined;
  if (!way) return from;
  const middle = ({ left, top, width, height }: Cell) => [left + width / 2, top + height / 2] as const;
  const [x, y] = middle(from);
  let [best, far] = [from, Infinity];
  for (const cell of cells) {
    if (cell.depth !== from.depth || cell === from) continue;
    const [dx, dy] = [middle(cell)[0] - x, middle(cell)[1] - y];
    const along = dx * way[0] + dy * way[1];
    const across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (along <= 1 || along < across / 2) continue;
    if (along + 2 * across < far) [best, far] = [cell, along + 2 * across];
  }
  return best;
}
