import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { Work } from './work.ts';

export interface Checksum {
  readonly algorithm: 'sha256' | 'md5';
  readonly hex: string;
}

export async function hashFile(file: string, work: Work, algorithm: Checksum['algorithm'] = 'sha256'): Promise<string> {
  const { size } = await stat(file);
  const hash = createHash(algorithm);
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal: work.signal })) {
    hash.update(chunk as Buffer);
    done += (chunk as Buffer).byteLength;
    work.advance(done, size, 'bytes');
  }
  return hash.digest('hex');
}

/** Deletes the file when it is not what was promised, so that the next try begins anew. Fails: `provision/checksum`. */
export async function verifyFile(file: string, { algorithm, hex: expected }: Checksum, work: Work): Promise<void> {
  const name = path.basename(file).replace(/\.part$/, '');
  work.begin('verify', `Checking ${name}`);
  const received = await hashFile(file, work, algorithm);
  if (received === expected) return;
  await rm(file, { force: true });
  throw wrongChecksum(name, expected, received);
}

export function wrongChecksum(file: string, expected: string, received: string): AppError {
  const message = `${file} has the checksum ${received}; expected ${expected}.`;
  return new AppError('provision/checksum', message, { file, expected, received });
}
