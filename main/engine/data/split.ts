import { AppError } from '#contract/failures.ts';
import type { ValidationSettings } from '#contract/training.ts';
import { ascending, generator, shuffle } from './random.ts';

/** Indices within the training split, ascending; no index is in both. */
export interface Cut {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

export interface CutSettings {
  readonly validation: ValidationSettings;
  readonly seed: number;
  /** Use only the first n images. */
  readonly limit?: number | undefined;
}

/** Streams of the run's seed that are not epochs (those count from 1) begin here. */
const firstStream = 2 ** 31;

/**
 * Cuts validation off the first `limit` training images, before any shuffling.
 *
 * `last` is Keras' `validation_split`: `int(floor(n * (1 - fraction)))` images train, the rest validate
 * (keras/src/trainers/data_adapters/array_slicing.py, `train_validation_split`, 3.15). `stratified` takes the same
 * number, of each class its share, by seed.
 *
 * @param labels class index of each training image
 * Fails: `train/settings` when nothing would be left on either side.
 */
export function cutValidation(labels: Uint16Array, { validation, seed, limit }: CutSettings): Cut {
  const chosen = firstImages(labels, limit);
  const n = chosen.length;
  if (validation.amount === 'none') return { train: chosen, validation: new Uint32Array(0) };
  const { amount } = validation;
  const count = 'count' in amount ? amount.count : n - Math.floor(n * (1 - amount.fraction));
  if (count <= 0 || count >= n) {
    const problem = `${count} of ${n} images would be held out; expected 1 … ${n - 1}`;
    throw new AppError('train/settings', `\`validation\`: ${problem}.`, { field: 'validation', problem });
  }
  if (validation.pick === 'last') return { train: chosen.slice(0, n - count), validation: chosen.slice(n - count) };
  const cut = stratified(
    Uint16Array.from(chosen, (index) => labels[index] ?? 0),
    count,
    seed,
  );
  const placed = (places: Uint32Array) => places.map((place) => chosen[place] ?? 0);
  return { train: placed(cut.train), validation: placed(cut.validation) };
}

/**
 * The first `limit` images of a split, all without one; ascending. Images of folders come class after class: of those the
 * first of every class are taken, to each its share, since the first of all would be of one class.
 *
 * @param labels class index of each image
 */
export function firstImages(labels: Uint16Array, limit?: number): Uint32Array {
  const count = Math.min(limit ?? labels.length, labels.length);
  if (count === labels.length || !inClassOrder(labels)) return ascending(count);
  const classes = byClass(labels);
  const quotas = shares(
    classes.map((indices) => indices.length),
    count,
  );
  return Uint32Array.from(classes.flatMap((indices, label) => indices.slice(0, quotas[label])));
}

/** Class after class, and more than one. */
function inClassOrder(labels: Uint16Array): boolean {
  for (let index = 1; index < labels.length; index++) {
    if ((labels[index] ?? 0) < (labels[index - 1] ?? 0)) return false;
  }
  return labels.length > 0 && labels[0] !== labels.at(-1);
}

function stratified(labels: Uint16Array, count: number, seed: number): Cut {
  const classes = byClass(labels);
  const quotas = shares(
    classes.map((indices) => indices.length),
    count,
  );
  const held = new Uint8Array(labels.length);
  for (const [label, indices] of classes.entries()) {
    const drawn = shuffle(Uint32Array.from(indices), generator(seed, firstStream + label));
    for (const index of drawn.subarray(0, quotas[label])) held[index] = 1;
  }
  const all = ascending(labels.length);
  return { train: all.filter((index) => !held[index]), validation: all.filter((index) => held[index]) };
}

function byClass(labels: Uint16Array): number[][] {
  const classes: number[][] = [];
  for (const [index, label] of labels.entries()) {
    while (classes.length <= label) classes.push([]);
    classes[label]?.push(index);
  }
  return classes;
}

/** Each size's share of `count` by largest remainder; ties go to the lower class. The shares sum to `count`. */
function shares(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * count) / total);
  const whole = exact.map(Math.floor);
  const left = count - whole.reduce((sum, share) => sum + share, 0);
  const byRemainder = sizes.map((_, label) => label).sort((a, b) => remainder(b) - remainder(a) || a - b);
  function remainder(label: number): number {
    return (exact[label] ?? 0) - (whole[label] ?? 0);
  }
  for (const label of byRemainder.slice(0, left)) whole[label] = (whole[label] ?? 0) + 1;
  return whole;
}
