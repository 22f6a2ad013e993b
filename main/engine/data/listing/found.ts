import type { FileOddity, ImportRow, Split } from '#contract/data.ts';

/** A file that may be an image, by its name. */
export interface FoundImage {
  /** Path within what is imported, with `/`. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Fails: `ReadFailure`. */
  read(): Promise<Buffer>;
}

/** What lies in folders or an archive, before anything is said about classes. */
export interface Found {
  readonly images: FoundImage[];
  /** Paths of the folders, with `/`, none at the end. */
  readonly folders: string[];
  readonly rows: ImportRow[];
  /** Of images that were reached through a link: the link's path, and what the real file is called. */
  readonly linked: Map<FoundImage, Linked>;
}

export interface Linked {
  readonly link: string;
  readonly target: string;
}

/** An image with the names of its split and its class folder. */
export interface Placed {
  readonly image: FoundImage;
  readonly split: Split;
  readonly className: string;
  /** Path of the class folder. */
  readonly folder: string;
}

export function nothingFound(): Found {
  return { images: [], folders: [], rows: [], linked: new Map() };
}

/** Larger files are no photos for training; the limit keeps one of them from filling the memory. */
export const largestFile = 256 * 2 ** 20;

export function skipped(file: string, oddity: FileOddity, detail?: string): ImportRow {
  return { file, oddity, outcome: 'skipped', ...(detail !== undefined && { detail }) };
}

/** Why a listed file could not be read after all. Never ends an import: it is a row of the report. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly oddity: FileOddity;
  readonly detail: string;

  constructor(oddity: FileOddity, detail: string, cause?: unknown) {
    super(`${oddity}: ${detail}`, cause === undefined ? undefined : { cause });
    this.oddity = oddity;
    this.detail = detail;
  }
}

/** A failed file operation as a row speaks of it. */
export function readFailure(thrown: unknown): ReadFailure {
  if (thrown instanceof ReadFailure) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  return new ReadFailure(code === 'ENOENT' || code === 'ENOTDIR' ? 'vanished' : 'unreadable', code ?? message, thrown);
}
