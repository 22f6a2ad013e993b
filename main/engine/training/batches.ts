import { tf } from '#engine/backend/tensors.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import type { Batch } from './step.ts';

/** Images of a split in batches: the last one is smaller when they do not divide. Reads into one buffer, used again. */
export class Batches {
  readonly size: number;
  readonly #images: DataSet;
  readonly #source: ImageSource;
  readonly #bytes: Uint8Array;

  constructor(images: DataSet, source: ImageSource, size: number) {
    this.size = size;
    this.#images = images;
    this.#source = source;
    this.#bytes = new Uint8Array(size * images.height * images.width * images.channels);
  }

  count(images: number): number {
    return Math.ceil(images / this.size);
  }

  /** The batch at this place (from 0) of the order; the caller disposes both tensors. */
  read(order: Uint32Array, place: number): Batch {
    const indices = order.subarray(place * this.size, (place + 1) * this.size);
    const { height, width, channels } = this.#images;
    const bytes = this.#bytes.subarray(0, indices.length * height * width * channels);
    this.#source.read(indices, bytes);
    const labels = Int32Array.from(indices, (index) => this.#source.labels[index] ?? 0);
    return {
      pixels: tf.tensor4d(new Float32Array(bytes), [indices.length, height, width, channels], 'float32'),
      labels: tf.tensor1d(labels, 'int32'),
    };
  }
}
