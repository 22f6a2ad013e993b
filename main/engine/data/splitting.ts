import { split as splitOrder, type Split, type Splitting } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { generator, shuffle } from './random.ts';

export type DrawnSplits = Readonly<Record<Split, Uint32Array>>;

/** Apart from the streams of epochs and of validation cut off by runs, should a run have the same seed. */
const firstStream = 3 * 2 ** 30;

/**
 * Draws splits from all images of a set, pooled: each split gets its share of each class, by largest remainder, and each
 * class keeps at least one image for training. The same labels and seed give the same splits on every machine.
 *
 * @param labels class index of each image
 * @param given the split of each image as it came: its place in train, validation, test
 * @returns indices into the pool, ascending; no index is in two splits
 * Fails: `data/splitting` when a split that is asked for would be empty, or more is asked for than is there.
 */
export function drawSplits(labels: Uint16Array, given: Uint8Array, splitting: Splitting): DrawnSplits {
  if (splitting.by === 'given') return gather(given);
  const { seed } = splitting;
  const counts = countsOf(splitting, labels.length);
  const classes = byClass(labels);
  const sizes = classes.map((indices) => indices.length);
  const quotas = quotasOf(sizes, counts);
  const drawn = new Uint8Array(labels.length).fill(nowhere);
  for (const [label, indices] of classes.entries()) {
    const shuffled = shuffle(indices, generator(seed, firstStream + label));
    let from = 0;
    // Held-out images come first, so that another count for training leaves them as they are.
    for (const part of ['test', 'validation', 'train'] as const) {
      const to = from + (quotas[part][label] ?? 0);
      for (const index of shuffled.subarray(from, to)) drawn[index] = splitOrder.options.indexOf(part);
      from = to;
    }
  }
  return gather(drawn);
}

const nowhere = 255;

function gather(places: Uint8Array): DrawnSplits {
  const of = (split: Split) => {
    const place = splitOrder.options.indexOf(split);
    const indices = new Uint32Array(places.reduce((count, each) => count + Number(each === place), 0));
    let next = 0;
    for (const [index, each] of places.entries()) if (each === place) indices[next++] = index;
    return indices;
  };
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

type Counts = Readonly<Record<Split, number>>;

function countsOf(splitting: Exclude<Splitting, { by: 'given' }>, n: number): Counts {
  const { validation, test } = splitting;
  if (splitting.by === 'count') {
    const { train = n - validation - test } = splitting;
    const asked = validation + test + Math.max(train, 1);
    if (asked > n) fail(`${asked} images are asked for, ${n} are there`);
    if (train === 0) fail('no image would be left for training');
    return { train, validation, test };
  }
  if (validation + test >= 1) fail(`${validation} and ${test} of the images leave none for training`);
  // What is asked for has an image at least: a hundredth of 20 images is one.
  const share = (fraction: number) => (fraction > 0 ? Math.max(1, Math.round(n * fraction)) : 0);
  const counts = { validation: share(validation), test: share(test) };
  const train = n - counts.validation - counts.test;
  if (train < 1) fail('no image would be left for training');
  return { ...counts, train };
}

/** How many images of each class each split gets. */
function quotasOf(sizes: readonly number[], counts: Counts): Record<Split, number[]> {
  const total = sum(sizes);
  const spare = sizes.map((size) => Math.max(0, size - 1));
  if (sum(spare) < counts.validation + counts.test) {
    fail(`each class keeps an image for training, so that at most ${sum(spare)} can be held out`);
  }
  const exact = (count: number) => sizes.map((size) => (size * count) / total);
  const none = sizes.map(() => 0);
  const test = allot(exact(counts.test), counts.test, none, spare);
  const afterTest = minus(spare, test);
  const validation = allot(exact(counts.validation), counts.validation, none, afterTest);
  const rest = minus(minus(sizes, test), validation);
  const present = sizes.filter((size) => size > 0).length;
  const least = counts.train < present ? none : sizes.map((size) => Math.min(size, 1));
  return { test, validation, train: allot(exact(counts.train), counts.train, least, rest) };
}

/**
 * Whole numbers that sum to `count`, as near to the exact shares as the bounds allow: what is missing goes to those that
 * lack most, what is too much is taken from those that have most over; ties to the lower class. Without bounds that is
 * the method of largest remainders.
 */
function allot(exact: readonly number[], count: number, least: readonly number[], most: readonly number[]): number[] {
  const shares = exact.map((share, label) => {
    return Math.min(Math.max(Math.floor(share), least[label] ?? 0), most[label] ?? 0);
  });
  let left = count - sum(shares);
  while (left !== 0) {
    const step = Math.sign(left);
    const bounds = step > 0 ? most : least;
    const lack = (label: number) => step * ((exact[label] ?? 0) - (shares[label] ?? 0));
    const open = [...shares.keys()].filter((label) => shares[label] !== bounds[label]);
    open.sort((a, b) => lack(b) - lack(a) || a - b);
    for (const label of open.slice(0, Math.abs(left))) {
      shares[label] = (shares[label] ?? 0) + step;
      left -= step;
    }
  }
  return shares;
}

function byClass(labels: Uint16Array): Uint32Array[] {
  const sizes: number[] = [];
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const classes = Array.from(sizes, (size = 0) => new Uint32Array(size));
  const filled = new Uint32Array(classes.length);
  for (const [index, label] of labels.entries()) {
    const place = filled[label] ?? 0;
    filled[label] = place + 1;
    const indices = classes[label];
    if (indices) indices[place] = index;
  }
  return classes;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function minus(from: readonly number[], what: readonly number[]): number[] {
  return from.map((value, position) => value - (what[position] ?? 0));
}

function fail(problem: string): never {
  throw new AppError('data/splitting', `The splits cannot be drawn: ${problem}.`, { problem });
}
