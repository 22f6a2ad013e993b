import { expect, test } from 'vitest';
import { statisticsOf } from '#engine/data/statistics.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

test('counts, means and deviations of each channel, as NumPy has them', async () => {
  const splits = { train: { labels: [2, 0], pixels: [0, 10, 255, 0, 20, 255, 255, 30, 255, 255, 40, 255] } };
  const dataSet = smallDataSet({ height: 1, width: 2, channels: 3, splits });
  const [train] = await statisticsOf(dataSet);
  expect(train).toMatchObject({ split: 'train', count: 2, perClass: [1, 0, 1] });
  expect(train?.mean).toEqual([0.5, 25 / 255, 1].map((value) => expect.closeTo(value, 12)));
  expect(train?.std).toEqual([0.5, Math.sqrt(125) / 255, 0].map((value) => expect.closeTo(value, 12)));
});

test('splits come in the order train, validation, test, whatever the order they were given in', async () => {
  const dataSet = smallDataSet({
    splits: { test: { labels: [0] }, validation: { labels: [1] }, train: { labels: [2] } },
  });
  expect((await statisticsOf(dataSet)).map(({ split }) => split)).toEqual(['train', 'validation', 'test']);
});

test('more images than are looked at in one stretch', async () => {
  const labels = Array.from({ length: 1100 }, () => 0);
  const dataSet = smallDataSet({ height: 64, width: 64, splits: { train: { labels } } });
  const mean = labels.reduce((sum, _, index) => sum + (index % 256), 0) / labels.length / 255;
  expect((await statisticsOf(dataSet))[0]?.mean[0]).toBeCloseTo(mean, 12);
});

test('they are measured once', () => {
  const dataSet = smallDataSet({ splits: { train: { labels: [0] } } });
  expect(statisticsOf(dataSet)).toBe(statisticsOf(dataSet));
});
