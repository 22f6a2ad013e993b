/**
 * How dark each cell is, 0…1. `row`: the part of its true class; `count`: against the largest count shown. Hidden
 * diagonals leave the errors to set the scale.
 */
export function cellShares(
  counts: readonly (readonly number[])[],
  share: 'row' | 'count',
  hideDiagonal: boolean,
): number[][] {
  const shown = counts.map((row, truth) => row.map((n, predicted) => (hideDiagonal && truth === predicted ? 0 : n)));
  const parts = shown.map((row, truth) => {
    const total = share === 'row' ? (counts[truth]?.reduce((sum, n) => sum + n, 0) ?? 0) : 1;
    return row.map((n) => (total === 0 ? 0 : n / total));
  });
  const largest = Math.max(0, ...parts.flat());
  if (largest === 0) return parts;
  // Row per cent keeps its absolute scale unless only errors are shown: those are rarely above a few per cent.
  const scale = share === 'row' && !hideDiagonal ? 1 : largest;
  return parts.map((row) => row.map((part) => part / scale));
}

/** The pairs most often taken for one another, largest count first. */
export function topConfused(
  counts: readonly (readonly number[])[],
  limit: number,
): { truth: number; predicted: number; count: number }[] {
  return counts
    .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}
