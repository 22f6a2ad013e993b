import type { Split } from '#contract/data.ts';
import { checkedClassCount } from './class-count.ts';
import { readIdxValues } from './idx.ts';
import { MemorySource } from './memory-source.ts';
import type { IdxPair } from './pair-files.ts';

export interface LoadedPairs {
  readonly sources: ReadonlyMap<Split, MemorySource>;
  /** Highest label + 1. */
  readonly classCount: number;
}

/**
 * Reads pixels and labels of all pairs. Fails: all codes of `readIdxValues`, `data/label-range`.
 */
export async function loadPairs(pairs: readonly IdxPair[]): Promise<LoadedPairs> {
  const labels = new Map<IdxPair, Uint8Array>();
  for (const pair of pairs) labels.set(pair, await readIdxValues(pair.labels));
  const classCount = checkedClassCount(new Map([...labels].map(([pair, values]) => [pair.labels.file, values])));
  const sources = new Map<Split, MemorySource>();
  for (const [pair, values] of labels) {
    sources.set(pair.split, new MemorySource(await readIdxValues(pair.images), Uint16Array.from(values)));
  }
  return { sources, classCount };
}
