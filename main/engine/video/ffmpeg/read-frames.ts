import type { Frame, FrameSize, ReadFrames, Reading } from '../stages.ts';
import { readArguments } from './command.ts';
import { DamageCount, judge } from './cut-short.ts';
import { unreadableFilm } from './ffprobe.ts';
import { ofStamps, readingFilters, stampIn } from './filters.ts';
import { FrameSlicer } from './frame-slicer.ts';
import { findPictures, readPictures } from './pictures.ts';
import { filmDetails } from './probe.ts';
import { supervise } from './process.ts';
import { findTools } from './tools.ts';

/** Seconds before the part that is wanted where decoding begins, so that a sloppy seek loses nothing. */
const seekMargin = 1;

/**
 * Nothing comes of a part that lies outside the film; that is no failure. Frames come from ffmpeg over a pipe that is read only when a frame is asked for; their stamps over another, where a
 * frame's comes before the frame itself.
 */
export const readFrames: ReadFrames = async function* (reading, signal) {
  const { film, size, rate, from = 0 } = reading;
  const pictures = await findPictures(film.path);
  if (pictures) return yield* readPictures(pictures, reading, signal);
  const [details, tools] = await Promise.all([filmDetails(film.path, signal), findTools()]);
  const seek = from > seekMargin ? Math.max(0, from - seekMargin + details.origin - details.begins) : null;
  const words = { path: film.path, stream: details.stream, filters: readingFilters(reading, details, tools), seek };
  const stamps = new Stamps();
  const damage = new DamageCount();
  const line = (each: string) => {
    const stamp = stampIn(each);
    if (stamp !== null) stamps.add(stamp);
    else damage.hear(each);
    return !ofStamps(each);
  };
  const child = supervise(readArguments(words, tools), { tools, signal, line });
  void child.ended.then(() => stamps.end());
  const slicer = new FrameSlicer(child.stdout, size.width * size.height * 3, reading.reuse);
  let [index, last] = [0, 0];
  try {
    for (;;) {
      const pixels = await slicer.next();
      signal.throwIfAborted();
      if (!pixels) break;
      const stamp = await stamps.next();
      if (stamp === null) throw unreadableFilm(film.path, 'a frame came without its time');
      // Of a whole film its first frame is at 0, whatever the file says; broken stamps may run backwards.
      last = Math.max(index === 0 && from === 0 && rate === 'source' ? 0 : stamp, last);
      yield { index: index++, seconds: last, pixels };
    }
    const ended = await child.ended;
    signal.throwIfAborted();
    return await judge({
      ...{ reading, details, tools, damage, ended, frames: index, last, torn: slicer.torn },
      signal,
    });
  } finally {
    await child.end();
  }
};

/**
 * The frame that is shown at a time: the last whose stamp is not later. The film's first for times before it, its last for
 * times past its end. Null for a film without frames.
 */
export async function readFrameAt(
  film: Reading['film'],
  size: FrameSize,
  seconds: number,
  signal: AbortSignal,
): Promise<Frame | null> {
  const at = Math.min(seconds, film.facts.seconds ?? Infinity) + 0.0005;
  // Frames of slow films stand long: look further back until one is found.
  for (const before of [1.5 / film.facts.rate, 2, 20, Infinity]) {
    const from = Math.max(0, at - before);
    let shown: Frame | null = null;
    try {
      for await (const frame of readFrames({ film, size, rate: 'source', from }, signal)) {
        if (shown && frame.seconds > at) break;
        shown = frame;
      }
    } catch (thrown) {
      // A film that ends too early still has its frames up to there.
      if (signal.aborted || !shown) throw thrown;
    }
    if (from === 0 || (shown && shown.seconds <= at)) return shown;
  }
  return null;
}

/** Stamps that were said and not yet asked for. */
class Stamps {
  readonly #said: number[] = [];
  #wanted: ((stamp: number | null) => void) | null = null;
  #ended = false;

  add(stamp: number): void {
    if (!this.#wanted) return void this.#said.push(stamp);
    this.#wanted(stamp);
    this.#wanted = null;
  }

  end(): void {
    this.#ended = true;
    this.#wanted?.(null);
  }

  next(): Promise<number | null> {
    const [first] = this.#said.splice(0, 1);
    if (first !== undefined) return Promise.resolve(first);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => (this.#wanted = resolve));
  }
}
