import type { Split, SplitStatistics } from '#contract/data.ts';

export interface ClassShare {
  readonly name: string;
  /** One a split, in the statistics' order. `share` is of the split's images, 0…1. */
  readonly splits: readonly { split: Split; count: number; share: number }[];
}

/** How many images of each class every split holds. A split without images has shares of 0. */
export function classShares(classes: readonly string[], statistics: readonly SplitStatistics[]): ClassShare[] {
  return classes.map((name, index) => ({
    name,
    splits: statistics.map(({ split, count, perClass }) => {
      const own = perClass[index] ?? 0;
      return { split, count: own, share: count === 0 ? 0 : own / count };
    }),
  }));
}

/** The same as rows of a file: counts, and shares as fractions so that a spreadsheet can use them. */
export function shareRows(shares: readonly ClassShare[]): (string | number)[][] {
  const splits = shares[0]?.splits.map(({ split }) => split) ?? [];
  const head = ['class', ...splits.flatMap((split) => [split, `${split} share`])];
  return [
    head,
    ...shares.map((row) => [row.name, ...row.splits.flatMap((own) => [own.count, Number(own.share.toFixed(6))])]),
  ];
}
