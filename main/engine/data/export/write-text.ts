import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { settleName, temporaryName } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { DataSet } from '../data-set.ts';
import type { Tell } from '../progress.ts';
import type { Share } from './share.ts';

/** Images whose lines are written at once. */
const stretch = 256;

/**
 * `train.txt`, `test.txt`, `validation.txt`: one line an image, `label ** p0 p1 …`, pixels row by row with channels last.
 * Files of these names are replaced, all after the last is whole. Returns their paths. Fails as `exportImages` says.
 */
export async function writeText(
  dataSet: DataSet,
  shares: readonly Share[],
  folder: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<string[]> {
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  const files = shares.map(({ split }) => join(folder, `${split}.txt`));
  const temporary = files.map(temporaryName);
  const made = await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw fileFailure(thrown, folder, 'writing');
  });
  let done = 0;
  try {
    for (const [place, share] of shares.entries()) {
      await writeLines(dataSet, share, temporary[place] ?? '', files[place] ?? '', (more) => {
        signal.throwIfAborted();
        tell((done += more), total);
      });
    }
    for (const [place, file] of files.entries()) await settleName(temporary[place] ?? '', file);
    return files;
  } catch (thrown) {
    await Promise.all(temporary.map((file) => rm(file, { force: true })));
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw thrown;
  }
}

async function writeLines(
  dataSet: DataSet,
  { split, count }: Share,
  temporary: string,
  file: string,
  wrote: (images: number) => void,
): Promise<void> {
  const source = dataSet.source(split);
  if (!source) return;
  const imageBytes = dataSet.height * dataSet.width * dataSet.channels;
  const pixels = new Uint8Array(stretch * imageBytes);
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx');
    for (let from = 0; from < count; from += stretch) {
      const indices = Array.from({ length: Math.min(stretch, count - from) }, (_, place) => from + place);
      source.read(indices, pixels);
      const lines = indices.map((index, place) => {
        return `${source.labels[index] ?? 0} ** ${pixels.subarray(place * imageBytes, (place + 1) * imageBytes).join(' ')}\n`;
      });
      await handle.writeFile(lines.join(''));
      wrote(indices.length);
    }
    await handle.sync();
  } catch (thrown) {
    if ((thrown as Error).name === 'AbortError') throw thrown;
    throw fileFailure(thrown, file, 'writing');
  } finally {
    await handle?.close();
  }
}
