import { workerData } from 'node:worker_threads';
import { serveBatches, type ReaderParts } from '#engine/data/loader/serve-batches.ts';

const { images } = workerData as ReaderParts;
const pixels = images.kind === 'memory' ? images.pixels : new Uint8Array();

// Image 20 cannot be read. Image 21 kills the thread as often as the very last pixel says.
serveBatches((read) => async (indices, into, pass) => {
  if (indices[0] === 20) throw new Error('image 20 is torn');
  const deaths = pixels.at(-1) ?? 0;
  if (indices[0] === 21 && deaths > 0) {
    pixels[pixels.length - 1] = deaths - 1;
    setImmediate(() => {
      throw new Error('a weakness of the heart');
    });
    await new Promise(() => undefined);
  }
  await read(indices, into, pass);
});
