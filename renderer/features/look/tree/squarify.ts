export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Boxes whose areas are as the weights, as square as may be: Bruls, Huizing, van Wijk 2000, "Squarified Treemaps".
 * @param weights largest first, none negative
 * @returns one box a weight; those without weight have no area
 */
export function squarify(weights: readonly number[], box: Box): Box[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0) || box.width <= 0 || box.height <= 0) {
    return weights.map(() => ({ left: box.left, top: box.top, width: 0, height: 0 }));
  }
  const scale = (box.width * box.height) / total;
  const boxes: Box[] = [];
  let rest = box;
  for (let at = 0; at < weights.length;) {
    const side = Math.min(rest.width, rest.height);
    let end = at + 1;
    let sum = (weights[at] ?? 0) * scale;
    const largest = sum;
    let worst = worstRatio(sum, largest, largest, side);
    while (end < weights.length) {
      const next = (weights[end] ?? 0) * scale;
      const ratio = worstRatio(sum + next, largest, next, side);
      if (ratio > worst) break;
      sum += next;
      worst = ratio;
      end += 1;
    }
    const row = weights.slice(at, end).map((weight) => weight * scale);
    const { placed, left } = placeRow(row, sum, rest);
    boxes.push(...placed);
    rest = left;
    at = end;
  }
  return boxes;
}

/** Of the boxes in a row along a side: how far the least square of them is from a square. */
function worstRatio(sum: number, largest: number, smallest: number, side: number): number {
  if (smallest <= 0 || side <= 0) return sum > 0 && smallest <= 0 ? 0 : Infinity;
  const squared = side * side;
  return Math.max((squared * largest) / (sum * sum), (sum * sum) / (squared * smallest));
}

/** Puts a row along the shorter side; what is left of the box beside it. */
function placeRow(areas: readonly number[], sum: number, box: Box): { placed: Box[]; left: Box } {
  const { left, top, width, height } = box;
  const upright = width >= height;
  const thick = Math.min(upright ? width : height, sum / Math.max(1e-12, upright ? height : width));
  let offset = 0;
  const placed = areas.map((area) => {
    const long = thick > 0 ? area / thick : 0;
    const one = upright
      ? { left, top: top + offset, width: thick, height: long }
      : { left: left + offset, top, width: long, height: thick };
    offset += long;
    return one;
  });
  return {
    placed,
    left: upright
      ? { left: left + thick, top, width: width - thick, height }
      : { left, top: top + thick, width, height: height - thick },
  };
}
