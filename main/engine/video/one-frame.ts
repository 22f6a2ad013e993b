import type { Film } from '#contract/video.ts';
import type { Frame, FrameSize, ReadFrames } from './stages.ts';

/** Time stamps are rounded to the container's clock. */
const rounding = 0.0005;

export type ReadFrameAt = (film: Film, size: FrameSize, seconds: number, signal: AbortSignal) => Promise<Frame | null>;

/**
 * The frame that a player shows at a time: the last that began by then; the first for times before it, the last for times
 * past the end. Null for a film without frames. Fails: `film/…`; with the signal's reason.
 */
export function frameReader(readFrames: ReadFrames): ReadFrameAt {
  return async (film, size, seconds, signal) => {
    const { rate, variable, seconds: length } = film.facts;
    const at = length === null ? seconds : Math.min(seconds, length);
    // Frames of slow films stand long: look further back until one is found.
    for (const before of [variable ? 1 : 1.5 / Math.max(1, rate), 10, Infinity]) {
      const from = Math.max(0, at - before);
      let shown: Frame | null = null;
      try {
        for await (const frame of readFrames({ film, size, rate: 'source', from }, signal)) {
          if (shown && frame.seconds > at + rounding) break;
          shown = frame;
        }
      } catch (thrown) {
        // A film that is damaged further on shows its frames up to there.
        if (signal.aborted || (!shown && from === 0)) throw thrown;
      }
      if (shown && (shown.seconds <= at + rounding || from === 0)) return shown;
      if (from === 0) return null;
    }
    return null;
  };
}
