import { expect, test } from 'vitest';
import { imageDetail as contract } from '#contract/data.ts';
import { imageDetail } from '#engine/data/image-detail.ts';
import { PredictionTable } from '#engine/data/predictions.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

const rgb = smallDataSet({
  height: 1,
  channels: 3,
  splits: { train: { labels: [1], pixels: [0, 10, 255, 4, 10, 255] } },
});

test('an image with its pixels, figures and one histogram per channel', () => {
  const detail = imageDetail(rgb, 'train', 0, null);
  expect(contract.parse(detail)).toEqual(detail);
  expect(detail).toMatchObject({
    index: 0,
    label: 1,
    height: 1,
    width: 2,
    channels: 3,
    minimum: 0,
    maximum: 255,
    mean: 89,
  });
  expect(detail.pixels).toEqual([0, 10, 255, 4, 10, 255]);
  expect(detail.histogram.map((bins) => [bins.length, bins[0], bins[4], bins[10], bins[255]])).toEqual([
    [256, 1, 1, 0, 0],
    [256, 0, 0, 2, 0],
    [256, 0, 0, 0, 2],
  ]);
});

test('what a run thinks of it comes with all class probabilities', () => {
  const probabilities = Float32Array.of(0.25, 0.5, 0.25);
  const table = new PredictionTable({ revision: '', predicted: Uint16Array.of(1), probabilities, classes: 3 });
  expect(imageDetail(rgb, 'train', 0, table)).toMatchObject({
    predicted: 1,
    probability: 0.5,
    probabilities: [0.25, 0.5, 0.25],
  });
});

test.each([
  [128, 128, true],
  [129, 1, false],
  [1, 129, false],
])('the pixels of an image of %i×%i come along: %o', (height, width, expected) => {
  const detail = imageDetail(smallDataSet({ height, width, splits: { train: { labels: [0] } } }), 'train', 0, null);
  expect('pixels' in detail).toBe(expected);
});

test.each([
  ['train', 1],
  ['train', -1],
  ['train', 0.5],
  ['test', 0],
] as const)('there is no image in %s at %d', (split, index) => {
  expect(() => imageDetail(rgb, split, index, null)).toThrow(expect.objectContaining({ code: 'data/unknown-image' }));
});
