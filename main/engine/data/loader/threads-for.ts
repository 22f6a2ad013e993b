import { availableParallelism } from 'node:os';
import type { ImageSource } from '../data-set.ts';

/**
 * Bytes of a batch from which copying is better left to another thread. Speaking with a thread costs the engine's some
 * 0.1 ms for each batch. Measured on two cores with Node 20, time until a batch is there, none against two threads:
 * 0.1 MB (MNIST by 128) 0.21 and 0.66 ms, 1.6 MB (64×64×3 by 128) 0.42 and 0.51, 4.8 MB (224×224×3 by 32) 0.69 and
 * 0.64, 9.6 MB 1.22 and 1.11.
 */
const worthAThread = 4 * 2 ** 20;

/** More than two only wait for memory. */
const most = 2;

/**
 * How many threads reading this source is worth. Augmented images always are: what it takes is spent beside the step then.
 * @param batchBytes of a full batch
 */
export function threadsFor(batchBytes: number, { shared }: Pick<ImageSource, 'shared'>, augmented = false): number {
  if (!shared || (batchBytes < worthAThread && !augmented)) return 0;
  return Math.min(most, availableParallelism());
}
