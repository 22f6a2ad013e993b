import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { settleName, temporaryName } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';

/**
 * Copies a file so that the new name stands for all of it or for what it stood for before.
 * Fails: `file/missing`, `file/no-space`, `file/not-writable`; with the signal's reason, and then leaves nothing.
 */
export async function copyWhole(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const temporary = temporaryName(to);
  try {
    const written = createWriteStream(temporary, { flags: 'wx', flush: true });
    await pipeline(createReadStream(from), written, signal ? { signal } : {});
    await settleName(temporary, to);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (signal?.aborted) throw thrown;
    throw fileFailure(thrown, to, 'writing');
  }
}
