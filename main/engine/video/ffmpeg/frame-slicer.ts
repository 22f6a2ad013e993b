import type { Readable } from 'node:stream';

/** Frames of equal length out of a stream whose pieces end anywhere. Reads no further than the frame that is asked for. */
export class FrameSlicer {
  readonly #pieces: AsyncIterator<Buffer>;
  readonly #length: number;
  #rest: Buffer = Buffer.alloc(0);
  readonly #own: Uint8Array | null;
  #torn = false;

  /**
   * @param length bytes a frame
   * @param reuse all frames in the same memory: each is good until the next is asked for
   */
  constructor(stream: Readable, length: number, reuse = false) {
    this.#own = reuse ? new Uint8Array(length) : null;
    this.#pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#length = length;
  }

  /** Whether the stream ended within a frame. */
  get torn(): boolean {
    return this.#torn;
  }

  /** Null at the end. */
  async next(): Promise<Uint8Array | null> {
    // Memory of its own, not part of a pool: it can be given to a thread.
    const frame = this.#own ?? new Uint8Array(Buffer.allocUnsafeSlow(this.#length).buffer);
    let filled = 0;
    while (filled < frame.length) {
      if (this.#rest.length === 0) {
        const piece = await this.#pieces.next().catch(() => ({ done: true as const, value: undefined }));
        if (piece.done) {
          this.#torn ||= filled > 0;
          return null;
        }
        this.#rest = piece.value;
      }
      const taken = Math.min(this.#rest.length, frame.length - filled);
      frame.set(this.#rest.subarray(0, taken), filled);
      this.#rest = this.#rest.subarray(taken);
      filled += taken;
    }
    return frame;
  }
}
