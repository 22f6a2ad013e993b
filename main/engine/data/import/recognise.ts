import { readdir, stat } from 'node:fs/promises';
import { fileFailure } from '#engine/project/file-failure.ts';
import { findCifar, officialArchive } from '../formats/cifar-files.ts';
import { textFiles } from '../formats/text.ts';
import { isArchive, listImages, type Listing } from '../listing/list-images.ts';
import { pairFiles, type IdxPair } from '../pair-files.ts';

/** What files are, told by names and first bytes. Whoever takes a listing closes it. */
export type Recognised =
  | { readonly kind: 'cifar' }
  | { readonly kind: 'text' }
  | { readonly kind: 'idx'; readonly pairs: readonly IdxPair[] }
  | { readonly kind: 'images'; readonly listing: Listing };

/** Names of IDX files, also of those that were renamed by hand. */
const idxName = /idx\d|ubyte|images|labels/i;
const imageName = /\.(jpe?g|jfif|png|gif|bmp|webp|tiff?|avif|heic|heif|svg|psd|txt|csv|json)$/i;

/** Fails: `file/…`, and the codes of the format that the files seem to have. */
export async function recognise(paths: readonly string[], signal?: AbortSignal): Promise<Recognised> {
  if ((await officialArchive(paths)) || (await findCifar(paths, signal))) return { kind: 'cifar' };
  if ((await textFiles(paths)).length > 0) return { kind: 'text' };
  const kinds = await Promise.all(paths.map(kindOf));
  // A file that is neither a folder nor an archive must be IDX, or it is told why it is not.
  if (kinds.includes('idx') || kinds.every((kind) => kind === 'file')) {
    return { kind: 'idx', pairs: await pairFiles(paths) };
  }
  return { kind: 'images', listing: await listImages(paths, signal) };
}

async function kindOf(path: string): Promise<'folder' | 'idx' | 'archive' | 'file'> {
  try {
    if (!(await stat(path)).isDirectory()) return (await isArchive(path)) ? 'archive' : 'file';
    const entries = await readdir(path, { withFileTypes: true });
    const idx = entries.some((entry) => entry.isFile() && idxName.test(entry.name) && !imageName.test(entry.name));
    return idx ? 'idx' : 'folder';
  } catch (error) {
    throw fileFailure(error, path, 'reading');
  }
}
