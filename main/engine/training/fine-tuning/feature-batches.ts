import type { BatchSource } from '../batches.ts';
import type { Batch } from '../steps.ts';
import type { FeatureFile } from './feature-file.ts';

export interface FeatureBatchesParts {
  readonly file: Pick<FeatureFile, 'read'>;
  /** Of one image. */
  readonly values: number;
  readonly labels: ArrayLike<number>;
  readonly size: number;
  /** How much the loss of each image counts; absent = 1. */
  readonly weights?: Float32Array | undefined;
}

/** What is held in memory of a split's features; what is more is read from disk, batch after batch. */
const mostHeld = 2 ** 28;

/** Batches of features in the place of images. */
export class FeatureBatches implements BatchSource {
  readonly size: number;
  readonly #parts: FeatureBatchesParts;
  /** Those read so far, where all of them fit. */
  #held: Map<number, Float32Array> | null;

  constructor(parts: FeatureBatchesParts) {
    this.#parts = parts;
    this.size = parts.size;
    this.#held = parts.labels.length * parts.values * Float32Array.BYTES_PER_ELEMENT <= mostHeld ? new Map() : null;
  }

  async *batches(order: Uint32Array, from: number): AsyncGenerator<Batch, void> {
    const { labels, size, values, weights } = this.#parts;
    for (let first = from * size; first < order.length; first += size) {
      const images = order.subarray(first, first + size);
      const pixels = new Float32Array(images.length * values);
      for (const [place, image] of images.entries())
        this.#read(image, pixels.subarray(place * values, (place + 1) * values));
      yield {
        images: images.length,
        pixels,
        labels: Int32Array.from(images, (image) => labels[image] ?? 0),
        weights: weights && Float32Array.from(images, (image) => weights[image] ?? 1),
      };
    }
  }

  async dispose(): Promise<void> {
    this.#held = null;
  }

  #read(image: number, into: Float32Array): void {
    const known = this.#held?.get(image);
    if (known) return into.set(known);
    this.#parts.file.read([image], into);
    this.#held?.set(image, into.slice());
  }
}
