import { AppError } from '#contract/failures.ts';
import type { Film } from '#contract/video.ts';
import type { Frame, FrameSize, ReadFrames } from './stages.ts';

/** Seconds before the wanted moment at which reading begins, where frames come unevenly; grows while none is found. */
const lookBack = 2;
/** Time stamps are rounded to the container's clock. */
const rounding = 0.001;

/**
 * The frame that a player shows at this moment: the last one that began by then; after the end, the last.
 * Fails: `film/empty`, `film/…`; with the signal's reason.
 */
export async function frameAt(
  readFrames: ReadFrames,
  { film, size, seconds }: { film: Film; size: FrameSize; seconds: number },
  signal: AbortSignal,
): Promise<Frame> {
  const { rate, variable, seconds: length } = film.facts;
  const at = length === null ? seconds : Math.min(seconds, length);
  let back = variable ? lookBack : 1.5 / Math.max(1, rate);
  for (;;) {
    const from = Math.max(0, at - back);
    const found = await shownAt(readFrames({ film, size, rate: 'source', from }, signal), at);
    if (found) return found;
    if (from === 0) throw new AppError('film/empty', `${film.path} holds no frame.`, { file: film.path });
    back = Math.max(lookBack, back * 4);
  }
}

async function shownAt(frames: AsyncIterable<Frame>, seconds: number): Promise<Frame | null> {
  let shown: Frame | null = null;
  for await (const frame of frames) {
    if (shown && frame.seconds > seconds + rounding) break;
    shown = frame;
    if (frame.seconds > seconds + rounding) break;
  }
  return shown;
}
