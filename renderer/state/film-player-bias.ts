import { heatOutside, sharesInside, type HeatPlane, type PlaneBox } from '#contract/heat-plane.ts';

/** Where the network should look: a box in the picture, 0…1 of its width and height. */
export type LookBox = PlaneBox;

export interface OutsideFrame {
  readonly frame: number;
  /** Part of the frame's heat that lies outside the box, 0…1; null where nothing is hot. */
  readonly outside: number | null;
}

/** 0…1; smaller boxes cannot be taken hold of. */
const least = 0.02;

/** A box in the picture as one in what the network saw of it. */
export function boxSeen(box: LookBox, seen: PlaneBox): PlaneBox {
  return {
    left: (box.left - seen.left) / seen.width,
    top: (box.top - seen.top) / seen.height,
    width: box.width / seen.width,
    height: box.height / seen.height,
  };
}

/** Every frame with its share outside, in the frames' order. @param mapOf null where the map could not be read */
export async function outsideOf(
  count: number,
  mapOf: (frame: number) => HeatPlane | null | Promise<HeatPlane | null>,
  box: PlaneBox,
  signal: AbortSignal,
): Promise<OutsideFrame[]> {
  const found: OutsideFrame[] = [];
  let shares: Float32Array | undefined;
  let since = performance.now();
  for (let frame = 0; frame < count; frame++) {
    const given = mapOf(frame);
    const map = given instanceof Promise ? await given : given;
    if (map) shares ??= sharesInside(map, box);
    found.push({ frame, outside: map ? heatOutside(map, box, shares) : null });
    // The page stays alive over a film of an hour.
    if (performance.now() - since > 12) {
      await new Promise((settle) => setTimeout(settle));
      since = performance.now();
    }
    if (signal.aborted) return [];
  }
  return found;
}

/** Worst first; frames without heat last, in their order. */
export function worstFirst(frames: readonly OutsideFrame[]): OutsideFrame[] {
  return [...frames].sort((a, b) => (b.outside ?? -1) - (a.outside ?? -1) || a.frame - b.frame);
}

/** Over the frames that have heat; null where none has. */
export function meanOutside(frames: readonly OutsideFrame[]): number | null {
  const hot = frames.flatMap(({ outside }) => outside ?? []);
  return hot.length > 0 ? hot.reduce((sum, value) => sum + value, 0) / hot.length : null;
}

const between = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** From one corner to another, in any direction; not beyond the picture. */
export function boxBetween(from: { x: number; y: number }, to: { x: number; y: number }): LookBox {
  const [x0, x1] = [from.x, to.x].map((x) => between(x, 0, 1)).sort((a, b) => a - b) as [number, number];
  const [y0, y1] = [from.y, to.y].map((y) => between(y, 0, 1)).sort((a, b) => a - b) as [number, number];
  const width = Math.max(least, x1 - x0);
  const height = Math.max(least, y1 - y0);
  return { left: Math.min(x0, 1 - width), top: Math.min(y0, 1 - height), width, height };
}

/** Moved as a whole; it stops at the picture's edges. */
export function movedBox(box: LookBox, across: number, down: number): LookBox {
  return {
    ...box,
    left: between(box.left + across, 0, 1 - box.width),
    top: between(box.top + down, 0, 1 - box.height),
  };
}

export type BoxEdge = 'n' | 'e' | 's' | 'w' | 'ne' | 'se' | 'sw' | 'nw';

/** One edge or corner moved; the opposite one stays. */
export function resizedBox(box: LookBox, edge: BoxEdge, across: number, down: number): LookBox {
  let { left, top } = box;
  let right = left + box.width;
  let bottom = top + box.height;
  if (edge.includes('w')) left = between(left + across, 0, right - least);
  if (edge.includes('e')) right = between(right + across, left + least, 1);
  if (edge.includes('n')) top = between(top + down, 0, bottom - least);
  if (edge.includes('s')) bottom = between(bottom + down, top + least, 1);
  return { left, top, width: right - left, height: bottom - top };
}
