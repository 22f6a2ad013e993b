import { totalmem } from 'node:os';
import type { DataSetSummary, ImportLook, Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { MemorySource } from '../memory-source.ts';

/** What files of one format hold, in memory that threads share. */
export interface FileImages {
  readonly kind: ImportLook['kind'];
  readonly name: string;
  readonly classes: readonly string[];
  readonly superclasses?: NonNullable<DataSetSummary['superclasses']>;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly splits: ReadonlyMap<Split, MemorySource>;
  /** The files it came from, in the order read. */
  readonly files: readonly string[];
}

/** Half of the memory may hold images, and at most so many bytes. */
const mostBytes = 4 * 2 ** 30;

/** Asked before memory is taken. Fails: `data/too-large`. */
export function requireMemory(file: string, bytes: number): void {
  const limit = Math.min(mostBytes, Math.floor(totalmem() / 2));
  if (bytes <= limit) return;
  const message = `${file} holds ${bytes} bytes of images; at most ${limit} fit here.`;
  throw new AppError('data/too-large', message, { file, bytes, limit });
}

/** Images of each class over all splits, as a look shows them: at most 1,000. */
export function countedClasses(names: readonly string[], counts: ArrayLike<number>): ImportLook['classes'] {
  return names.slice(0, 1000).map((name, label) => ({ name, images: counts[label] ?? 0 }));
}
