import { expect, test } from 'vitest';
import { stemOf } from '#state/receive.ts';

test.each([
  { path: '/tmp/a/letters-images-idx3-ubyte.gz', want: 'letters' },
  { path: '/tmp/a/emnist-letters-train-images-idx3-ubyte', want: 'emnist-letters' },
  { path: 'C:\\drop\\signs_labels.idx1-ubyte', want: 'signs' },
  { path: '/tmp/a/t10k-labels-idx1-ubyte', want: undefined },
  { path: '/tmp/a/train-images.idx3-ubyte', want: undefined },
])('$path is named $want', ({ path, want }) => {
  expect(stemOf(path)).toBe(want);
});
