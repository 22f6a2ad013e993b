import { pulse, type Pulse } from '#contract/engine-process.ts';

/** Milliseconds of silence, or of a main loop that stands still without a reason, after which an engine counts as lost. */
export const patience = 3000;
/** Until the first sign of life: a machine under load may take long to start a process. */
const startPatience = 20_000;
/** For an honest long call; the first step on a new GPU may take minutes. */
const busyPatience = 600_000;
/** The watcher looks this often; if it comes much later itself, the machine slept and nobody is to blame. */
export const lookEvery = 200;
const slept = 1000;

/** Judges an engine by its pulses. Times are milliseconds of a clock that never goes back. */
export class Health {
  #heard: number;
  #looked: number;
  #alive = false;
  #last: Pulse | null = null;

  constructor(now: number) {
    this.#heard = now;
    this.#looked = now;
  }

  /** What the engine is busy with, by its last pulse. */
  get busy(): string | null {
    return this.#last?.busy ?? null;
  }

  /** Takes a line of the engine's stdout; false if it is no pulse. */
  take(line: string, now: number): boolean {
    const read = pulse.safeParse(readJson(line));
    if (!read.success) return false;
    this.#last = read.data;
    this.hear(now);
    return true;
  }

  /** Any other sign of life. */
  hear(now: number): void {
    this.#heard = now;
    this.#alive = true;
  }

  /** Why the engine is to be given up; null while it is well. */
  look(now: number): string | null {
    if (now - this.#looked > slept) this.#heard = now;
    this.#looked = now;
    const silence = now - this.#heard;
    if (silence > (this.#alive ? patience : startPatience)) return `it has been silent for ${seconds(silence)} s`;
    const { lag = 0, busy = null } = this.#last ?? {};
    if (busy === null && lag > patience) return `it has not answered for ${seconds(lag)} s`;
    if (lag > busyPatience) return `its ${busy} has not ended for ${seconds(lag)} s`;
    return null;
  }
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(1);

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
