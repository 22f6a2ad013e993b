import type { Predictions } from '#engine/data/data-set.ts';

/** Bytes of probabilities held in memory: 50,000 images of 1,000 classes are 200 MB. */
const most = 2 ** 29;

/** The predictions used last: as many as fit, and always the latest. */
export class Remembered {
  readonly #kept = new Map<string, Predictions>();
  readonly #most: number;

  constructor(bytes = most) {
    this.#most = bytes;
  }

  get(key: string): Predictions | undefined {
    const found = this.#kept.get(key);
    if (found) this.set(key, found);
    return found;
  }

  set(key: string, predictions: Predictions): void {
    this.#kept.delete(key);
    this.#kept.set(key, predictions);
    let bytes = 0;
    for (const { probabilities } of this.#kept.values()) bytes += probabilities.byteLength;
    for (const [oldest, { probabilities }] of this.#kept) {
      if (bytes <= this.#most || oldest === key) return;
      this.#kept.delete(oldest);
      bytes -= probabilities.byteLength;
    }
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }
}
