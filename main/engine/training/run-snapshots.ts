import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, type NamedShape, type NamedValues } from '#engine/model/safetensors.ts';
import { ifPresent } from '#engine/project/file-failure.ts';

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
