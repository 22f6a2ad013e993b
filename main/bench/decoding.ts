import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readJob } from './job.ts';
import { photosIn } from './photos.ts';
import { talk } from './talk.ts';

// The decoder alone, as its own documentation would have it: libvips' threads, as many files at once as there are cores.
const job = readJob();
await talk(async () => {
  sharp.cache(false);
  sharp.concurrency(1);
  const photos = await photosIn(job.folder ?? '', job.steps);
  const files = (await readdir(photos, { recursive: true })).filter((name) => name.endsWith('.jpg'));
  return {
    facts: { sharp: sharp.versions.sharp ?? 'unknown' },
    round: async () => {
      let next = 0;
      const work = async () => {
        while (next < files.length) {
          const bytes = await readFile(join(photos, files[next++] ?? ''));
          await sharp(bytes)
            .rotate()
            .resize(224, 224, { fit: 'cover', kernel: 'linear' })
            .removeAlpha()
            .raw()
            .toBuffer();
        }
      };
      await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
    },
  };
});
