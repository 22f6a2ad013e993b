import { open, realpath, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { ImportRow, Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { findInArchive, type OpenArchive } from './archive.ts';
import { arrange } from './arrange.ts';
import { findInFolder } from './folder.ts';
import { nothingFound, skipped } from './found.ts';
import { isWithin } from './links.ts';

export { readFailure, ReadFailure } from './found.ts';

export interface ListedImage {
  /** As it is shown: the path within what was imported, with `/`. Unique. */
  readonly file: string;
  readonly label: number;
  readonly split: Split;
  /** Bytes. */
  readonly size: number;
  /** Fails: `ReadFailure`, with what its row is to say. */
  read(): Promise<Buffer>;
}

export interface Listing {
  readonly kind: 'folder' | 'archive';
  readonly name: string;
  /** In the order of split, class, folder and name. */
  readonly images: readonly ListedImage[];
  readonly classes: readonly string[];
  /** What is odd, or not used, told by names alone; sorted by file. */
  readonly rows: readonly ImportRow[];
  /** Lets go of archives; nothing can be read from them after it. */
  close(): Promise<void>;
}

/**
 * What images folders and zip archives hold, by names alone: class folders, also inside `train`, `val` and `test`, also
 * below folders that hold nothing else. Several paths are taken as folders lying side by side: classes, or splits where
 * their names say so. Files among them lie beside the class folders.
 *
 * Fails: `file/missing`, `file/unreadable`, `file/too-large`, `data/archive-damaged`, `data/unknown-format` when there is
 * neither a folder nor an archive among the paths, `data/no-usable-images`, `data/one-class`, `data/too-many-classes`.
 */
export async function listImages(paths: readonly string[], signal?: AbortSignal): Promise<Listing> {
  const roots = await rootsOf(paths);
  const [first] = roots;
  if (!first || roots.every(({ kind }) => kind === 'file')) {
    const file = first?.path ?? '';
    const message = `${file} holds no files that Heatlens knows; expected folders of images or zip archives of them.`;
    throw new AppError('data/unknown-format', message, { file });
  }
  const found = nothingFound();
  const archives: OpenArchive[] = [];
  const close = async () => void (await Promise.all(archives.splice(0).map((archive) => archive.close())));
  try {
    for (const root of roots) {
      signal?.throwIfAborted();
      const { shown } = root;
      if (root.kind === 'archive') archives.push(await findInArchive(root.path, shown, found, signal));
      else if (root.kind === 'folder') await findInFolder(root.path, shown, found, signal);
      else found.rows.push(skipped(shown, 'no-class'));
    }
    const name = roots.length === 1 ? first.name : `${first.name} …`;
    const arranged = arrange(found, first.path);
    return { kind: archives.length > 0 ? 'archive' : 'folder', name, ...arranged, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Root {
  readonly kind: 'folder' | 'archive' | 'file';
  /** Without links. */
  readonly path: string;
  readonly name: string;
}

/** What paths mean; `shown` is what the images of each are listed below: nothing where it is alone. Fails: `file/…`. */
export async function rootsOf(paths: readonly string[]): Promise<(Root & { readonly shown: string })[]> {
  const roots = apart(outermost(await Promise.all(paths.map(rootOf))));
  return roots.map((root) => ({ ...root, shown: roots.length === 1 ? '' : root.name }));
}

async function rootOf(given: string): Promise<Root> {
  try {
    const path = await realpath(given);
    const what = await stat(path);
    const base = basename(given);
    if (what.isDirectory()) return { kind: 'folder', path, name: base || path };
    if (!what.isFile() || !(await isArchive(path))) return { kind: 'file', path, name: base };
    return { kind: 'archive', path, name: basename(base, extname(base)) };
  } catch (error) {
    throw fileFailure(error, given, 'reading');
  }
}

/** The first bytes of a zip archive; an empty one begins with its end record. */
const zipMagics: readonly number[] = [0x504b0304, 0x504b0506];

/** By content, so that a zip under another name is known, or by name, so that a damaged one is named as such. */
export async function isArchive(path: string): Promise<boolean> {
  if (extname(path).toLowerCase() === '.zip') return true;
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && zipMagics.includes(buffer.readUInt32BE());
  } finally {
    await handle.close();
  }
}

/** What is given twice, or lies in a folder that is given too, is taken once. */
function outermost(roots: readonly Root[]): Root[] {
  return roots.filter((root, position) => {
    return !roots.some((other, place) => {
      const same = other.path === root.path && place < position;
      return same || (other.kind === 'folder' && other.path !== root.path && isWithin(root.path, other.path));
    });
  });
}

/** Folders of the same name from different places stay apart: `cat`, `cat (2)`. */
function apart(roots: readonly Root[]): Root[] {
  const taken = new Set<string>();
  return roots.map((root) => {
    let { name } = root;
    for (let number = 2; taken.has(name); number++) name = `${root.name} (${number})`;
    taken.add(name);
    return { ...root, name };
  });
}
