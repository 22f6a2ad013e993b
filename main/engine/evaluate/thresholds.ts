import type { Thresholds } from '#contract/evaluation.ts';
import { AppError } from '#contract/failures.ts';
import type { Judged } from './judged.ts';

const steps = 200;
/** Points of a drawn curve. */
const drawn = 400;

/**
 * What follows from a threshold on probabilities; with `chosen`, also for that class against all others.
 * Fails: `call/invalid`.
 */
export function thresholdsOf(judged: Judged, chosen?: number): Thresholds {
  const { count, classes, confidence, right } = judged;
  const counted = fromThreshold(confidence, () => 1);
  const rightOnes = fromThreshold(confidence, (row) => right[row] ?? 0);
  const result: Thresholds = {
    count,
    thresholds: Array.from({ length: steps + 1 }, (_, i) => i / steps),
    coverage: Array.from(counted, (n) => n / count),
    accuracy: quotients(rightOnes, counted),
  };
  if (chosen === undefined) return result;
  if (chosen >= classes) {
    const problem = `class ${chosen} of ${classes}`;
    throw new AppError('call/invalid', `\`class\`: ${problem}.`, { field: 'class', problem });
  }
  return { ...result, one: oneClass(judged, chosen) };
}

function oneClass({ count, classes, probabilities, labels }: Judged, chosen: number): Thresholds['one'] {
  const scores = Float32Array.from({ length: count }, (_, row) => probabilities[row * classes + chosen] ?? 0);
  const isOne = Uint8Array.from(labels, (label) => Number(label === chosen));
  const positives = isOne.reduce((a, b) => a + b, 0);
  const taken = fromThreshold(scores, () => 1);
  const found = fromThreshold(scores, (row) => isOne[row] ?? 0);
  const curve = ranked(scores, isOne);
  const negatives = count - positives;
  const falsePositive = curve.map(({ taken: n, found: hits }) => (negatives ? (n - hits) / negatives : 0));
  const truePositive = curve.map(({ found: hits }) => (positives ? hits / positives : 0));
  const precision = curve.map(({ taken: n, found: hits }) => (n ? hits / n : 1));
  return {
    class: chosen,
    positives,
    precision: quotients(found, taken),
    recall: Array.from(found, (hits) => (positives ? hits / positives : 0)),
    f1: Array.from(found, (hits, i) => (hits ? (2 * hits) / ((taken[i] ?? 0) + positives) : 0)),
    precisionRecall: picked({ recall: truePositive, precision }, pointsAlong(truePositive, precision)),
    roc: picked({ falsePositive, truePositive }, pointsAlong(falsePositive, truePositive)),
    averagePrecision: positives ? averagePrecision(truePositive, precision) : null,
    auc: positives && negatives ? area(falsePositive, truePositive) : null,
  };
}

/** For each threshold i/200: the sum of `value` over the rows whose score reaches it. */
function fromThreshold(scores: Float32Array, value: (row: number) => number): Float64Array {
  const sums = new Float64Array(steps + 1);
  scores.forEach((score, row) => {
    let place = Math.min(steps, Math.max(0, Math.floor(score * steps)));
    // The product is rounded; the threshold itself decides.
    if (score < place / steps) place--;
    else if (place < steps && score >= (place + 1) / steps) place++;
    sums[place] = (sums[place] ?? 0) + value(row);
  });
  for (let i = steps - 1; i >= 0; i--) sums[i] = (sums[i] ?? 0) + (sums[i + 1] ?? 0);
  return sums;
}

interface Ranked {
  readonly taken: number;
  readonly found: number;
}

/** After each distinct score, highest first: how many rows are taken, and how many of them are of the class. */
function ranked(scores: Float32Array, isOne: Uint8Array): Ranked[] {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const points: Ranked[] = [{ taken: 0, found: 0 }];
  let found = 0;
  order.forEach((row, place) => {
    found += isOne[row] ?? 0;
    const next = order[place + 1];
    if (next === undefined || scores[next] !== scores[row]) points.push({ taken: place + 1, found });
  });
  return points;
}

/** Σ (recallₙ − recallₙ₋₁) · precisionₙ, without interpolation, as scikit-learn. */
function averagePrecision(recall: readonly number[], precision: readonly number[]): number {
  return recall.reduce((sum, r, n) => sum + (n ? (r - (recall[n - 1] ?? 0)) * (precision[n] ?? 0) : 0), 0);
}

/** By trapezoids. */
function area(x: readonly number[], y: readonly number[]): number {
  return x.reduce((sum, at, n) => {
    if (n === 0) return sum;
    return sum + (at - (x[n - 1] ?? 0)) * (((y[n] ?? 0) + (y[n - 1] ?? 0)) / 2);
  }, 0);
}

/** Which points to draw: the first, the last, and those between at equal distances along the curve. */
function pointsAlong(x: readonly number[], y: readonly number[]): number[] {
  if (x.length <= drawn) return [...x.keys()];
  let way = 0;
  const ways = x.map((at, n) => {
    if (n > 0) way += Math.abs(at - (x[n - 1] ?? 0)) + Math.abs((y[n] ?? 0) - (y[n - 1] ?? 0));
    return way;
  });
  const places: number[] = [];
  ways.forEach((at, n) => {
    if (n === x.length - 1 || at >= (places.length * way) / (drawn - 1)) places.push(n);
  });
  return places;
}

function picked<Name extends string>(lists: Record<Name, readonly number[]>, places: readonly number[]) {
  const pick = ([name, list]: [string, readonly number[]]) => [name, places.map((n) => list[n] ?? 0)];
  return Object.fromEntries(Object.entries<readonly number[]>(lists).map(pick)) as Record<Name, number[]>;
}

const quotients = (parts: Float64Array, wholes: Float64Array) =>
  Array.from(parts, (part, i) => (wholes[i] ? part / (wholes[i] ?? 1) : null));
