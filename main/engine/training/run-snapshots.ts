import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import { readSafetensors, writeSafetensors, type NamedShape, type NamedValues } from '#engine/model/safetensors.ts';
import { ifPresent } from '#engine/project/file-failure.ts';

/** The oldest but the first go when there are more. */
const mostKept = 100;

/** Looking back is worth no run: its own weights, written anew after every epoch, must still find room. Bytes. */
const reserve = (bytes: number) => 3 * bytes + 64 * 2 ** 20;

/** Weights after single epochs, to look back at: `epochs/<n>.safetensors` in the run's folder. */
const file = (folder: string, epoch: number) => join(folder, 'epochs', `${epoch}.safetensors`);
const named = /^(\d+)\.safetensors$/;

/** First to last. @param folder the run's own */
export async function epochsKept(folder: string): Promise<number[]> {
  const names = (await ifPresent(readdir(join(folder, 'epochs')))) ?? [];
  return names
    .flatMap((name) => named.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Fails: `run/no-weights` where that epoch's were not kept, `run/torn`. */
export function readSnapshot(
  folder: string,
  epoch: number,
  run: string,
  expected: readonly NamedShape[],
): Promise<NamedValues[]> {
  return readSafetensors(file(folder, epoch), run, expected);
}

/**
 * Keeps the weights after an epoch. Fails: `file/no-space`, also while there is less room than the run itself will need;
 * `file/not-writable`. What was kept before stays.
 */
export async function keepSnapshot(folder: string, epoch: number, weights: readonly NamedValues[]): Promise<void> {
  const target = file(folder, epoch);
  const bytes = weights.reduce((sum, { values }) => sum + values.byteLength, 0);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + reserve(bytes)) {
    const message = `${target} is not written: ${bavail * bsize} bytes are free, and the run itself needs them.`;
    throw new AppError('file/no-space', message, { file: target });
  }
  await mkdir(join(folder, 'epochs'), { recursive: true });
  await writeSafetensors(target, weights);
  const [, ...later] = await epochsKept(folder);
  for (const old of later.slice(0, Math.max(0, later.length + 1 - mostKept))) await removeSnapshot(folder, old);
}

/** A run goes on from an earlier place: what came after this epoch is done again. */
export async function removeSnapshotsAfter(folder: string, epoch: number): Promise<void> {
  for (const kept of await epochsKept(folder)) if (kept > epoch) await removeSnapshot(folder, kept);
}

/** What cannot be removed takes room and does no other harm. */
async function removeSnapshot(folder: string, epoch: number): Promise<void> {
  await rm(file(folder, epoch), { force: true }).catch(() => undefined);
}
