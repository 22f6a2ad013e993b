import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';

export interface TarMember {
  readonly path: string;
  readonly size: number;
}

/** What becomes of a member: its bytes as they come, `skip`, or `stop` = no more is read of the archive. */
export type TakeMember = (member: TarMember) => ((piece: Uint8Array) => void) | 'skip' | 'stop';

/**
 * Reads an archive's files from the first to the last, packed as gz or not; nothing is written anywhere.
 * Fails: `file/missing`, `file/unreadable`, `data/gzip-damaged`, and what `take` throws.
 */
export async function readTar(file: string, take: TakeMember, signal?: AbortSignal): Promise<void> {
  const packed = await beginsAsGzip(file);
  const source = createReadStream(file, { highWaterMark: 2 ** 20, ...(signal && { signal }) });
  try {
    await new Promise<void>((settle, fail) => {
      const visit = (entry: ReadEntry) => {
        try {
          const taken = /File$/.test(entry.type) ? take({ path: entry.path, size: entry.size }) : 'skip';
          if (typeof taken === 'function') entry.on('data', guarded(taken, fail));
          else entry.resume();
          if (taken === 'stop') settle();
        } catch (error) {
          fail(error as Error);
        }
      };
      const parser = new Parser({ strict: true, onReadEntry: visit });
      parser.on('error', fail);
      parser.on('end', () => settle());
      if (!packed) parser.on('eof', () => settle()); // packed ones have their checksum after it
      source.on('error', fail);
      if (packed) source.pipe(createGunzip({ chunkSize: 2 ** 20 }).on('error', fail)).pipe(parser);
      else source.pipe(parser);
    });
  } catch (error) {
    throw tarFailure(error, file);
  } finally {
    source.unpipe();
    source.destroy();
  }
}

function guarded(taken: (piece: Uint8Array) => void, fail: (error: Error) => void) {
  return (piece: Uint8Array) => {
    try {
      taken(piece);
    } catch (error) {
      fail(error as Error);
    }
  };
}

async function beginsAsGzip(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileFailure(error, file, 'reading');
  }
}

function tarFailure(error: unknown, file: string): unknown {
  const { code = '', message: reason, name } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || error instanceof AppError) return error;
  if (!code.startsWith('Z_') && !code.startsWith('TAR_')) return fileFailure(error, file, 'reading');
  return new AppError('data/gzip-damaged', `${file} cannot be unpacked: ${reason}.`, { file, reason }, error);
}
