import type { ImageSource, SharedImages } from './data-set.ts';
import { gather } from './gather.ts';

export class MemorySource implements ImageSource {
  readonly count: number;
  readonly labels: Uint16Array;
  /** [image, height, width, channel] */
  readonly pixels: Uint8Array;
  readonly #imageBytes: number;

  constructor(pixels: Uint8Array, labels: Uint16Array) {
    this.pixels = pixels;
    this.labels = labels;
    this.count = labels.length;
    this.#imageBytes = this.count === 0 ? 0 : pixels.length / this.count;
  }

  get shared(): SharedImages | undefined {
    return this.pixels.buffer instanceof SharedArrayBuffer ? { kind: 'memory', pixels: this.pixels } : undefined;
  }

  read(indices: ArrayLike<number>, into: Uint8Array): void {
    gather(this.pixels, this.#imageBytes, indices, into);
  }
}
