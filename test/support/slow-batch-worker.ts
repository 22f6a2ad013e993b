import { threadId } from 'node:worker_threads';
import { serveBatches } from '#engine/data/loader/serve-batches.ts';

// Reads images as ever, but late: a few milliseconds, by thread and image, so that threads overtake one another.
serveBatches((read) => async (indices, into, pass) => {
  const delay = ((threadId * 7919 + (indices[0] ?? 0) * 104_729) % 97) / 12;
  await new Promise((resolve) => setTimeout(resolve, delay));
  await read(indices, into, pass);
});
