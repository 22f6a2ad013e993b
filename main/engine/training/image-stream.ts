import { permutation } from '#engine/data/random.ts';
import type { BatchSource } from './batches.ts';
import type { Batch } from './steps.ts';

/** A place in the images of a run: in this pass over all of them (from 1), after so many. */
export interface StreamPlace {
  readonly pass: number;
  readonly image: number;
}

export interface StreamParts {
  readonly source: BatchSource;
  /** Indices into the source. */
  readonly images: Uint32Array;
  readonly seed: number;
  /** Each pass in an order of its own, by (seed, pass); else as they are given. */
  readonly shuffle: boolean;
}

/** The images of a run, pass after pass without end, in batches; the last of a pass is smaller when they do not divide. */
export class ImageStream {
  readonly #parts: StreamParts;
  #at: StreamPlace;
  /** The rest of this pass. */
  #rest: AsyncGenerator<Batch, void> | null = null;

  constructor(parts: StreamParts, at: StreamPlace) {
    this.#parts = parts;
    this.#at = at;
  }

  /** What comes next. At the end of a pass it is the first image of the next one. */
  get at(): StreamPlace {
    return this.#at;
  }

  /** Images left in the pass; none right after its last batch. */
  get left(): number {
    return this.#at.image === 0 ? 0 : this.#parts.images.length - this.#at.image;
  }

  async next(): Promise<Batch> {
    const { pass, image } = this.#at;
    this.#rest ??= this.#parts.source.batches(this.#order(pass).subarray(image), 0, pass);
    const read = await this.#rest.next();
    if (read.done) throw new Error(`Pass ${pass} ended after ${image} of ${this.#parts.images.length} images.`);
    const batch = read.value;
    const done = image + batch.images;
    if (done < this.#parts.images.length) this.#at = { pass, image: done };
    else {
      this.#at = { pass: pass + 1, image: 0 };
      this.#rest = null;
    }
    return batch;
  }

  async close(): Promise<void> {
    await this.#rest?.return();
    this.#rest = null;
  }

  #order(pass: number): Uint32Array {
    const { images, seed, shuffle } = this.#parts;
    if (!shuffle) return images;
    return permutation(images.length, seed, pass).map((place) => images[place] ?? 0);
  }
}

/**
 * Where an epoch begins: with the pass of its number or, when an epoch is so many batches, where the epochs before it
 * would have left the stream.
 * @param epoch from 1
 */
export function epochStart(
  epoch: number,
  images: number,
  size: number,
  stepsPerEpoch: number | undefined,
): StreamPlace {
  if (stepsPerEpoch === undefined) return { pass: epoch, image: 0 };
  const perPass = Math.ceil(images / size);
  const before = (epoch - 1) * stepsPerEpoch;
  return { pass: Math.floor(before / perPass) + 1, image: (before % perPass) * size };
}
