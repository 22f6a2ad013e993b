import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/failures.ts';

/**
 * Where `--out` will put the run: a folder that is missing or empty. The run is made beside it and gets its name when
 * it is whole. Fails: `project/folder-not-empty`, `file/not-writable`.
 */
export async function placeForRun(out: string): Promise<{ folder: string; beside: string }> {
  const folder = path.resolve(out);
  const beside = path.dirname(folder);
  try {
    await mkdir(beside, { recursive: true });
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    throw new AppError('file/not-writable', `${beside} cannot be made: ${reason}.`, { file: beside, reason }, thrown);
  }
  const names = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    const reason = thrown.code ?? thrown.message;
    throw new AppError('file/not-writable', `${folder} is no folder to write to: ${reason}.`, { file: folder, reason });
  });
  if (names.length > 0) {
    throw new AppError('project/folder-not-empty', `${folder} is not empty; a run needs a folder of its own.`, {
      folder,
    });
  }
  return { folder, beside };
}

/** One rename on one disk: the folder is there whole or not at all. */
export async function keepRun(made: string, folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined); // an empty one is in the way on Windows
  await rename(made, folder);
}

/** All files of a run, absolute, sorted. */
export async function runFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
