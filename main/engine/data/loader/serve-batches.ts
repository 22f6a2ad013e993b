import { parentPort, workerData } from 'node:worker_threads';
import { toFailure, type Failure } from '#contract/failures.ts';
import type { SharedImages } from '../data-set.ts';
import { augmentImages, type Augmenting } from '../augment/augmented.ts';
import { openImages, type ReadImages } from './open-images.ts';
import { placesOf, type Ring, type Work } from './ring.ts';

/** What a reader thread is given when it starts. */
export interface ReaderParts {
  readonly ring: Ring;
  readonly images: SharedImages;
  readonly augment?: Augmenting | undefined;
}

/** What it says: this batch lies in its slot, or why it does not. */
export interface ReaderWord {
  readonly ticket: number;
  readonly failure?: Failure;
}

/** The whole of a reader thread: work in the order in which it comes. `around` changes how images are read. */
export function serveBatches(around: (read: ReadImages) => ReadImages = (read) => read): void {
  const { ring, images, augment } = workerData as ReaderParts;
  const open = openImages(images, ring.imageBytes);
  const read = around(augment ? augmented(open, augment) : open);
  let last = Promise.resolve();
  parentPort?.on('message', (work: Work) => {
    last = last.then(async () => parentPort?.postMessage(await perform(ring, read, work)));
  });
}

function augmented(read: (indices: Uint32Array, into: Uint8Array) => void, augmenting: Augmenting): ReadImages {
  const augment = augmentImages(augmenting);
  return (indices, into, pass) => {
    read(indices, into);
    augment(indices, into, pass);
  };
}

async function perform(ring: Ring, read: ReadImages, work: Work): Promise<ReaderWord> {
  const { ticket, slot } = work;
  if (ticket < Atomics.load(ring.oldest, 0)) return { ticket };
  const { indices, pixels } = placesOf(ring, work);
  try {
    await read(indices, pixels, work.pass);
    Atomics.store(ring.filled, slot, ticket);
    return { ticket };
  } catch (thrown) {
    return { ticket, failure: toFailure(thrown) };
  }
}
