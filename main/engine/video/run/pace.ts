import type { FilmFrame } from '#contract/video.ts';
import type { FilmProgress, Picture } from '../stages.ts';

/** Milliseconds over which the pace is measured, and between two messages. */
const window = 4000;
const pause = 100;

/** How far a pass is, and how fast of late. */
export class Pace {
  readonly #total: number | null;
  readonly #stage: FilmProgress['stage'];
  readonly #tell: (progress: FilmProgress) => void;
  /** When how many were done, the oldest first. */
  readonly #marks: { at: number; done: number }[];
  #told = -Infinity;
  #last: FilmProgress | null = null;

  constructor(total: number | null, stage: FilmProgress['stage'], tell: (progress: FilmProgress) => void) {
    this.#total = total;
    this.#stage = stage;
    this.#tell = tell;
    this.#marks = [{ at: performance.now(), done: 0 }];
  }

  /** With a picture it is told at once. */
  now(done: number, latest: FilmFrame | null, picture?: Picture): void {
    const at = performance.now();
    if (!picture && at - this.#told < pause) return;
    this.#told = at;
    this.#marks.push({ at, done });
    while (this.#marks.length > 2 && at - (this.#marks[0]?.at ?? at) > window) this.#marks.shift();
    const [oldest] = this.#marks;
    const seconds = (at - (oldest?.at ?? at)) / 1000;
    const framesPerSecond = seconds > 0 ? (done - (oldest?.done ?? 0)) / seconds : 0;
    const total = this.#total === null ? null : Math.max(this.#total, done);
    const secondsLeft = total === null || framesPerSecond <= 0 ? null : (total - done) / framesPerSecond;
    this.#last = { stage: this.#stage, done, total, framesPerSecond, secondsLeft, latest };
    this.#tell({ ...this.#last, ...(picture && { picture }) });
  }

  /** All frames are on their way; sound and index remain. */
  finishing(): void {
    if (this.#last) this.#tell({ ...this.#last, stage: 'finishing' });
  }
}
