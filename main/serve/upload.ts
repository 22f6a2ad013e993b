import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#contract/failures.ts';

/** Bytes of one uploaded file. */
export const uploadLimit = 8 * 2 ** 30;
const deepest = 32;

export interface Received {
  readonly file: string;
  /** What lies on top of the drop: the file, or the folder it is in. */
  readonly top: string;
}

/**
 * Streams the body of a request into a file of its drop's folder; the name stands only for a whole file.
 * Files of one drop lie together, for labels are found beside their images; those of a folder keep their places in it.
 * Fails: `call/invalid`, `file/too-large`, `file/no-space`, `file/unreadable` when the connection broke.
 */
export async function receiveFile(
  request: IncomingMessage,
  parameters: URLSearchParams,
  folder: string,
  limit = uploadLimit,
): Promise<Received> {
  const drop = parameters.get('drop') ?? '';
  if (!/^[0-9a-f-]{36}$/.test(drop)) throw invalid('drop', 'expected the name of a drop');
  const name = safeName(parameters.get('name') ?? '');
  const tooLarge = () => new AppError('file/too-large', `${name} has more than ${limit} bytes.`, { file: name, limit });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const within = safeFolder(parameters.get('folder') ?? '');
  const place = path.join(folder, drop, ...within);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const file = await freeName(path.join(place, name)).catch((thrown: unknown) => {
    throw failureFor(thrown, name);
  });
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
    await pipeline(request, counted, createWriteStream(partial));
    await rename(partial, file);
    return { file, top: within[0] === undefined ? file : path.join(folder, drop, within[0]) };
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

/** Names of folders, none of which leads out. Fails: `call/invalid`. */
function safeFolder(folder: string): string[] {
  const names = folder.split('/').filter((name) => name !== '' && name !== '.' && name !== '..');
  if (names.length > deepest) throw invalid('folder', `expected at most ${deepest} folders in each other`);
  return names.map(safeName);
}

/** A name that no other file of the drop has or is about to have; its partial file is there then. */
async function freeName(file: string): Promise<string> {
  const { dir, name, ext } = path.parse(file);
  for (let number = 2, found = file; ; number++) {
    if (!(await exists(found)) && (await claimed(`${found}.part`))) return found;
    found = path.join(dir, `${name} (${number})${ext}`);
  }
}

async function claimed(partial: string): Promise<boolean> {
  try {
    await (await open(partial, 'wx', 0o600)).close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
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
