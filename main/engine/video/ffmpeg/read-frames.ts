import type { ReadFrames, Reading } from '../stages.ts';
import { readArguments } from './command.ts';
import { atConstantRate } from './constant-rate.ts';
import { judge } from './cut-short.ts';
import { DamageCount } from './damage-count.ts';
import { unreadableFilm } from './ffprobe.ts';
import { ofStamps, readingFilters, stampIn } from './filters.ts';
import { FrameSlicer } from './frame-slicer.ts';
import { findPictures, readPictures } from './pictures.ts';
import { filmDetails, type FilmDetails } from './probe.ts';
import { supervise } from './process.ts';
import { findTools, type Tools } from './tools.ts';

/**
 * Seconds before the part that is wanted where decoding begins, so that a sloppy seek loses nothing. A transport stream has no
 * index: it is entered anywhere, and nothing comes before the next key frame, with x264 up to ten seconds on. Where frames are
 * missing at the part's beginning, decoding begins farther back.
 */
const seekMargins = [1, 15, 60];

/**
 * Nothing comes of a part that lies outside the film; that is no failure. Frames come from ffmpeg over a pipe that is read
 * only when a frame is asked for; their stamps over another, where a frame's comes before the frame itself.
 */
export const readFrames: ReadFrames = async function* (reading, signal) {
  const { film, rate, from = 0, to = Infinity } = reading;
  const pictures = await findPictures(film.path);
  if (pictures) return yield* readPictures(pictures, reading, signal);
  const frames = decoded(reading, signal);
  if (rate === 'source') return yield* frames;
  const { seconds, rate: meanRate } = film.facts;
  return yield* atConstantRate(frames, { rate, from, to, seconds, meanRate });
};

/** Each frame of the film, or of its part, at its own time. */
const decoded: ReadFrames = async function* (reading, signal) {
  const { film, from = 0 } = reading;
  const [details, tools] = await Promise.all([filmDetails(film.path, signal), findTools()]);
  const decoding = { reading, details, tools };
  // Of uneven times a gap is nothing strange.
  const sure = details.transport !== null || !film.facts.variable;
  const margins = sure ? seekMargins : seekMargins.slice(0, 1);
  const before = margins.filter((margin) => margin < from);
  const seeks: (number | null)[] = before.map((margin) => from - margin + details.origin - details.begins);
  // A bare stream of pictures has neither times nor a length, and cannot be entered at all.
  if (before.length < margins.length || film.facts.seconds === null) seeks.push(null);
  for (const [at, seek] of seeks.entries()) {
    const frames = decodedFrom(seek === null ? null : Math.max(0, seek), decoding, signal);
    const first = await frames.next();
    if (at < seeks.length - 1 && isLate(first.done ? null : first.value.seconds, reading)) {
      await frames.return({ damaged: 0 });
      continue;
    }
    if (first.done) return first.value;
    yield first.value;
    return yield* frames;
  }
  return { damaged: 0 };
};

/** Whether there should have been frames before the first that came, seconds; null = none came. */
function isLate(first: number | null, { film, from = 0, to = Infinity }: Reading): boolean {
  const { rate, seconds } = film.facts;
  if (first !== null) return first > from + 1.5 / rate;
  return Math.min(to, seconds ?? Infinity) > from + 0.5 / rate;
}

interface Decoding {
  readonly reading: Reading;
  readonly details: FilmDetails;
  readonly tools: Tools;
}

/** @param seek seconds from the file's beginning at which decoding begins; null = there */
async function* decodedFrom(
  seek: number | null,
  { reading, details, tools }: Decoding,
  signal: AbortSignal,
): ReturnType<ReadFrames> {
  const { film, size, from = 0 } = reading;
  const words = { path: film.path, stream: details.stream, filters: readingFilters(reading, details, tools), seek };
  const stamps = new Stamps();
  const damage = new DamageCount();
  const line = (each: string) => {
    const stamp = stampIn(each);
    if (stamp !== null) stamps.add(stamp);
    // Decoding begins in the middle: what is missing before the part is of no matter.
    else if (seek === null || stamps.any) damage.hear(each);
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
      last = Math.max(index === 0 && from === 0 ? 0 : stamp, last);
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
}

/** Stamps that were said and not yet asked for. */
class Stamps {
  readonly #said: number[] = [];
  /** One was said. */
  any = false;
  #wanted: ((stamp: number | null) => void) | null = null;
  #ended = false;

  add(stamp: number): void {
    this.any = true;
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
