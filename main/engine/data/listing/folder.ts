import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure } from '#engine/project/file-failure.ts';
import { addImage, FolderImage, kindOf } from './folder-image.ts';
import { nothingFound, readFailure, skipped, type Found } from './found.ts';
import { escaped, isLeftover, namedLikeAnImage, textOf } from './image-names.ts';
import { resolveLinks, type Folder, type FoundLink } from './links.ts';

/** Asked of the file system at the same time: enough to hide its delays, few enough to cancel within milliseconds. */
const together = 128;

type Entry = Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket'> & { name: string };

/**
 * Finds everything in a folder, deep, by names alone: no file is opened. What is not used has a row. Links within the
 * folder are followed, each real folder once.
 *
 * @param root an absolute path without links
 * @param shown how paths begin in rows; empty where the folder is the whole import
 * Fails: `file/missing`, `file/unreadable` for the folder itself.
 */
export async function findInFolder(root: string, shown: string, into: Found, signal?: AbortSignal): Promise<void> {
  const links: FoundLink[] = [];
  const walked = new Set<string>();
  const entered = new Set<string>();
  const quiet: Found = { ...nothingFound(), images: into.images, linked: into.linked };
  let queue: Folder[] = [{ path: root, shown }];
  while (queue.length > 0 || links.length > 0) {
    signal?.throwIfAborted();
    const folder = queue.pop();
    if (folder) await readFolder(folder);
    else queue = await resolveLinks(links.splice(0), { root, walked, entered, into, signal });
  }

  async function readFolder(folder: Folder): Promise<void> {
    const found = folder.via?.known ? quiet : into;
    if (!folder.via) walked.add(folder.path);
    if (folder.shown !== '') found.folders.push(folder.shown);
    let entries: Entry[];
    try {
      entries = await entriesOf(folder, found);
    } catch (error) {
      if (folder.path === root) throw fileFailure(error, root, 'reading');
      const { oddity, detail } = readFailure(error);
      found.rows.push(skipped(folder.shown, oddity, detail));
      return;
    }
    const files: string[] = [];
    for (const entry of entries) {
      if (isLeftover(entry.name)) continue;
      const file = within(folder.shown, entry.name);
      if (entry.isDirectory()) queue.push({ path: join(folder.path, entry.name), shown: file, via: folder.via });
      else if (entry.isSymbolicLink()) {
        if (found === into) links.push({ path: join(folder.path, entry.name), file, folder });
      } else if (!entry.isFile()) found.rows.push(skipped(file, 'not-a-file', kindOf(entry)));
      else if (!namedLikeAnImage(entry.name)) found.rows.push(skipped(file, 'not-an-image'));
      else files.push(entry.name);
    }
    for (let at = 0; at < files.length; at += together) {
      signal?.throwIfAborted();
      await Promise.all(files.slice(at, at + together).map((name) => measure(folder, name, found)));
    }
  }

  async function measure(folder: Folder, name: string, found: Found): Promise<void> {
    const path = join(folder.path, name);
    const file = within(folder.shown, name);
    try {
      addImage(new FolderImage(file, (await lstat(path)).size, path), found, folder.via?.link);
    } catch (error) {
      const { oddity, detail } = readFailure(error);
      found.rows.push(skipped(file, oddity, detail));
    }
  }
}

export function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/**
 * Names that are no valid UTF-8 reach JavaScript with U+FFFD in them and name no file any more; they are told apart from
 * names that truly hold U+FFFD by their bytes.
 */
async function entriesOf(folder: Folder, into: Found): Promise<Entry[]> {
  const entries = await readdir(folder.path, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\uFFFD'))) return entries;
  const named: Entry[] = [];
  for (const entry of await readdir(folder.path, { withFileTypes: true, encoding: 'buffer' })) {
    const name = textOf(entry.name);
    if (name === null) into.rows.push(skipped(within(folder.shown, escaped(entry.name)), 'bad-name'));
    else named.push(Object.assign(Object.create(entry) as Omit<Entry, 'name'>, { name }));
  }
  return named;
}
