import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';

/** What is exported as several files goes into a folder of its own. Fails: `project/folder-not-empty`, `file/not-writable`. */
export async function requireEmpty(folder: string): Promise<void> {
  const entries = await ifPresent(readdir(folder)).catch((thrown: unknown) => {
    throw fileFailure(thrown, folder, 'writing');
  });
  if (!entries?.length) return;
  throw new AppError('project/folder-not-empty', `${folder} is not empty.`, { folder });
}

/** Bytes of a file, or of all files in a folder. */
export async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
