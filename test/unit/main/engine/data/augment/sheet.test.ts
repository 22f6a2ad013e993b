import sharp from 'sharp';
import { expect, test } from 'vitest';
import { augmentation } from '#contract/augmentation.ts';
import { AppError } from '#contract/failures.ts';
import { augmentedUrl, type AugmentedSheet } from '#contract/pictures.ts';
import { makeAugmenter } from '#engine/data/augment/augmenter.ts';
import type { MemoryDataSet } from '#test/support/memory-data-set.ts';
import { pictureAnswers } from '#engine/data/pictures.ts';
import { ImageQueries } from '#engine/data/query.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

const [height, width, channels] = [5, 6, 3];
const bytes = height * width * channels;
const pixels = Array.from({ length: 4 * bytes }, (_, at) => (at * 37) % 256);
const small = smallDataSet({ height, width, channels, splits: { train: { labels: [0, 1, 2, 3], pixels } } });
const ops = [
  { op: 'rotation', degrees: 40 },
  { op: 'hue', delta: 0.3 },
] as const;
const asked = {
  dataset: 'small',
  split: 'train',
  indices: [2, 0],
  passes: 3,
  seed: 8,
  augmentation: { ops: [...ops] },
};

function answer(sheet: unknown, dataSet: MemoryDataSet = small) {
  const get = (id: string) =>
    id === 'small' ? Promise.resolve(dataSet) : Promise.reject(new AppError('data/unknown-set', `There is no ${id}.`));
  const [path = '', parameters] = augmentedUrl(sheet as AugmentedSheet, 'r').split('?');
  const queries = new ImageQueries({ get }, () => Promise.resolve(null));
  return pictureAnswers({ get }, queries)(path, new URLSearchParams(parameters));
}

test.each([false, true])(
  'a row for each image: as it is, then pass by pass as in a run (extreme: %s)',
  async (extreme) => {
    const { status, body } = await answer({ ...asked, extreme });
    expect(status).toBe(200);
    const { data, info } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 4 * width, height: 2 * height, channels });
    const tile = (row: number, column: number) =>
      Array.from({ length: height }, (_, y) => {
        const from = ((row * height + y) * 4 + column) * width * channels;
        return [...data.subarray(from, from + width * channels)];
      }).flat();
    const augmenter = makeAugmenter(augmentation.parse(asked.augmentation), { height, width, channels }, asked.seed);
    asked.indices.forEach((index, row) => {
      const original = Uint8Array.from(pixels.slice(index * bytes, (index + 1) * bytes));
      expect(tile(row, 0)).toEqual([...original]);
      for (const pass of [1, 2, 3]) {
        const changed = original.slice();
        augmenter.apply(changed, pass, index, extreme);
        expect(changed).not.toEqual(original);
        expect(tile(row, pass)).toEqual([...changed]);
      }
    });
  },
);

test('large images are shown at most 224 pixels high and wide', async () => {
  const large = smallDataSet({ height: 300, width: 448, splits: { train: { labels: [0] } } });
  const { body } = await answer({ ...asked, indices: [0], passes: 1 }, large);
  expect(await sharp(body).metadata()).toMatchObject({ width: 448, height: 150 });
});

test.each([
  ['no image of that number', { indices: [4] }, 404],
  ['no such data set', { dataset: 'other' }, 404],
  ['no images', { indices: [] }, 400],
  ['more than sixteen passes', { passes: 17 }, 400],
  ['an op that is none', { augmentation: { ops: [{ op: 'melt' }] } }, 400],
  ['a range beyond its limits', { augmentation: { ops: [{ op: 'rotation', degrees: 181 }] } }, 400],
])('%s is said', async (_, change, status) => {
  expect(await answer({ ...asked, ...change })).toMatchObject({ status });
});
