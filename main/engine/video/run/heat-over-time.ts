import type { FilmSettings } from '#contract/video.ts';
import type { FrameHeat } from '../stages.ts';

/** Seconds after which a running maximum has lost half of what it was. */
const halfLife = 4;

export interface OverTime extends Pick<FilmSettings, 'scale' | 'smoothing'> {
  /** With `fixed`: what 1.0 is; with `two-pass`: the largest of the film. */
  readonly maximum?: number | undefined;
}

/**
 * Maps of a sequence on one scale, and calmed. A map's values are first multiplied by its own maximum, then divided by what
 * the scale says is 1.0 and cut off there; then smoothed: s = smoothing · s of the frame before + (1 − smoothing) · map.
 */
export class HeatOverTime {
  readonly #way: OverTime;
  #running = 0;
  #seconds = 0;
  #smooth: Float32Array | null = null;

  constructor(way: OverTime) {
    this.#way = way;
  }

  /** @returns [height, width] 0…1, the caller's */
  next({ frame, values }: FrameHeat): Float32Array {
    const one = this.#one(frame.maximum, frame.seconds);
    const factor = one > 0 ? frame.maximum / one : 0;
    const scaled = values.map((value) => Math.min(1, value * factor));
    const { smoothing } = this.#way;
    const before = this.#smooth;
    if (before && smoothing > 0) {
      for (let at = 0; at < scaled.length; at++) {
        scaled[at] = smoothing * (before[at] ?? 0) + (1 - smoothing) * (scaled[at] ?? 0);
      }
    }
    this.#smooth = scaled;
    return scaled.slice();
  }

  #one(maximum: number, seconds: number): number {
    const { scale, maximum: given = 1 } = this.#way;
    if (scale === 'frame') return maximum;
    if (scale !== 'running') return given;
    const decay = 0.5 ** (Math.max(0, seconds - this.#seconds) / halfLife);
    this.#seconds = seconds;
    this.#running = Math.max(maximum, this.#running * decay);
    return this.#running;
  }
}
