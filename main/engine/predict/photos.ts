import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { photo, type Photo } from '#contract/prediction.ts';
import { byCodePoint, isLeftover, namedLikeAnImage } from '#engine/data/listing/image-names.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { idOfPath, OpenedFiles } from '#engine/project/opened-files.ts';
import type { Project } from '#engine/project/project.ts';
import { pictureSize } from './picture-size.ts';

const kept = { kind: 'photos', schema: photo.omit({ missing: true }), stands: (found: Stats) => found.isFile() };
/** Deeper folders are not looked into: who drops a disk means something else. */
const deepest = 8;
/** Pictures looked at together. */
const together = 8;

export interface OpenedPhotos {
  readonly photos: Photo[];
  readonly skipped: { file: string; reason: string }[];
}

/** The photos of a project, newest first. */
export class Photos {
  readonly #project: Project;
  readonly #opened: OpenedFiles<Photo>;

  private constructor(project: Project, opened: OpenedFiles<Photo>) {
    this.#project = project;
    this.#opened = opened;
  }

  /** A list that cannot be read is begun anew; `report` hears of it. */
  static async open(project: Project, report: (thrown: unknown) => void): Promise<Photos> {
    return new Photos(project, await OpenedFiles.open<Photo>(project, kept, report));
  }

  list(): Promise<Photo[]> {
    return this.#opened.list();
  }

  /** Fails: `photo/unknown`. */
  get(id: string): Photo {
    const found = this.#opened.find(id);
    if (!found) throw new AppError('photo/unknown', `There is no photo ${id}.`, { photo: id });
    return found;
  }

  /** Those that are in the list already come to its top. Fails: `photo/none`. */
  async add(paths: readonly string[], signal?: AbortSignal): Promise<OpenedPhotos> {
    const skipped: OpenedPhotos['skipped'] = [];
    const files: string[] = [];
    for (const path of paths) await find(path, files, skipped, 0, signal);
    const added: Photo[] = [];
    for (let from = 0; from < files.length; from += together) {
      signal?.throwIfAborted();
      const looked = await Promise.all(files.slice(from, from + together).map((file) => this.#look(file)));
      for (const each of looked) {
        if ('reason' in each) skipped.push(each);
        else added.push(each);
      }
    }
    if (added.length === 0) {
      const [{ file, reason } = { file: paths[0] ?? '', reason: 'it is empty' }] = skipped;
      throw new AppError('photo/none', `No picture was found in ${paths.join(', ')}: ${file}: ${reason}.`, { file });
    }
    await this.#opened.add(added);
    return { photos: added, skipped };
  }

  /** A picture without a file, kept in the project. Fails: `image/unreadable`, `image/too-large`, `file/…`. */
  async paste(bytes: Buffer, name: string): Promise<Photo> {
    const { width, height } = await pictureSize(bytes, name);
    const folder = join(this.#project.folder, 'photos');
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fileFailure(error, folder, 'writing');
    });
    const ending = bytes[0] === 0x89 ? 'png' : 'jpg';
    const path = join(folder, `${randomUUID()}.${ending}`);
    await writeAtomic(path, bytes);
    const pasted: Photo = { id: idOfPath(path), name, path, width, height, opened: new Date().toISOString() };
    await this.#opened.add([pasted]);
    return pasted;
  }

  close(ids: readonly string[]): Promise<void> {
    return this.#opened.close(ids);
  }

  /** Where they stood. */
  restore(ids: readonly string[]): Promise<Photo[]> {
    return this.#opened.restore(ids);
  }

  async #look(path: string): Promise<Photo | { file: string; reason: string }> {
    try {
      const { width, height } = await sizeOf(path);
      return { id: idOfPath(path), name: basename(path), path, width, height, opened: new Date().toISOString() };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      return { file: path, reason: String(thrown.details['reason'] ?? thrown.message) };
    }
  }
}

/** More than any header needs but that of a TIFF, which says its sides at its end. */
const headerBytes = 2 ** 18;

async function sizeOf(path: string): Promise<{ width: number; height: number }> {
  const file = await open(path).catch((error: unknown) => {
    throw fileFailure(error, path, 'reading');
  });
  try {
    const { size } = await file.stat();
    const start = Buffer.alloc(Math.min(size, headerBytes));
    await file.read(start, 0, start.length, 0);
    return await pictureSize(start, path).catch(async () => pictureSize(await readFile(path), path));
  } finally {
    await file.close();
  }
}

/** Files that are named by a person are tried whatever their names; in folders, those named like pictures. */
async function find(
  path: string,
  files: string[],
  skipped: OpenedPhotos['skipped'],
  depth: number,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const found = await stat(path).catch(() => null);
  if (!found) return void skipped.push({ file: path, reason: 'there is no such file' });
  if (found.isFile()) return void files.push(path);
  if (!found.isDirectory() || depth > deepest)
    return void skipped.push({ file: path, reason: 'it is no picture file' });
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => byCodePoint(a.name, b.name))) {
    const inner = join(path, entry.name);
    if (isLeftover(entry.name) || entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) await find(inner, files, skipped, depth + 1, signal);
    else if (namedLikeAnImage(entry.name)) files.push(inner);
  }
}
