import type { Dirent } from 'node:fs';
import { constants, open } from 'node:fs/promises';
import { largestFile, readFailure, ReadFailure, skipped, type Found, type FoundImage } from './found.ts';

/** Without it, opening a pipe that took the file's place would wait for ever. Windows has neither. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export class FolderImage implements FoundImage {
  readonly file: string;
  readonly size: number;
  /** Where it really is, links resolved. */
  readonly path: string;

  constructor(file: string, size: number, path: string) {
    this.file = file;
    this.size = size;
    this.path = path;
  }

  async read(): Promise<Buffer> {
    const handle = await open(this.path, flags).catch((error: unknown) => {
      throw readFailure(error);
    });
    try {
      const now = await handle.stat();
      if (!now.isFile()) throw new ReadFailure('not-a-file', 'since it was listed');
      if (now.size > largestFile) throw new ReadFailure('too-large', `${now.size} bytes`);
      return await handle.readFile();
    } catch (error) {
      throw readFailure(error);
    } finally {
      await handle.close();
    }
  }
}

/** @param link the link that led to it, if one did */
export function addImage(image: FolderImage, into: Found, link?: string): void {
  const { file, size, path } = image;
  if (size === 0) into.rows.push(skipped(file, 'empty'));
  else if (size > largestFile) into.rows.push(skipped(file, 'too-large', `${size} bytes`));
  else {
    into.images.push(image);
    if (link !== undefined) into.linked.set(image, { link, target: path });
  }
}

export function kindOf(entry: Pick<Dirent, 'isFIFO' | 'isSocket'>): string {
  if (entry.isFIFO()) return 'pipe';
  return entry.isSocket() ? 'socket' : 'device';
}
