import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { photo, type Photo } from '#contract/prediction.ts';
import { byCodePoint, isLeftover, namedLikeAnImage } from '#engine/data/listing/image-names.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { pictureSize } from './picture-size.ts';

/** `photos.json`: only paths are kept, the files stay where they are. */
const photosFile = z.object({ version: z.literal(1), photos: z.array(photo.omit({ missing: true })) });
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
  #photos: Photo[] = [];
  /** Those closed in this session, to be put back. */
  readonly #closed = new Map<string, Photo>();

  private constructor(project: Project) {
    this.#project = project;
  }

  /** A list that cannot be read is begun anew; `report` hears of it. */
  static async open(project: Project, report: (thrown: unknown) => void): Promise<Photos> {
    const photos = new Photos(project);
    try {
      const text = await ifPresent(readFile(photos.#file, 'utf8'));
      if (text !== null) photos.#photos = photosFile.parse(JSON.parse(text)).photos;
    } catch (thrown) {
      report(thrown);
    }
    return photos;
  }

  async list(): Promise<Photo[]> {
    return Promise.all(
      this.#photos.map(async (each) => {
        const there = await stat(each.path).catch(() => null);
        return there?.isFile() ? each : { ...each, missing: true as const };
      }),
    );
  }

  /** Fails: `photo/unknown`. */
  get(id: string): Photo {
    const found = this.#photos.find((each) => each.id === id) ?? this.#closed.get(id);
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
    const ids = new Set(added.map(({ id }) => id));
    await this.#keep([...added, ...this.#photos.filter(({ id }) => !ids.has(id))]);
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
    const pasted: Photo = { id: idOf(path), name, path, width, height, opened: new Date().toISOString() };
    await this.#keep([pasted, ...this.#photos]);
    return pasted;
  }

  async close(ids: readonly string[]): Promise<void> {
    const closed = new Set(ids);
    for (const each of this.#photos) if (closed.has(each.id)) this.#closed.set(each.id, each);
    await this.#keep(this.#photos.filter(({ id }) => !closed.has(id)));
  }

  /** Where they were opened, not where they stood. */
  async restore(ids: readonly string[]): Promise<Photo[]> {
    const back = ids.flatMap((id) => this.#closed.get(id) ?? []);
    for (const { id } of back) this.#closed.delete(id);
    const all = [...this.#photos, ...back.filter(({ id }) => !this.#photos.some((each) => each.id === id))];
    await this.#keep(all.sort((a, b) => b.opened.localeCompare(a.opened)));
    return back;
  }

  async #look(path: string): Promise<Photo | { file: string; reason: string }> {
    try {
      const { width, height } = await sizeOf(path);
      return { id: idOf(path), name: basename(path), path, width, height, opened: new Date().toISOString() };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      return { file: path, reason: String(thrown.details['reason'] ?? thrown.message) };
    }
  }

  get #file(): string {
    return join(this.#project.folder, 'photos.json');
  }

  async #keep(photos: Photo[]): Promise<void> {
    this.#photos = photos;
    await writeAtomic(this.#file, `${JSON.stringify({ version: 1, photos }, null, 2)}\n`);
  }
}

/** The same file is the same photo. */
const idOf = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 16);

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
