import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work between two looks at other calls. */
const stretch = 15;

/** Lets others have their turn in a long computation, and ends it when it is not wanted any more. */
export class Breather {
  #began = performance.now();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Cheap enough to ask every thousand operations. */
  get due(): boolean {
    return performance.now() - this.#began > stretch;
  }

  /** Throws the signal's reason. */
  async breathe(): Promise<void> {
    await setImmediate();
    this.#signal.throwIfAborted();
    this.#began = performance.now();
  }
}
