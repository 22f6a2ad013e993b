import type { Frame } from '../stages.ts';

/** Seconds by which containers round their stamps. */
const rounding = 0.002;

export interface Rate {
  /** Frames a second. */
  readonly rate: number;
  /** Seconds of the film's clock: of the first frame given, and where the last one ends that is wanted; Infinity = the film's end. */
  readonly from: number;
  readonly to: number;
  /** When the film ends, if it says so; otherwise its last frame stands as long as one of its mean rate. */
  readonly seconds: number | null;
  readonly meanRate: number;
}

/**
 * The film at a constant rate: at each moment the frame that stands then, so some are left out and some repeated. ffmpeg's
 * `fps` rounds to the nearest, which shows frames before their time, and forgets the last where its length is unknown.
 */
export async function* atConstantRate<End>(
  frames: AsyncGenerator<Frame, End>,
  { rate, from, to, seconds, meanRate }: Rate,
): AsyncGenerator<Frame, End> {
  let index = 0;
  let shown: Frame | null = null;
  /** All moments before `until` at which this frame stands; copies but for the last, since each belongs to its receiver. */
  function* standing({ pixels }: Frame, until: number) {
    const moments = Math.max(0, Math.ceil((until - rounding - from) * rate - 1e-9)) - index;
    for (let left = moments; left > 0; left--, index++) {
      yield { index, seconds: from + index / rate, pixels: left > 1 ? pixels.slice() : pixels };
    }
  }
  try {
    for (;;) {
      const next = await frames.next();
      if (next.done) {
        if (shown) {
          const said = seconds !== null && seconds > shown.seconds;
          yield* standing(shown, Math.min(to, said ? seconds : shown.seconds + 1 / meanRate));
        }
        return next.value;
      }
      // Before the first frame of a part nothing stands that was read: it takes that place too.
      if (shown) yield* standing(shown, next.value.seconds);
      shown = next.value;
    }
  } finally {
    await frames.return(undefined as End);
  }
}
