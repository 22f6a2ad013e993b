import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { temporaryName } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import type { DataSet } from '../data-set.ts';
import type { Tell } from '../progress.ts';
import { imagePng } from '../sheets.ts';
import { classFolders } from './class-folders.ts';
import type { Share } from './share.ts';

/** Files under way at a time: libvips packs PNGs in threads of its own. */
const atOnce = 8;

/**
 * `train/CLASS/000001.png` and so on, numbered in the order of the split from 1, at the images' own size; classes
 * without images have an empty folder, so that all are found again. The folder must be new or empty. Returns the folders
 * of the splits. Fails as `exportImages` says.
 */
export async function writeFolder(
  dataSet: DataSet,
  shares: readonly Share[],
  folder: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    await requireEmpty(folder);
    const temporary = temporaryName(folder);
    await mkdir(dirname(folder), { recursive: true });
    try {
      await writeImages(dataSet, shares, temporary, tell, signal);
      await ifPresent(rmdir(folder)); // Windows renames onto no folder, not even an empty one
      await rename(temporary, folder);
    } catch (thrown) {
      await rm(temporary, { recursive: true, force: true });
      throw thrown;
    }
    return shares.map(({ split }) => join(folder, split));
  } catch (thrown) {
    if ((thrown as Error).name === 'AbortError') throw thrown;
    throw fileFailure(thrown, folder, 'writing');
  }
}

async function requireEmpty(folder: string): Promise<void> {
  const entries = await ifPresent(readdir(folder));
  if (!entries?.length) return;
  throw new AppError('project/folder-not-empty', `${folder} is not empty.`, { folder });
}

async function writeImages(
  dataSet: DataSet,
  shares: readonly Share[],
  folder: string,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  const places = classFolders(dataSet.classes);
  let done = 0;
  for (const { split, count } of shares) {
    const folders = places.map((name) => join(folder, split, name));
    for (const each of folders) await mkdir(each, { recursive: true });
    const labels = dataSet.source(split)?.labels;
    let next = 0;
    const writer = async () => {
      while (next < count) {
        signal.throwIfAborted();
        const index = next++;
        const file = join(folders[labels?.[index] ?? 0] ?? folder, `${String(index + 1).padStart(6, '0')}.png`);
        await writeFile(file, await imagePng(dataSet, split, index));
        tell(++done, total);
      }
    };
    const orStop = (thrown: unknown) => {
      next = count; // the others end as well
      throw thrown;
    };
    // All have ended when this returns: none may write into a folder that is being removed.
    const writers = await Promise.allSettled(Array.from({ length: atOnce }, () => writer().catch(orStop)));
    const failed = writers.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
