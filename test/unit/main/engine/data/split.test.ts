import { expect, test } from 'vitest';
import type { ValidationSettings } from '#contract/training.ts';
import { cutValidation, firstImages } from '#engine/data/split.ts';

const labelled = (n: number, classes = 10) => Uint16Array.from({ length: n }, (_, index) => index % classes);
const cut = (n: number, amount: ValidationSettings['amount'], pick: ValidationSettings['pick'] = 'last') =>
  cutValidation(labelled(n), { validation: { amount, pick }, seed: 1 });

// int(floor(n * (1 - fraction))) in Python 3.11, where 1 - 0.9 is 0.09999999999999998.
test.each([
  [60_000, 0.1, 54_000],
  [60_000, 0.2, 48_000],
  [1000, 0.9, 99],
  [10, 0.15, 8],
  [7, 1 / 3, 4],
  [100, 0.29, 71],
])('of %i images Keras holds out %f and trains on %i', (n, fraction, train) => {
  const { train: kept, validation } = cut(n, { fraction });
  expect(kept).toHaveLength(train);
  expect([kept[0], kept.at(-1), validation[0], validation.at(-1)]).toEqual([0, train - 1, train, n - 1]);
});

test('a count is held out exactly, from the end', () => {
  expect(cut(10, { count: 3 }).validation).toEqual(Uint32Array.of(7, 8, 9));
});

test('without validation all images train', () => {
  expect(cut(5, 'none')).toEqual({ train: Uint32Array.of(0, 1, 2, 3, 4), validation: new Uint32Array(0) });
});

test('only the first n images are cut', () => {
  const settings = { validation: { amount: { fraction: 0.2 }, pick: 'last' } as const, seed: 1, limit: 10 };
  expect(cutValidation(labelled(100), settings).validation).toEqual(Uint32Array.of(8, 9));
  expect(cutValidation(labelled(5), { ...settings, limit: 10 }).validation).toEqual(Uint32Array.of(4));
});

test.each([
  ['everything', 10, { count: 10 }],
  ['more than there is', 10, { count: 11 }],
  ['all but nothing of one image', 1, { fraction: 0.5 }],
] as const)('refuses to hold out %s', (_, n, amount) => {
  expect(() => cut(n, amount)).toThrow(expect.objectContaining({ code: 'train/settings' }));
});

test.each([
  [60_000, { fraction: 0.1 }, 6000],
  [1003, { count: 101 }, 101],
  [13, { count: 4 }, 4],
])(
  'stratified: of %i images exactly the count, each class its share within one, no image in both',
  (n, amount, count) => {
    const labels = labelled(n);
    const { train, validation } = cut(n, amount, 'stratified');
    expect(validation).toHaveLength(count);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, index) => index));
    for (let label = 0; label < 10; label++) {
      const share = (labels.filter((one) => one === label).length * count) / n;
      const held = validation.filter((index) => labels[index] === label).length;
      expect(Math.abs(held - share)).toBeLessThan(1);
    }
  },
);

test('stratified: the seed decides', () => {
  const settings = { amount: { count: 50 }, pick: 'stratified' } as const;
  const held = (seed: number) => cutValidation(labelled(500), { validation: settings, seed }).validation;
  expect(held(1)).toEqual(held(1));
  expect(held(1)).not.toEqual(held(2));
});

test('stratified: classes with one image, or none, do no harm', () => {
  const labels = Uint16Array.of(0, 0, 0, 0, 5, 9, 9, 9, 9, 9);
  const settings = { validation: { amount: { count: 5 }, pick: 'stratified' } as const, seed: 1 };
  expect(cutValidation(labels, settings).validation).toHaveLength(5);
});

test('a limit above the count takes all', () => {
  expect(firstImages(labelled(3))).toEqual(Uint32Array.of(0, 1, 2));
  expect(firstImages(labelled(3), 2)).toEqual(Uint32Array.of(0, 1));
  expect(firstImages(labelled(3), 9)).toHaveLength(3);
});

test('of images that come class after class the first of every class are taken', () => {
  const labels = Uint16Array.of(0, 0, 0, 0, 1, 1, 2, 2);
  expect(firstImages(labels, 4)).toEqual(Uint32Array.of(0, 1, 4, 6));
  expect(firstImages(labels, 8)).toHaveLength(8);
  expect(firstImages(Uint16Array.of(0, 0, 1, 0), 2)).toEqual(Uint32Array.of(0, 1));
  const settings = { validation: { amount: { fraction: 0.5 }, pick: 'stratified' }, seed: 1, limit: 4 } as const;
  const { train, validation } = cutValidation(labels, settings);
  expect([...train, ...validation].sort((a, b) => a - b)).toEqual([0, 1, 4, 6]);
});
