import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { AppError } from '#contract/failures.ts';
import { temporaryName } from './atomic.ts';
import { fileFailure, ifPresent } from './file-failure.ts';
import { byteCounter, cancelled, type Followed } from './followed.ts';
import { projectFile } from './project.ts';

const mostEntries = 1_000_000;
/** Deflate makes nothing smaller than one part in 1,032 (zlib's technical details); more means entries share bytes. */
const deflateLimit = 1032;
const unixLink = 0o120000;

/**
 * Unpacks a project archive into an empty or missing folder, which gets its content only when all of it is there.
 * The archive is not trusted: absolute names, `..`, links, double names and declared sizes beyond what the file can
 * hold are refused before anything is written.
 * Fails: `project/archive-damaged`, `project/folder-not-empty`, `file/missing`, `file/no-space`, `file/not-writable`,
 * `call/cancelled`.
 */
export async function unpackArchive(path: string, into: string, { tell, signal }: Followed = {}): Promise<void> {
  const file = resolve(path);
  const folder = resolve(into);
  const names = await ifPresent(readdir(folder)).catch(() => ['a file']);
  if (names && names.length > 0) {
    throw new AppError('project/folder-not-empty', `${folder} must be empty to unpack into.`, { folder });
  }
  const temporary = temporaryName(folder);
  try {
    await mkdir(temporary, { recursive: true });
    const bytes = await checkEntries(file, temporary, folder);
    const counter = byteCounter(bytes, tell);
    await eachEntry(file, (zip, entry) => unpackEntry(zip, entry, { file, folder: temporary, counter, signal }));
    if (names) await rmdir(folder); // Windows does not rename onto a folder, not even an empty one
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw signal?.aborted ? cancelled(error) : fileFailure(error, folder, 'writing');
  }
}

interface Unpacking {
  readonly file: string;
  readonly folder: string;
  readonly counter: () => Transform;
  readonly signal: AbortSignal | undefined;
}

async function eachEntry(file: string, act: (zip: ZipFile, entry: Entry) => Promise<void> | void): Promise<void> {
  let zip: ZipFile;
  try {
    await stat(file);
  } catch (error) {
    throw fileFailure(error, file, 'reading');
  }
  try {
    zip = await openPromise(file, { strictFileNames: true, validateEntrySizes: true });
  } catch (error) {
    throw damaged(file, reasonOf(error), error);
  }
  try {
    for await (const entry of zip.eachEntry()) await act(zip, entry);
  } catch (error) {
    const { syscall, name } = error as NodeJS.ErrnoException;
    const ours = error instanceof AppError || syscall !== undefined || name === 'AbortError';
    throw ours ? error : damaged(file, reasonOf(error), error); // names with `..` and the like are refused by yauzl
  } finally {
    zip.close();
  }
}

/** @param disk any folder on the disk that `folder` will be on; @returns bytes when unpacked */
async function checkEntries(file: string, disk: string, folder: string): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  await eachEntry(file, (_, entry) => {
    const name = entry.fileName;
    const plain = name.normalize('NFC').toLowerCase();
    if (seen.has(plain)) throw damaged(file, `it holds "${name}" twice`);
    if (((entry.externalFileAttributes >>> 16) & 0o170000) === unixLink) throw damaged(file, `"${name}" is a link`);
    if (!entry.canDecodeFileData()) throw damaged(file, `"${name}" is packed in a way that Heatlens does not read`);
    seen.add(plain);
    bytes += entry.uncompressedSize;
    if (seen.size > mostEntries) throw damaged(file, `it holds more than ${mostEntries} files`);
  });
  if (!seen.has(projectFile)) throw damaged(file, `it holds no ${projectFile}`);
  const { size } = await stat(file);
  if (bytes > size * deflateLimit) throw damaged(file, `${size} bytes cannot hold the ${bytes} bytes it declares`);
  const { bavail, bsize } = await statfs(disk);
  if (bytes > bavail * bsize) {
    throw new AppError('file/no-space', `Unpacking ${file} needs ${bytes} bytes; there is less room.`, {
      file: folder,
    });
  }
  return bytes;
}

async function unpackEntry(zip: ZipFile, entry: Entry, unpacking: Unpacking): Promise<void> {
  const { file, folder, counter, signal } = unpacking;
  const target = join(folder, ...entry.fileName.split('/'));
  if (entry.fileName.endsWith('/')) {
    await mkdir(target, { recursive: true });
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  const sum = checksum();
  await pipeline(
    await zip.openReadStreamPromise(entry),
    counter(),
    sum.stream,
    createWriteStream(target, { flags: 'wx', flush: true }),
    { ...(signal && { signal }) },
  );
  if (sum.value() !== entry.crc32) throw damaged(file, `"${basename(entry.fileName)}" does not have its checksum`);
}

/** yauzl compares sizes, but not checksums. */
function checksum(): { stream: Transform; value: () => number } {
  let value = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      value = crc32(chunk, value);
      done(null, chunk);
    },
  });
  return { stream, value: () => value };
}

function damaged(file: string, reason: string, cause?: unknown): AppError {
  return new AppError(
    'project/archive-damaged',
    `${file} is not a whole Heatlens archive: ${reason}.`,
    { file, reason },
    cause,
  );
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
