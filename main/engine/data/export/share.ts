import { split as splitNames, type Split } from '#contract/data.ts';
import type { DataSet } from '../data-set.ts';

/** How many of the first images of a split are written. */
export interface Share {
  readonly split: Split;
  readonly count: number;
}

/** @param most absent = all; 0 = the split is left out */
export function sharesOf(dataSet: DataSet, most: Partial<Record<Split, number | undefined>>): Share[] {
  return splitNames.options
    .map((split) => ({ split, count: Math.min(dataSet.source(split)?.count ?? 0, most[split] ?? Infinity) }))
    .filter(({ count }) => count > 0);
}
