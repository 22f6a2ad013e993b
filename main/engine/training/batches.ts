import type { Batch } from './steps.ts';

/** Where the loop takes its batches from: a `BatchLoader`, or a test's own. */
export interface BatchSource {
  readonly size: number;
  /**
   * The images in this order, `size` at a time, from the batch `from` (counted from 0); the last may be smaller. A batch
   * holds until the next is asked for. Leaving the generator ends what was read ahead.
   * @param pass over the training images, from 1: random changes are by it; 0 leaves images as they are
   */
  batches(order: Uint32Array, from: number, pass?: number): AsyncGenerator<Batch, void>;
  dispose(): Promise<void>;
}

/** How many batches so many images make. */
export function countBatches(images: number, size: number): number {
  return Math.ceil(images / size);
}

/** The batch sizes that so many images make: the full one, and that of the last where they do not divide. */
export function batchSizes(images: number, size: number): number[] {
  return [...(images >= size ? [size] : []), ...(images % size > 0 ? [images % size] : [])];
}
