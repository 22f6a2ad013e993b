import { expect, test } from 'vitest';
import type { Split } from '#contract/data.ts';
import { fashionClasses, isFashionMnist, type MaybeFashion } from '#engine/data/formats/fashion.ts';

/** Evenly of ten classes, beginning as told. */
function labels(beginning: readonly number[], each: number): Uint16Array {
  const left = new Array<number>(10).fill(each);
  for (const label of beginning) left[label] = (left[label] ?? 0) - 1;
  return Uint16Array.from([...beginning, ...left.flatMap((count, label) => new Array<number>(count).fill(label))]);
}

const train = labels([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], 60);
const held = labels([9, 2, 1, 1, 6, 1, 4, 6, 5, 7], 10);
const digits = labels([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], 60);
const some = (given: Partial<MaybeFashion>): MaybeFashion => ({
  ...{ height: 28, width: 28, channels: 1, files: ['/data/train-images-idx3-ubyte.gz'], labels: new Map() },
  ...given,
});
const of = (...splits: [Split, Uint16Array][]) => new Map(splits);

test.each<[string, Partial<MaybeFashion>, boolean]>([
  ['both splits under MNIST’s own names', { labels: of(['train', train], ['test', held]) }, true],
  ['the training images alone', { labels: of(['train', train]) }, true],
  ['MNIST', { labels: of(['train', digits], ['test', held]) }, false],
  ['another order', { labels: of(['train', held]) }, false],
  ['not as many of each', { labels: of(['train', train.subarray(0, 400)]) }, false],
  ['a part in a folder of the name', { files: ['/d/Fashion-MNIST/x.gz'], labels: of(['train', digits]) }, true],
  ['a file of the name', { files: ['/d/fashion_mnist-images'], labels: of(['train', digits]) }, true],
  ['more than ten classes', { files: ['/fashion-mnist/x'], labels: of(['train', Uint16Array.of(10)]) }, false],
  ['another size', { files: ['/fashion-mnist/x'], width: 27 }, false],
])('%s', (_, given, expected) => expect(isFashionMnist(some(given))).toBe(expected));

test('its ten classes are those of its page', () => {
  expect(fashionClasses).toHaveLength(10);
  expect([fashionClasses[0], fashionClasses[9]]).toEqual(['T-shirt/top', 'Ankle boot']);
});
