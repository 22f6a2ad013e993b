import { realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { FileOddity } from '#contract/data.ts';
import { addImage, FolderImage, kindOf } from './folder-image.ts';
import { readFailure, skipped, type Found } from './found.ts';
import { byCodePoint, isLeftover, namedLikeAnImage } from './image-names.ts';

/** A folder that is to be read. */
export interface Folder {
  /** Where it really is: no part of it is a link. */
  readonly path: string;
  /** As it is shown, within what is imported; empty = the import itself. */
  readonly shown: string;
  /** Set where a link led here. */
  readonly via?: Via | undefined;
}

interface Via {
  /** As it is shown. */
  readonly link: string;
  /** The real folders that hold the links on the way here. */
  readonly holders: readonly string[];
  /** It was read under its own name, so its odd things have been told. */
  readonly known: boolean;
}

export interface FoundLink {
  readonly path: string;
  /** As it is shown. */
  readonly file: string;
  /** Where it lies. */
  readonly folder: Folder;
}

interface Walk {
  /** Real path of what is imported: links must not leave it. */
  readonly root: string;
  /** Real folders that were read without links. */
  readonly walked: ReadonlySet<string>;
  /** Real folders that a link has led to already. */
  readonly entered: Set<string>;
  readonly into: Found;
  readonly signal?: AbortSignal | undefined;
}

const together = 64;

/**
 * Adds the images that links lead to, says of the others why not, and answers the folders that are to be read now. In
 * the order of names, since the file system's own order would decide otherwise which of two links counts.
 */
export async function resolveLinks(links: readonly FoundLink[], walk: Walk): Promise<Folder[]> {
  const folders: Folder[] = [];
  const sorted = links.toSorted((a, b) => byCodePoint(a.file, b.file));
  for (let at = 0; at < sorted.length; at += together) {
    walk.signal?.throwIfAborted();
    const some = sorted.slice(at, at + together);
    const ends = await Promise.all(some.map(endOf));
    for (const [position, link] of some.entries()) {
      const end = ends[position];
      const folder = end && follow(link, end, walk);
      if (folder) folders.push(folder);
    }
  }
  return folders;
}

type End = Awaited<ReturnType<typeof endOf>>;

async function endOf({ path }: FoundLink) {
  try {
    const real = await realpath(path);
    return { real, what: await stat(real) };
  } catch (error) {
    return { error };
  }
}

function follow({ file, folder }: FoundLink, end: End, { root, walked, entered, into }: Walk): Folder | undefined {
  const skip = (...why: [FileOddity, string?]) => void into.rows.push(skipped(file, ...why));
  if ('error' in end) return skip(...troubleOf(end.error));
  const { real, what } = end;
  if (!isWithin(real, root)) return skip('outside');
  const holders = [...(folder.via?.holders ?? []), folder.path];
  if (what.isDirectory()) {
    if (holders.some((holder) => isWithin(holder, real))) return skip('loop');
    if (entered.has(real)) return skip('duplicate', shownAs(real, root));
    entered.add(real);
    return { path: real, shown: file, via: { link: file, holders, known: walked.has(real) } };
  }
  if (!what.isFile()) return skip('not-a-file', kindOf(what));
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (!namedLikeAnImage(name)) return isLeftover(name) ? undefined : skip('not-an-image');
  addImage(new FolderImage(file, what.size, real), into, file);
  return undefined;
}

function troubleOf(error: unknown): [FileOddity, string?] {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return ['broken-link'];
  if (code === 'ELOOP') return ['loop'];
  return ['unreadable', readFailure(error).detail];
}

/** Whether a path is a folder or lies in it; both without links. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function shownAs(real: string, root: string): string {
  return relative(root, real).split(sep).join('/');
}
