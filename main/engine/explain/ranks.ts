/** Of equal values the mean of their ranks, from 1. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, at) => at);
  order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranked = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[first] ?? 0]) end++;
    for (let at = first; at < end; at++) ranked[order[at] ?? 0] = (first + end + 1) / 2;
    first = end;
  }
  return ranked;
}

/** Pearson's correlation, −1…1; 0 where one of the two is the same everywhere. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let at = 0; at < values.length; at++) sum += values[at] ?? 0;
    return sum / values.length;
  };
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [(a[at] ?? 0) - meanA, (b[at] ?? 0) - meanB];
    both += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  const below = Math.sqrt(squareA) * Math.sqrt(squareB);
  return below > 0 ? both / below : 0;
}

/** Spearman's rank correlation: Pearson's of the ranks. */
export const spearman = (a: ArrayLike<number>, b: ArrayLike<number>): number => correlation(ranks(a), ranks(b));
