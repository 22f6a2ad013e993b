import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { entryName } from './archive-names.ts';
import { largestFile, readFailure, ReadFailure, skipped, type Found, type FoundImage } from './found.ts';
import { isLeftover, namedLikeAnImage } from './image-names.ts';

/** More entries than any known set has; a list of them would fill the memory. */
const mostEntries = 2_000_000;
/** Of all images unpacked. Nothing is unpacked to disk, but each is read once. */
const largestTotal = 2 ** 40;
/** Deflate cannot do better (zlib's own documentation: 1032 : 1), so who claims more lies. */
const bestRatio = 1032;

const stored = 0;
const deflated = 8;
const encryptedFlag = 1;

export interface OpenArchive {
  close(): Promise<void>;
}

/**
 * Finds the images in a zip archive by its central directory. Nothing is unpacked before it is read, and then into
 * memory only, never beyond the size that the directory declares.
 *
 * @param shown how paths begin in rows; empty where the archive is the whole import
 * Fails: `file/missing`, `file/unreadable`, `file/too-large`, `data/archive-damaged`.
 */
export async function findInArchive(
  file: string,
  shown: string,
  into: Found,
  signal?: AbortSignal,
): Promise<OpenArchive> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw fileFailure(error, file, 'reading');
  });
  try {
    const { size } = await handle.stat();
    const zip = await yauzl.fromFdPromise(handle.fd, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
    if (zip.entryCount > mostEntries) {
      throw new AppError('file/too-large', `${file} has ${zip.entryCount} entries; at most ${mostEntries} are read.`, {
        file,
      });
    }
    await listEntries(zip, { handle, file, size, shown, into, signal });
    return { close: () => handle.close() };
  } catch (error) {
    await handle.close();
    if (error instanceof AppError || signal?.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'data/archive-damaged',
      `${file} cannot be read as a zip archive: ${reason}.`,
      { file, reason },
      error,
    );
  }
}

interface Job {
  readonly handle: FileHandle;
  readonly file: string;
  /** Of the archive. */
  readonly size: number;
  readonly shown: string;
  readonly into: Found;
  readonly signal: AbortSignal | undefined;
}

async function listEntries(zip: ZipFile, { handle, file, size, shown, into, signal }: Job): Promise<void> {
  const seen = new Set<string>();
  const folders = new Set<string>(shown === '' ? [] : [shown]);
  const total = { packed: 0, unpacked: 0 };
  for await (const entry of zip.eachEntry()) {
    signal?.throwIfAborted();
    const { path, isFolder, oddity } = entryName(entry);
    const name = shown === '' ? path : `${shown}/${path}`;
    const parts = path.split('/');
    if (!oddity && (path === '' || parts.some(isLeftover))) continue;
    for (let deep = isFolder ? parts.length : parts.length - 1; deep > 0 && !oddity; deep--) {
      const folder = parts.slice(0, deep).join('/');
      folders.add(shown === '' ? folder : `${shown}/${folder}`);
    }
    if (isFolder && !oddity) continue;
    total.packed += entry.compressedSize;
    const row = oddity ? skipped(name, oddity) : whyNot(entry, name, seen.has(path));
    seen.add(path);
    if (row) into.rows.push(row);
    else {
      total.unpacked += entry.uncompressedSize;
      into.images.push(new ArchiveImage(name, entry, zip, handle));
    }
  }
  for (const folder of folders) into.folders.push(folder);
  if (total.packed > size) {
    const reason = `its entries claim ${total.packed} bytes of ${size}, so they overlap`;
    throw new AppError('data/archive-damaged', `${file}: ${reason}.`, { file, reason });
  }
  if (total.unpacked > largestTotal) {
    const message = `${file} would unpack to ${total.unpacked} bytes; at most ${largestTotal} are read.`;
    throw new AppError('file/too-large', message, { file });
  }
}

/** Unix keeps a file's kind in the upper half of the external attributes: `S_IFMT`. */
const kindMask = 0o170000;
const regularKind = 0o100000;

function whyNot(entry: Entry, name: string, twice: boolean) {
  const { compressedSize, compressionMethod, uncompressedSize } = entry;
  const kind = (entry.externalFileAttributes >>> 16) & kindMask;
  if (kind !== 0 && kind !== regularKind) return skipped(name, 'not-a-file');
  if (!namedLikeAnImage(name)) return skipped(name, 'not-an-image');
  if (twice) return skipped(name, 'bad-name', '2×');
  if (entry.generalPurposeBitFlag & encryptedFlag) return skipped(name, 'unreadable', 'encrypted');
  if (compressionMethod !== stored && compressionMethod !== deflated) {
    return skipped(name, 'unreadable', `compression ${compressionMethod}`);
  }
  if (uncompressedSize === 0) return skipped(name, 'empty');
  if (Math.max(uncompressedSize, compressedSize) > largestFile) {
    return skipped(name, 'too-large', `${uncompressedSize} bytes`);
  }
  const fits =
    compressionMethod === stored ? uncompressedSize === compressedSize : uncompressedSize <= compressedSize * bestRatio;
  return fits ? undefined : skipped(name, 'damaged', `${compressedSize} → ${uncompressedSize} bytes`);
}

const inflate = promisify(inflateRaw) as (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

class ArchiveImage implements FoundImage {
  readonly file: string;
  readonly size: number;
  readonly #packed: number;
  readonly #method: number;
  readonly #crc: number;
  readonly #offset: number;
  readonly #zip: ZipFile;
  readonly #handle: FileHandle;

  constructor(file: string, entry: Entry, zip: ZipFile, handle: FileHandle) {
    this.file = file;
    this.size = entry.uncompressedSize;
    this.#packed = entry.compressedSize;
    this.#method = entry.compressionMethod;
    this.#crc = entry.crc32;
    this.#offset = entry.relativeOffsetOfLocalHeader;
    this.#zip = zip;
    this.#handle = handle;
  }

  async read(): Promise<Buffer> {
    const packed = await this.#readPacked();
    const bytes = this.#method === stored ? packed : await this.#unpack(packed);
    if (bytes.length !== this.size || crc32(bytes) !== this.#crc) throw new ReadFailure('damaged', 'CRC-32');
    return bytes;
  }

  async #readPacked(): Promise<Buffer> {
    try {
      const at = await this.#dataStart();
      const packed = Buffer.allocUnsafe(this.#packed);
      const { bytesRead } = await this.#handle.read(packed, 0, packed.length, at);
      if (bytesRead < packed.length) throw new ReadFailure('truncated', `${bytesRead} of ${packed.length} bytes`);
      return packed;
    } catch (error) {
      throw readFailure(error);
    }
  }

  /** Behind the local header, whose length only it knows. */
  async #dataStart(): Promise<number> {
    const entry = Object.assign(new yauzl.Entry(), {
      relativeOffsetOfLocalHeader: this.#offset,
      compressedSize: this.#packed,
    });
    try {
      return (await this.#zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
    } catch (error) {
      throw new ReadFailure('damaged', error instanceof Error ? error.message : String(error), error);
    }
  }

  async #unpack(packed: Buffer): Promise<Buffer> {
    try {
      return await inflate(packed, { maxOutputLength: this.size });
    } catch (error) {
      throw new ReadFailure('damaged', (error as NodeJS.ErrnoException).code ?? 'deflate', error);
    }
  }
}
