import { statfs } from 'node:fs/promises';
import { AppError } from '#contract/failures.ts';

export type FreeSpace = (folder: string) => Promise<number>;

/** Bytes that this user may still write there. */
export const freeSpace: FreeSpace = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** Before anything is fetched. Fails: `provision/no-space`. */
export async function requireSpace(folder: string, needed: number, free: FreeSpace = freeSpace): Promise<void> {
  const there = await free(folder);
  if (there < needed) throw noSpace(folder, needed, there);
}

/** The same failure when the disk fills up on the way; undefined for any other error. */
export function fullDisk(thrown: unknown, folder: string): AppError | undefined {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' ? noSpace(folder, 0, 0, thrown) : undefined;
}

function noSpace(folder: string, needed: number, there: number, cause?: unknown): AppError {
  const details = { folder, neededMegabytes: Math.ceil(needed / 1e6), freeMegabytes: Math.floor(there / 1e6) };
  const message =
    needed > 0
      ? `${folder} has ${details.freeMegabytes} MB free; TensorFlow needs ${details.neededMegabytes} MB.`
      : `The disk of ${folder} filled up while TensorFlow was written.`;
  return new AppError('provision/no-space', message, details, cause);
}
