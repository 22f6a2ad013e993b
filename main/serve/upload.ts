import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#contract/failures.ts';

/** Bytes of one uploaded file. */
export const uploadLimit = 8 * 2 ** 30;

/**
 * Streams the body of a request into a file of its drop's folder; the name stands only for a whole file.
 * Files of one drop lie together, for labels are found beside their images.
 * Fails: `call/invalid`, `file/too-large`, `file/no-space`, `file/unreadable` when the connection broke.
 */
export async function receiveFile(
  request: IncomingMessage,
  parameters: URLSearchParams,
  folder: string,
  limit = uploadLimit,
): Promise<string> {
  const drop = parameters.get('drop') ?? '';
  if (!/^[0-9a-f-]{36}$/.test(drop)) throw invalid('drop', 'expected the name of a drop');
  const name = safeName(parameters.get('name') ?? '');
  const tooLarge = () => new AppError('file/too-large', `${name} has more than ${limit} bytes.`, { file: name, limit });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const place = path.join(folder, drop);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const file = await freeName(path.join(place, name));
  const partial = `${file}.part`;
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length;
      if (bytes > limit) next(tooLarge());
      else next(null, chunk);
    },
  });
  try {
    await pipeline(request, counted, createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
    await rename(partial, file);
    return file;
  } catch (thrown) {
    await rm(partial, { force: true });
    throw failureFor(thrown, name);
  }
}

/** What is left of a name when it can neither leave its folder nor hide nor trouble a file system. */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).pop() ?? '';
  const plain = last
    .normalize('NFC')
    .replace(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^\.+/, '')
    .trim();
  const short =
    Buffer.byteLength(plain) <= 200
      ? plain
      : Buffer.from(plain)
          .subarray(-200)
          .toString()
          .replace(/\ufffd/g, '');
  return short || 'file';
}

/** A file of this name that came before in the same drop stays. */
async function freeName(file: string): Promise<string> {
  const { dir, name, ext } = path.parse(file);
  for (let number = 2, found = file; ; number++) {
    if (!(await exists(found)) && !(await exists(`${found}.part`))) return found;
    found = path.join(dir, `${name} (${number})${ext}`);
  }
}

const exists = (file: string) => stat(file).then(Boolean, () => false);

function failureFor(thrown: unknown, file: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new AppError('file/no-space', `No space for ${file}.`, { file }, thrown);
  return new AppError('file/unreadable', `${file}: ${message}`, { file, reason: message }, thrown);
}

const invalid = (field: string, problem: string) =>
  new AppError('call/invalid', `\`${field}\`: ${problem}.`, { field, problem });
