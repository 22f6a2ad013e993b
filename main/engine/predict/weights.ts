import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '#contract/failures.ts';
import { LeastRecent } from '#engine/data/least-recent.ts';

const known = new LeastRecent<string>(64);

/**
 * SHA-256 of a run's weights, hex. Read anew only when the file's size, time or inode changed.
 * Fails: `run/no-weights`.
 */
export async function weightsHash(run: string, folder: string): Promise<string> {
  const file = path.join(folder, 'checkpoints', 'last.safetensors');
  const found = await stat(file, { bigint: true }).catch(() => null);
  if (!found) throw new AppError('run/no-weights', `Run ${run} has no weights at ${file}.`, { run });
  const name = `${file}:${found.ino}:${found.size}:${found.mtimeNs}`;
  const kept = known.get(name);
  if (kept) return kept;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const digest = hash.digest('hex');
  known.set(name, digest);
  return digest;
}
