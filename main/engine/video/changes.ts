import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds between two tellings: a page draws no faster. */
const between = 100;

/** Tells those who listen that something is another now; who is slow hears of the newest only. */
export class Changes {
  readonly #wake = new Set<() => void>();
  #closed = false;

  tell(): void {
    for (const wake of [...this.#wake]) wake();
  }

  /** All who listen come to their end. */
  close(): void {
    this.#closed = true;
    this.tell();
  }

  /** What is now, and again on every change, at most ten times a second; listens from the call on. */
  of<T>(now: () => T, signal?: AbortSignal): AsyncGenerator<T, void> {
    let changed = true;
    let settle = (): void => undefined;
    const wake = () => {
      changed = true;
      settle();
    };
    this.#wake.add(wake);
    signal?.addEventListener('abort', wake, { once: true });
    const over = () => this.#closed || signal?.aborted === true;
    const forget = () => {
      this.#wake.delete(wake);
      signal?.removeEventListener('abort', wake);
    };
    return (async function* () {
      try {
        for (;;) {
          if (!changed) await new Promise<void>((resolve) => (settle = resolve));
          if (over()) return;
          changed = false;
          yield now();
          await pause(between, undefined, { ref: false });
        }
      } finally {
        forget();
      }
    })();
  }
}
