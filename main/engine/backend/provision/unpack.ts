import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { fullDisk } from './space.ts';
import type { Work } from './work.ts';

export interface UnpackedFile {
  /** Relative to the folder, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Unpacks from a zip file what `place` gives a path inside the folder; everything else stays packed. Each file is on
 * the disk, not only in its cache, when this returns. Fails: `provision/no-space`; damage in the zip throws.
 */
export async function unpackZip(
  zip: string,
  folder: string,
  place: (name: string) => string | undefined,
  work: Work,
): Promise<UnpackedFile[]> {
  const archive = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(zip, {
    lazyEntries: true,
    autoClose: false,
  });
  try {
    const chosen = (await entriesOf(archive)).flatMap((entry) => {
      const name = entry.fileName.endsWith('/') ? undefined : place(entry.fileName);
      return name === undefined ? [] : [{ entry, name }];
    });
    const total = chosen.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    const files: UnpackedFile[] = [];
    let done = 0;
    for (const { entry, name } of chosen) {
      const file = await unpackEntry(archive, entry, path.join(folder, name), (bytes) => {
        work.signal.throwIfAborted();
        work.advance((done += bytes), total, 'bytes');
      });
      files.push({ name, ...file });
    }
    return files;
  } catch (thrown) {
    throw fullDisk(thrown, folder) ?? thrown;
  } finally {
    archive.close();
  }
}

async function entriesOf(archive: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    archive.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry);
      archive.readEntry();
    });
    archive.once('end', () => resolve(entries));
    archive.once('error', reject);
    archive.readEntry();
  });
}

async function unpackEntry(
  archive: yauzl.ZipFile,
  entry: yauzl.Entry,
  target: string,
  count: (bytes: number) => void,
): Promise<{ bytes: number; sha256: string }> {
  await mkdir(path.dirname(target), { recursive: true });
  const stream = await promisify(archive.openReadStream.bind(archive) as OpenEntry)(entry);
  const hash = createHash('sha256');
  const file = await open(target, 'w');
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      await file.appendFile(bytes);
      count(bytes.byteLength);
    }
    await file.datasync();
  } finally {
    stream.destroy();
    await file.close();
  }
  return { bytes: entry.uncompressedSize, sha256: hash.digest('hex') };
}

type OpenEntry = (
  entry: yauzl.Entry,
  done: (error: Error | null, stream: NodeJS.ReadableStream & { destroy(): void }) => void,
) => void;
