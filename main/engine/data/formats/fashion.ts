import type { Split } from '#contract/data.ts';

/** https://github.com/zalandoresearch/fashion-mnist#labels */
export const fashionClasses: readonly string[] = [
  ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
  ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
];

/** The first labels of each split; MNIST and its other kin (KMNIST, notMNIST, EMNIST) begin differently. */
const beginnings: Partial<Record<Split, readonly number[]>> = {
  train: [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
  test: [9, 2, 1, 1, 6, 1, 4, 6, 5, 7],
};

export interface MaybeFashion {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Paths of the images and labels. */
  readonly files: readonly string[];
  readonly labels: ReadonlyMap<Split, ArrayLike<number>>;
}

/**
 * Fashion-MNIST has MNIST's file names and shape, so it is told by its labels, whichever way it is packed (they follow
 * one published order, evenly over ten classes), or by its name, for parts of it.
 */
export function isFashionMnist({ height, width, channels, files, labels }: MaybeFashion): boolean {
  if (height !== 28 || width !== 28 || channels !== 1) return false;
  const splits = [...labels];
  if (!splits.every(([, values]) => Array.from(values).every((label) => label < 10))) return false;
  if (splits.length > 0 && splits.every(([split, values]) => isOriginal(split, values))) return true;
  return files.some((file) => /fashion[-_ ]?mnist/i.test(file));
}

function isOriginal(split: Split, labels: ArrayLike<number>): boolean {
  const beginning = beginnings[split];
  if (!beginning?.every((label, index) => labels[index] === label)) return false;
  const counts = new Array<number>(10).fill(0);
  for (let index = 0; index < labels.length; index++)
    counts[labels[index] ?? 0] = (counts[labels[index] ?? 0] ?? 0) + 1;
  return counts.every((count) => count === labels.length / 10);
}
