import type { Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { readIdxValues } from './idx.ts';
import { MemorySource } from './idx-data-set.ts';
import type { IdxPair } from './pair-files.ts';

export interface LoadedPairs {
  readonly sources: ReadonlyMap<Split, MemorySource>;
  /** Highest label + 1. */
  readonly classCount: number;
}

/** Digits and the like have ten classes; a set of them may lack some. */
const usualClasses = 10;

/**
 * Reads pixels and labels of all pairs. Fails: all codes of `readIdxValues`, `data/label-range`.
 */
export async function loadPairs(pairs: readonly IdxPair[]): Promise<LoadedPairs> {
  const labels = new Map<IdxPair, Uint8Array>();
  for (const pair of pairs) labels.set(pair, await readIdxValues(pair.labels));
  const classCount = countClasses(labels);
  const sources = new Map<Split, MemorySource>();
  for (const [pair, values] of labels) {
    sources.set(pair.split, new MemorySource(await readIdxValues(pair.images), Uint16Array.from(values)));
  }
  return { sources, classCount };
}

/**
 * Labels are class indices, so the classes they use lie close together (EMNIST letters leave out 0, a subset of
 * digits leaves out some). A label of twice as many as there are different ones is taken for damage: accepted, one
 * wrong byte would make 256 classes.
 */
function countClasses(labels: ReadonlyMap<IdxPair, Uint8Array>): number {
  const used = new Uint8Array(256);
  for (const values of labels.values()) for (const label of values) used[label] = 1;
  const different = used.reduce((sum, one) => sum + one, 0);
  const limit = Math.max(usualClasses, 2 * different);
  for (const [{ labels: header }, values] of labels) {
    const index = values.findIndex((label) => label >= limit);
    if (index < 0) continue;
    const details = { file: header.file, index, label: values[index] ?? 0, classes: different };
    const message = `${details.file} gives image ${index} the label ${details.label}, but uses only ${different} labels.`;
    throw new AppError('data/label-range', message, details);
  }
  return used.lastIndexOf(1) + 1;
}
