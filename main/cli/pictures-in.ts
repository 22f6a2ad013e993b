import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Endings of the pictures that the engine reads. */
const pictureFile = /\.(jpe?g|jfif|png|webp|gif|tiff?|avif)$/i;

export interface NamedPicture {
  readonly file: string;
  /** It was named itself, not found in a folder. */
  readonly named: boolean;
}

/** Files as they were named, and pictures in folders that were, by name; hidden ones are left out. */
export async function picturesIn(paths: readonly string[]): Promise<NamedPicture[]> {
  const found = await Promise.all(
    paths.map(async (file) => {
      const folder = (await stat(file).catch(() => null))?.isDirectory() ?? false;
      return folder ? inFolder(file) : [{ file, named: true }];
    }),
  );
  return found.flat();
}

async function inFolder(folder: string): Promise<NamedPicture[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const words = new Intl.Collator('en', { numeric: true });
  return entries
    .filter((entry) => entry.isFile() && pictureFile.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).some((part) => part.startsWith('.')))
    .sort(words.compare)
    .map((file) => ({ file: path.join(folder, file), named: false }));
}
