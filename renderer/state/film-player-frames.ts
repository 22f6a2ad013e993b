import type { FilmFrames } from '#contract/video.ts';

/** The arithmetic of the film player: which frame is shown, how the classes go. Pure; seconds ascend. */

/** How many of the most probable classes are kept of every frame. */
export const topCount = 5;

/** s; containers keep times in steps of their own, decoders in microseconds: a frame begins this much earlier. */
const slack = 0.0015;

/** The frame shown at a time: the last one that has begun; before the first it is the first. −1 without frames. */
export function frameAt(seconds: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = seconds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seconds[middle] ?? Infinity) <= time + slack) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, Math.min(0, seconds.length - 1));
}

/** s; the last frame stays as long as the one before it. */
export function endOf(seconds: ArrayLike<number>, frame: number): number {
  const from = seconds[frame] ?? 0;
  const next = seconds[frame + 1];
  if (next !== undefined) return next;
  const before = seconds[frame - 1];
  return from + (before === undefined ? 0.04 : from - before);
}

/** The middle of a frame's time: whoever seeks there sees it, however the container rounded its borders. */
export function middleOf(seconds: ArrayLike<number>, frame: number): number {
  return ((seconds[frame] ?? 0) + endOf(seconds, frame)) / 2;
}

type Tops = Pick<FilmFrames, 'topClass' | 'topProbability'>;

/** Frames whose most probable class is another than that of the frame before. */
export function changesOf({ topClass }: Pick<FilmFrames, 'topClass'>): number[] {
  const changes: number[] = [];
  for (let at = topCount; at < topClass.length; at += topCount) {
    if (topClass[at] !== topClass[at - topCount]) changes.push(at / topCount);
  }
  return changes;
}

/** The nearest change before or after a frame; null where there is none. */
export function changeBeside(changes: readonly number[], frame: number, way: 1 | -1): number | null {
  if (way > 0) return changes.find((at) => at > frame) ?? null;
  let before: number | null = null;
  for (const at of changes) if (at < frame) before = at;
  return before;
}

/** The classes most often on top, most often first; of two alike the one more probable on the whole. @param always first of all */
export function oftenOnTop({ topClass, topProbability }: Tops, most: number, always?: number): number[] {
  const onTop = new Map<number, number>();
  const sums = new Map<number, number>();
  for (let at = 0; at < topClass.length; at++) {
    const index = topClass[at] ?? -1;
    // Networks of fewer classes than five.
    if (index < 0) continue;
    if (at % topCount === 0) onTop.set(index, (onTop.get(index) ?? 0) + 1);
    sums.set(index, (sums.get(index) ?? 0) + (topProbability[at] ?? 0));
  }
  const ranked = [...sums.keys()]
    .filter((index) => index !== always)
    .sort((a, b) => (onTop.get(b) ?? 0) - (onTop.get(a) ?? 0) || (sums.get(b) ?? 0) - (sums.get(a) ?? 0));
  return [...(always === undefined ? [] : [always]), ...ranked].slice(0, most);
}

type Answers = Tops & Pick<FilmFrames, 'class' | 'probability'>;

/** Of one class in every frame; not a number where it was not among the five and the heat was for another. */
export function probabilitiesOf(frames: Answers, index: number): Float64Array {
  const { topClass, topProbability } = frames;
  return Float64Array.from(frames.class, (asked, frame) => {
    for (let at = frame * topCount; at < (frame + 1) * topCount; at++) {
      if (topClass[at] === index) return topProbability[at] ?? NaN;
    }
    return asked === index ? (frames.probability[frame] ?? NaN) : NaN;
  });
}

export interface RankedLabel {
  readonly index: number;
  readonly label: string;
  readonly probability: number;
}

/** The most probable classes of one frame. */
export function rankedAt({ topClass, topProbability, labels }: Tops & Pick<FilmFrames, 'labels'>, frame: number) {
  const ranked: RankedLabel[] = [];
  for (let at = frame * topCount; at < (frame + 1) * topCount && at < topClass.length; at++) {
    const index = topClass[at] ?? -1;
    if (index < 0 || ranked.some((one) => one.index === index)) continue;
    ranked.push({ index, label: labels[index] ?? String(index), probability: topProbability[at] ?? 0 });
  }
  return ranked;
}

/** `0:03.20`, `1:02:03.20`: hundredths, for frames are told apart. */
export function clock(seconds: number, decimals: 0 | 2 = 2): string {
  const scale = 10 ** decimals;
  const whole = Math.round(Math.max(0, seconds) * scale);
  const rest = whole % (60 * scale);
  const minutes = Math.floor(whole / (60 * scale));
  const tail = (rest / scale).toFixed(decimals).padStart(decimals === 0 ? 2 : decimals + 3, '0');
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}
