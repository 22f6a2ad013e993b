import type { Stream } from './session.ts';

/** Milliseconds between two states of the line. */
const pause = 100;

/** One line on a terminal, rewritten in place; elsewhere only the lines that stay. */
export class Progress {
  readonly #stream: Stream;
  #shown = false;
  #last = -Infinity;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** What is going on just now. */
  now(text: string): void {
    if (!this.#stream.isTTY || performance.now() - this.#last < pause) return;
    this.#last = performance.now();
    this.#shown = true;
    this.#stream.write(`\r\u001b[K${text.slice(0, (this.#stream.columns ?? 80) - 1)}`);
  }

  /** Something worth keeping. */
  line(text: string): void {
    this.clear();
    this.#stream.write(`${text}\n`);
  }

  clear(): void {
    if (this.#shown) this.#stream.write('\r\u001b[K');
    this.#shown = false;
    this.#last = -Infinity;
  }
}
