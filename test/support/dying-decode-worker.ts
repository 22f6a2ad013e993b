import { setTimeout as wait } from 'node:timers/promises';
import { serveDecoding } from '#engine/data/decode/serve-decoding.ts';

// What a file of this name does to its thread.
serveDecoding((decode) => async (bytes, name, form) => {
  if (name === 'deadly.jpg') process.exit(7);
  if (name === 'thrown.jpg') throw new Error('a weakness of the heart');
  if (name === 'endless.jpg') for (;;);
  if (name === 'silent.jpg') await new Promise(() => undefined);
  if (name === 'slow.jpg') await wait(150);
  return await decode(bytes, name, form);
});
