import { augmentImages, type Augmenting, type AugmentImages } from '../augment/augmented.ts';
import type { DataSet, ImageSource } from '../data-set.ts';
import { ReaderThreads } from './reader-threads.ts';
import { makeRing, placesOf, type Ring, type Work } from './ring.ts';

/** Images of one step; what training calls a `Batch`. */
export interface LoadedBatch {
  readonly images: number;
  /** [images, height, width, channel], 0…255 */
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
  readonly weights?: Float32Array | undefined;
}

export interface LoaderParts {
  readonly images: Pick<DataSet, 'height' | 'width' | 'channels'>;
  readonly source: ImageSource;
  /** Images of a full batch. */
  readonly size: number;
  /** How much the loss of each image of the source counts; absent = 1. */
  readonly weights?: Float32Array | undefined;
  /** Random changes to the images of every pass but pass 0. */
  readonly augment?: Pick<Augmenting, 'settings' | 'seed'> | undefined;
  /** Batches read while another is worked on; memory is `ahead + 1` batches. */
  readonly ahead: number;
  /** 0 reads on this thread when a batch is asked for. More are used only where they are worth it (`threadsFor`). */
  readonly threads: number;
  /** The threads' program, for tests. */
  readonly worker?: string;
}

/**
 * Reads batches ahead in threads. The order is the caller's: the batches are the same whatever the number of threads.
 *
 * It takes the place of training's `Batches` (same `size`, `batches` and `dispose`):
 * `new BatchLoader({ images: data, source, size, weights, ahead: 2, threads: threadsFor(bytes, source) })`.
 * Several generators may be open; the one asked last has the memory, another that is asked again reads ahead anew. A
 * batch holds until any of them is asked for its next one. `dispose` ends the threads; without it they live on.
 */
export class BatchLoader {
  readonly size: number;
  readonly #source: ImageSource;
  readonly #weights: Float32Array | undefined;
  readonly #ring: Ring;
  readonly #threads: ReaderThreads | null;
  /** On this thread. */
  readonly #augment: AugmentImages | null;
  #ticket = 0;
  /** The generator that has the ring. */
  #reading: object | null = null;

  constructor({ images, source, size, weights, augment, ahead, threads, worker }: LoaderParts) {
    this.size = size;
    this.#source = source;
    this.#weights = weights;
    const shared = threads > 0 && ahead > 0 ? source.shared : undefined;
    this.#ring = makeRing(shared ? ahead + 1 : 1, size, images.height * images.width * images.channels);
    const used = Math.min(threads, this.#ring.slots); // a slot has one thread
    const augmenting = augment && { ...augment, shape: shapeOf(images) };
    const parts = shared && { ring: this.#ring, images: shared, augment: augmenting };
    this.#threads = parts ? new ReaderThreads(used, parts, worker) : null;
    this.#augment = augmenting && !parts ? augmentImages(augmenting) : null;
  }

  /**
   * The images in this order, `size` at a time, from the batch `from` (counted from 0); the last may be smaller.
   * In pass 0 they are as they are; in others as augmentation makes them in that pass.
   * Fails: as reading does; `data/reader-died` when a second thread dies; with a RangeError for an image that is not there.
   */
  async *batches(order: Uint32Array, from: number, pass = 0): AsyncGenerator<LoadedBatch, void> {
    const reading = {};
    const count = Math.ceil(order.length / this.size);
    let given: Work[] = [];
    try {
      for (let place = from, next = from; place < count; place++) {
        if (this.#reading !== reading) {
          this.#take(reading);
          given = [];
          next = place;
        }
        // One slot is that of the batch handed out now, the others are filled meanwhile.
        while (next < count && next < place + this.#ring.slots) given.push(this.#begin(order, next++, pass));
        const work = given.shift();
        if (!work) return;
        await this.#threads?.filled(work);
        yield this.#batch(work);
      }
    } finally {
      if (this.#reading === reading) this.#take(null);
    }
  }

  /** Ends the threads; what waits for a batch fails with `call/cancelled`. */
  async dispose(): Promise<void> {
    await this.#threads?.dispose();
  }

  #take(reading: object | null): void {
    this.#reading = reading;
    this.#threads?.forget(this.#ticket + 1);
  }

  #begin(order: Uint32Array, place: number, pass: number): Work {
    const wanted = order.subarray(place * this.size, (place + 1) * this.size);
    for (const index of wanted) {
      if (index >= this.#source.count) throw new RangeError(`There is no image ${index} among ${this.#source.count}.`);
    }
    const ticket = ++this.#ticket;
    const work = { ticket, slot: ticket % this.#ring.slots, images: wanted.length, pass };
    const { indices, pixels } = placesOf(this.#ring, work);
    indices.set(wanted);
    if (this.#threads) {
      this.#threads.give(work);
    } else {
      this.#source.read(indices, pixels);
      this.#augment?.(indices, pixels, pass);
    }
    return work;
  }

  #batch(work: Work): LoadedBatch {
    const { indices, pixels } = placesOf(this.#ring, work);
    const { labels } = this.#source;
    const all = this.#weights;
    return {
      images: work.images,
      pixels,
      labels: Int32Array.from(indices, (index) => labels[index] ?? 0),
      weights: all && Float32Array.from(indices, (index) => all[index] ?? 1),
    };
  }
}

/** Without what cannot be sent to a thread. */
function shapeOf({ height, width, channels }: LoaderParts['images']) {
  return { height, width, channels };
}
