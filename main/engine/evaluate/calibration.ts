import type { Calibration, ReliabilityBin } from '#contract/evaluation.ts';
import type { Judged } from './judged.ts';

/** As many bins as Guo et al. 2017 use. */
const binCount = 15;

/** How well probabilities say how often they are right. */
export function calibrationOf(judged: Judged): Calibration {
  const { count, confidence, right } = judged;
  const mean = (values: ArrayLike<number>) => sum(values) / count;
  return {
    count,
    accuracy: mean(right),
    confidence: mean(confidence),
    brier: brierOf(judged),
    equalWidth: measured(equalWidthBins(confidence), judged),
    adaptive: measured(equalCountBins(confidence), judged),
  };
}

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly rows: number[];
}

/** Bins (i/15, (i+1)/15]; what is 0 belongs to the first. */
function equalWidthBins(confidence: Float32Array): Bin[] {
  const bins = Array.from({ length: binCount }, (_, i): Bin => ({
    from: i / binCount,
    to: (i + 1) / binCount,
    rows: [],
  }));
  confidence.forEach((p, row) => {
    let place = Math.min(binCount - 1, Math.max(0, Math.ceil(p * binCount) - 1));
    // The product is rounded; the edges decide.
    if (place > 0 && p <= place / binCount) place--;
    else if (place < binCount - 1 && p > (place + 1) / binCount) place++;
    bins[place]?.rows.push(row);
  });
  return bins;
}

/** The i-th bin has the rows from ⌊i·n/15⌋ on in the order of confidence; equals keep their order. */
function equalCountBins(confidence: Float32Array): Bin[] {
  const order = Uint32Array.from(confidence.keys()).sort((a, b) => at(confidence, a) - at(confidence, b) || a - b);
  let from = 0;
  return Array.from({ length: binCount }, (_, i) => {
    const first = Math.floor((i * order.length) / binCount);
    const end = Math.floor(((i + 1) * order.length) / binCount);
    const rows = [...order.subarray(first, end)];
    const to = rows.length ? at(confidence, rows.at(-1) ?? 0) : from;
    const bin = { from, to, rows };
    from = to;
    return bin;
  });
}

function measured(bins: readonly Bin[], { count, confidence, right }: Judged): Calibration['equalWidth'] {
  const results = bins.map(({ from, to, rows }): ReliabilityBin => {
    const mean = (values: ArrayLike<number>) =>
      rows.length ? rows.reduce((total, row) => total + at(values, row), 0) / rows.length : 0;
    return { from, to, count: rows.length, confidence: mean(confidence), accuracy: mean(right) };
  });
  const gaps = results.map((bin) => Math.abs(bin.accuracy - bin.confidence));
  return {
    bins: results,
    expectedError: results.reduce((total, bin, i) => total + at(gaps, i) * bin.count, 0) / count,
    maximumError: Math.max(...gaps),
  };
}

function brierOf({ count, classes, probabilities, labels }: Judged): number {
  let total = 0;
  // Not for…of: over 50 million values its iterator takes a second.
  for (let i = 0; i < probabilities.length; i++) total += at(probabilities, i) ** 2;
  labels.forEach((label, row) => (total += 1 - 2 * at(probabilities, row * classes + label)));
  return total / count;
}

const at = (values: ArrayLike<number>, index: number) => values[index] ?? 0;

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += at(values, i);
  return total;
}
