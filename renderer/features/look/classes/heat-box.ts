/** A box on an image, 0…1 of its width and height. */
export interface HeatBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** No box is smaller, part of a side. */
const least = 0.05;

const within = (value: number, low: number, high: number) => Math.min(Math.max(low, high), Math.max(low, value));

/** As given, within the image and no smaller than can be grasped. */
export function boxWithin({ left, top, width, height }: HeatBox): HeatBox {
  const [wide, high] = [within(width, least, 1), within(height, least, 1)];
  return { left: within(left, 0, 1 - wide), top: within(top, 0, 1 - high), width: wide, height: high };
}

/** The box between two corners, in whichever order they were dragged. */
export function boxBetween(from: Corner, to: Corner): HeatBox {
  const [left, right] = [within(Math.min(from.x, to.x), 0, 1), within(Math.max(from.x, to.x), 0, 1)];
  const [top, bottom] = [within(Math.min(from.y, to.y), 0, 1), within(Math.max(from.y, to.y), 0, 1)];
  return boxWithin({ left, top, width: right - left, height: bottom - top });
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** In the middle, half as wide and high as the image. */
export const middleBox: HeatBox = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };

/** What a key makes of the box: arrows move it, with Shift they size it. Undefined: not a key for boxes. */
export function boxAfterKey(box: HeatBox, key: string, shift: boolean, step = 0.02): HeatBox | undefined {
  const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key];
  if (!way) return undefined;
  const [x = 0, y = 0] = way;
  if (!shift) return boxWithin({ ...box, left: box.left + x, top: box.top + y });
  // It grows to the right and down, until the edge.
  const width = within(box.width + x, least, 1 - box.left);
  const height = within(box.height + y, least, 1 - box.top);
  return { ...box, width, height };
}

interface Map {
  readonly height: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
}

/**
 * Part of a map's heat outside a box, 0…1: each value spread evenly over its cell, cells that the box cuts counted by
 * area. 0 for a map without heat.
 */
export function outsideBox(map: Map, box: HeatBox): number {
  let [all, inside] = [0, 0];
  for (let y = 0; y < map.height; y++) {
    const down = overlap(y / map.height, (y + 1) / map.height, box.top, box.top + box.height) * map.height;
    for (let x = 0; x < map.width; x++) {
      const value = map.values[y * map.width + x] ?? 0;
      all += value;
      const across = overlap(x / map.width, (x + 1) / map.width, box.left, box.left + box.width) * map.width;
      inside += value * down * across;
    }
  }
  return all > 0 ? Math.min(1, Math.max(0, 1 - inside / all)) : 0;
}

const overlap = (from: number, to: number, low: number, high: number) =>
  Math.max(0, Math.min(to, high) - Math.max(from, low));

/** How many values lie in each of `bins` equal parts of 0…1; 1 belongs to the last. */
export function shares(values: readonly number[], bins = 10): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(value * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
