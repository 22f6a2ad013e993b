import { setImmediate as breath } from 'node:timers/promises';
import { AppError } from '#contract/failures.ts';
import type { FilmFrame, FilmResult } from '#contract/video.ts';
import type { FrameForm } from '#engine/predict/frame-input.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import type { KnownFilm } from '../ffmpeg/probe.ts';
import type { FilmProgress, FilmRun, FrameSize, Picture } from '../stages.ts';
import type { Answer, Answers } from './answers.ts';
import { frameOf, type FilmNetwork } from './film-network.ts';
import type { FilmStages, OpenStages, StagesPlan } from './film-threads.ts';
import { HeatOverTime } from './heat-over-time.ts';
import type { MadeFiles } from './made-files.ts';
import { Pace } from './pace.ts';
import { wholeSize } from './sizes.ts';
import type { HeatedFrame, ReadEnd, ReadFrame, WriteEnd } from './thread-words.ts';

/** Frames that the network is asked for at once. */
const together = 8;
/** Bytes of frames between decoder and composer. */
const mostBytes = 192 * 1024 * 1024;
/** Stored answers that are read at once. */
const readAhead = 64;

export interface PassParts {
  readonly run: FilmRun;
  readonly known: KnownFilm | null;
  readonly view: FrameSize;
  readonly form: FrameForm;
  readonly seen: FilmResult['seen'];
  readonly classes: OpenModel['classes'];
  readonly network: FilmNetwork;
  readonly answers: Answers;
  readonly files: MadeFiles;
  readonly total: number | null;
  readonly openStages: OpenStages;
}

export interface PassEnd {
  readonly read: ReadEnd;
  readonly write: WriteEnd | null;
  readonly frames: number;
  /** Of the film's clock: the first frame's and the last's. */
  readonly first: number;
  readonly last: number;
}

interface Answered {
  readonly frame: ReadFrame;
  readonly answer: Answer;
}

/** A film's frames from its first to its last: through the network as far as that was not asked before, and into the film made. */
export class Passes {
  readonly #parts: PassParts;
  readonly #tell: (progress: FilmProgress) => void;
  readonly #signal: AbortSignal;
  readonly #slots: number;
  /** Frames that may wait for the network: half the slots, so that the others go on. */
  readonly #most: number;
  /** Frames in one graph. */
  readonly #graph: number;

  constructor(parts: PassParts, tell: (progress: FilmProgress) => void, signal: AbortSignal) {
    this.#parts = parts;
    this.#tell = tell;
    this.#signal = signal;
    const { width, height } = parts.view;
    this.#slots = Math.max(together + 4, Math.min(3 * together, Math.floor(mostBytes / (width * height * 3))));
    this.#most = Math.floor(this.#slots / 2);
    const { every } = parts.run.settings;
    this.#graph = parts.network.takesMany ? Math.max(1, Math.min(together, Math.floor(this.#most / every))) : 1;
  }

  /** Asks, and makes nothing. Fails: as `RunFilm`. */
  async ask(): Promise<void> {
    const pace = new Pace(this.#parts.total, 'first-pass', this.#tell);
    const stages = this.#open(null, () => undefined);
    let asked = 0;
    await this.#pass(stages, (some) => {
      for (const { frame } of some) stages.release(frame.slot);
      asked += some.length;
      const newest = some.at(-1);
      pace.now(asked, newest ? this.#row(newest) : null);
      return Promise.resolve();
    });
  }

  /** Makes the film. @param maximum see `HeatOverTime`. Fails: as `RunFilm`. */
  async make(maximum: number | undefined): Promise<PassEnd> {
    const { run, files, total, classes, answers } = this.#parts;
    const pace = new Pace(total, 'frames', this.#tell);
    const overTime = new HeatOverTime({ ...run.settings, maximum });
    let latest: FilmFrame | null = null;
    let first: number | null = null;
    const stages = this.#open(files.film, (count, picture) => pace.now(count, latest, picture));
    const end = await this.#pass(
      stages,
      async (some) => {
        const rows = some.map((each) => {
          const frame = this.#row(each);
          const map = {
            ...answers.size,
            values: overTime.next({ frame, ...answers.size, values: each.answer.values }),
          };
          return { frame, map, slot: each.frame.slot };
        });
        first ??= rows[0]?.frame.seconds ?? 0;
        const start = first;
        stages.compose(
          rows.map(({ frame, map, slot }): HeatedFrame => {
            const label = { name: classes[frame.class]?.label ?? String(frame.class), probability: frame.probability };
            return { slot, seconds: frame.seconds - start, map, label };
          }),
        );
        latest = rows.at(-1)?.frame ?? latest;
        await files.add(rows);
      },
      () => pace.finishing(),
    );
    const out = end.write?.frames ?? 0;
    if (out === end.frames) return end;
    const reason = `${end.frames} frames went into the encoder, ${out} came out`;
    throw new AppError('film/encoder', `The film could not be written: ${reason}.`, { reason });
  }

  /** Every frame with its answer, in order; `each` has them before the network is asked for more. */
  async #pass(
    stages: FilmStages,
    each: (some: readonly Answered[]) => Promise<void>,
    finishing: () => void = () => undefined,
  ): Promise<PassEnd> {
    const { run, answers } = this.#parts;
    const abort = () => void stages.end();
    this.#signal.addEventListener('abort', abort);
    try {
      const stored = new Stored(answers);
      let current: Answer | null = null;
      let [frames, first, last] = [0, 0, 0];
      for (;;) {
        const held = await this.#collect(stages);
        const fresh = await this.#fresh(held);
        const answered: Answered[] = [];
        for (const frame of held) {
          if (frame.index % run.settings.every === 0)
            current = frame.input ? (fresh.shift() ?? null) : await stored.next();
          if (!current) throw new Error('A frame has no answer.');
          answered.push({ frame, answer: current });
          if (frames++ === 0) first = frame.seconds;
          last = frame.seconds;
        }
        if (held.length === 0) break;
        await each(answered);
        await breath(); // calls are answered between two batches
      }
      if (frames === 0) throw new AppError('film/empty', `${run.film.name} holds no frame.`, { file: run.film.name });
      await answers.end();
      finishing();
      return { ...(await stages.finish()), frames, first, last };
    } finally {
      this.#signal.removeEventListener('abort', abort);
      await stages.end();
    }
  }

  /** As many frames as one graph takes; fewer at the end, none after it. */
  async #collect(stages: FilmStages): Promise<ReadFrame[]> {
    const held: ReadFrame[] = [];
    for (let inputs = 0; inputs < this.#graph && held.length < this.#most;) {
      const frame = await stages.next();
      this.#signal.throwIfAborted();
      if (!frame) return held;
      held.push(frame);
      if (frame.input) inputs++;
    }
    return held;
  }

  async #fresh(held: readonly ReadFrame[]): Promise<Answer[]> {
    const { network, answers } = this.#parts;
    const inputs = held.flatMap(({ input }) => input ?? []);
    if (inputs.length === 0) return [];
    const { answers: fresh, ...size } = await network.ask(inputs, this.#graph, this.#signal);
    this.#signal.throwIfAborted();
    await answers.append(fresh, size);
    return [...fresh];
  }

  #row({ frame, answer }: Answered): FilmFrame {
    const { answers, classes, seen } = this.#parts;
    return frameOf(frame, answer, answers.size, classes, seen);
  }

  #open(file: string | null, written: (count: number, picture?: Picture) => void): FilmStages {
    const { run, known, view, form, seen, answers, openStages } = this.#parts;
    const { film, settings } = run;
    const { rate, from, to, every, quality } = settings;
    const reading = { film, size: view, rate, from, to, reuse: true };
    const plan: StagesPlan = { reading, known, slots: this.#slots, form, every, answered: answers.count };
    if (file === null) return openStages(plan, written);
    const { layout, opacity, labels, bar, colours } = settings;
    const look = { layout, opacity, labels, bar, colours };
    const writing = {
      ...{ path: file, size: wholeSize(view, look), quality },
      rate: rate === 'source' ? ('stamps' as const) : rate,
      sound: settings.sound && film.facts.sound.length > 0 ? { film, from, to } : null,
    };
    return openStages({ ...plan, making: { writing, view, look, seen } }, written);
  }
}

/** Answers kept from an earlier run, one after the other. */
class Stored {
  readonly #answers: Answers;
  #ahead: Answer[] = [];
  #at = 0;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  async next(): Promise<Answer | null> {
    if (this.#ahead.length === 0) this.#ahead = await this.#answers.read(this.#at, readAhead);
    this.#at++;
    return this.#ahead.shift() ?? null;
  }
}
