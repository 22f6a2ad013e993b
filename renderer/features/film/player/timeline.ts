import type { Range } from '#ui/line-data.ts';

/** Where things stand along the time line. Pure; lengths in px. */

export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function pixelOf(seconds: number, { from, to }: Range, { left, right }: Plot): number {
  return left + ((seconds - from) / Math.max(1e-9, to - from)) * (right - left);
}

export function secondsOf(pixel: number, { from, to }: Range, { left, right }: Plot): number {
  const part = (pixel - left) / Math.max(1, right - left);
  return from + Math.min(1, Math.max(0, part)) * (to - from);
}

/** Nearer or farther around a place that stays where it is; null when all is shown. @param factor below 1 is nearer */
export function zoomed(range: Range, whole: Range, around: number, factor: number, least: number): Range | null {
  const length = Math.max(least, (range.to - range.from) * factor);
  if (length >= whole.to - whole.from) return null;
  const part = (around - range.from) / Math.max(1e-9, range.to - range.from);
  return within(whole, around - part * length, length);
}

/** The page of a zoomed range that a place is on; the range itself where it is in it. */
export function following(range: Range, whole: Range, at: number): Range {
  if (at >= range.from && at <= range.to) return range;
  const length = range.to - range.from;
  return within(whole, at > range.to ? at - length * 0.05 : at - length * 0.5, length);
}

function within(whole: Range, from: number, length: number): Range {
  const start = Math.min(whole.to - length, Math.max(whole.from, from));
  return { from: start, to: start + length };
}

/** Heights for labels near their lines' ends: in order, none over another, all within. @param wanted px from above */
export function spreadLabels(wanted: readonly number[], { top, bottom }: Plot, height: number): number[] {
  const order = wanted.map((_, place) => place).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const placed = [...wanted];
  let free = top - height / 2;
  for (const place of order) {
    free = Math.max(free + height, placed[place] ?? 0, top + height / 2);
    placed[place] = free;
  }
  let limit = bottom + height / 2;
  for (const place of order.reverse()) {
    limit = Math.min(limit - height, placed[place] ?? 0);
    placed[place] = limit;
  }
  return placed;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly index: number;
}

/** Frames of the same class on top as stretches of time. @param ends s, of the last frame */
export function stretches(
  seconds: ArrayLike<number>,
  changes: readonly number[],
  topOf: (frame: number) => number,
  ends: number,
): Stretch[] {
  const starts = [0, ...changes];
  return starts.map((frame, place) => {
    const next = starts[place + 1];
    return { from: seconds[frame] ?? 0, to: next === undefined ? ends : (seconds[next] ?? ends), index: topOf(frame) };
  });
}

/** Of marks, those that can be told apart: at least `apart` px between them. */
export function apartBy(pixels: readonly number[], apart: number): number[] {
  const kept: number[] = [];
  for (const pixel of pixels) if (pixel - (kept.at(-1) ?? -Infinity) >= apart) kept.push(pixel);
  return kept;
}
