import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FirstScreen } from '#engine/data/import/first-screen.ts';
import { prepareImages } from '#engine/data/import/prepare-images.ts';
import { listImages } from '#engine/data/listing/list-images.ts';
import { readJob } from './job.ts';
import { photosIn } from './photos.ts';
import { talk } from './talk.ts';

// An import as a person starts it: listing, decoding, packing; a round lists and decodes the whole folder.
/** The threads' program, of the app's build; this is `out/bench/importing.mjs`. */
const worker = fileURLToPath(new URL('../main/decode-worker.cjs', import.meta.url));
const form = { height: 224, width: 224, channels: 3, fit: 'crop' } as const;

const job = readJob();
await talk(async () => {
  const photos = await photosIn(job.folder ?? '', job.steps);
  const { firstScreen } = await once(photos);
  return { facts: { firstScreen: `${firstScreen.toFixed(2)} s` }, round: async () => void (await once(photos)) };
});

async function once(photos: string): Promise<{ firstScreen: number }> {
  const folder = await mkdtemp(join(job.folder ?? '', 'prepared-'));
  const began = performance.now();
  let firstScreen = NaN;
  const listing = await listImages([photos]);
  const screen = new FirstScreen(form);
  const threads = availableParallelism();
  try {
    const preparing = prepareImages({ listing, form, folder, screen, threads, worker });
    for (let next = await preparing.next(); !next.done; next = await preparing.next()) {
      if (Number.isNaN(firstScreen) && next.value.preview >= 32) firstScreen = (performance.now() - began) / 1000;
    }
    return { firstScreen };
  } finally {
    await listing.close();
    await rm(folder, { recursive: true });
  }
}
