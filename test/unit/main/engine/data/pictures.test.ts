import sharp from 'sharp';
import { expect, test } from 'vitest';
import { imageUrl, sheetUrl } from '#contract/pictures.ts';
import { AppError } from '#contract/failures.ts';
import type { MemoryDataSet } from '#test/support/memory-data-set.ts';
import { pictureAnswers, type PictureAnswer } from '#engine/data/pictures.ts';
import { ImageQueries } from '#engine/data/query.ts';
import { smallDataSet } from '#test/support/small-data-set.ts';

const labels = Array.from({ length: 300 }, (_, index) => index % 3);
const small = smallDataSet({ height: 3, width: 2, splits: { train: { labels } } });

function answer(url: string, dataSet: MemoryDataSet = small): Promise<PictureAnswer> {
  const get = (id: string) =>
    id === 'small' ? Promise.resolve(dataSet) : Promise.reject(new AppError('data/unknown-set', `There is no ${id}.`));
  const [path = '', parameters] = url.split('?');
  return pictureAnswers({ get }, new ImageQueries({ get }, () => Promise.resolve(null)))(
    path,
    new URLSearchParams(parameters),
  );
}

const query = { dataset: 'small', split: 'train' } as const;

/** As the PNG has it: sharp alone would make RGB of grey. */
async function decoded({ body }: PictureAnswer) {
  const { channels } = await sharp(body).metadata();
  const image = channels === 1 ? sharp(body).toColourspace('b-w') : sharp(body);
  return image.raw().toBuffer({ resolveWithObject: true });
}

test('a sheet shows its images in rows of sixteen, each at its own size', async () => {
  const { data, info } = await decoded(await answer(sheetUrl(query, 0, 'r')));
  expect(info).toMatchObject({ width: 32, height: 48, channels: 1 });
  const at = (x: number, y: number) => data[y * 32 + x];
  expect([at(0, 0), at(2, 0), at(31, 2), at(0, 3), at(31, 47)]).toEqual([0, 1, 15, 16, 255]);
});

test('the next sheet goes on, and is black after the last image', async () => {
  const { data, info } = await decoded(await answer(sheetUrl({ ...query, classes: [0, 1, 2] }, 1, 'r')));
  expect(info).toMatchObject({ width: 32, height: 48 });
  expect([data[2], data[31], data[32 * 47]]).toEqual([257 % 256, (256 + 15) % 256, 0]);
});

test('a filtered sheet holds what the query finds', async () => {
  const { data } = await decoded(await answer(sheetUrl({ ...query, classes: [2] }, 0, 'r')));
  expect([data[0], data[2], data[4]]).toEqual([2, 5, 8]);
});

test('large images are averaged down to 64, keeping their proportions', async () => {
  const pixels = Array.from({ length: 256 * 128 }, (_, at) => (at % 2 ? 255 : 0));
  const large = smallDataSet({ height: 256, width: 128, splits: { train: { labels: [0], pixels } } });
  const { data, info } = await decoded(await answer(sheetUrl(query, 0, 'r'), large));
  expect(info).toMatchObject({ width: 16 * 32, height: 16 * 64 });
  expect([data[0], data[31], data[32]]).toEqual([128, 128, 0]);
});

test.each([1, 3, 4])('an image of %i channels keeps its pixels', async (channels) => {
  const pixels = Array.from({ length: 6 * channels }, (_, at) => (channels === 4 && at % 4 === 3 ? 255 : at * 9));
  const one = smallDataSet({ height: 3, channels, splits: { train: { labels: [0], pixels } } });
  const reply = await answer(`/${imageUrl('small', 'train', 0, 'r')}`, one);
  expect(reply).toMatchObject({ status: 200, headers: { 'Content-Type': 'image/png' } });
  expect(reply.headers['Cache-Control']).toBe('public, max-age=31536000, immutable');
  expect([...(await decoded(reply)).data]).toEqual(pixels);
});

test.each([
  ['one long row', 1, 65_535],
  ['one long column', 65_535, 1],
])('%s makes a sheet', async (_, height, width) => {
  const long = smallDataSet({ height, width, splits: { train: { labels: [0] } } });
  expect((await answer(sheetUrl(query, 0, 'r'), long)).status).toBe(200);
});

test.each([
  ['pictures/sheet/0', 400],
  ['pictures/sheet/0?q=%7B', 400],
  [sheetUrl(query, -1, 'r'), 400],
  [sheetUrl({ ...query, split: 'other' as never }, 0, 'r'), 400],
  [sheetUrl({ ...query, order: 'loss' }, 0, 'r'), 400],
  [sheetUrl({ ...query, dataset: 'other' }, 0, 'r'), 404],
  [imageUrl('other', 'train', 0, 'r'), 404],
  [imageUrl('small', 'train', 300, 'r'), 404],
  [imageUrl('small', 'test', 0, 'r'), 404],
  [imageUrl('small', 'other' as never, 0, 'r'), 400],
  ['pictures/image/small/train/x', 400],
  ['pictures/image/small/train/1e3', 400],
  ['pictures/image/%E0%A4%A/train/0', 400],
  ['pictures/image/../../etc/passwd', 404],
  ['pictures/elsewhere/0', 404],
  ['', 404],
])('%s is answered with %i and a sentence', async (url, status) => {
  const reply = await answer(url);
  expect(reply.status).toBe(status);
  expect(reply.headers).toMatchObject({ 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  expect(reply.body.length).toBeGreaterThan(10);
});

test.each([
  { limit: 128, side: 8 },
  { limit: 224, side: 4 },
] as const)('tiles of $limit px stand $side in a row, and the next sheet goes on', async ({ limit, side }) => {
  const photos = smallDataSet({ height: 3, width: 300, splits: { train: { labels: labels.slice(0, 70) } } });
  const { data, info } = await decoded(await answer(sheetUrl(query, 1, 'r', limit), photos));
  expect(info).toMatchObject({ width: side * limit, height: side * Math.round(limit / 100) });
  expect([data[0], data[limit]]).toEqual([side * side, side * side + 1]);
});

test('a tile size that is not offered is refused', async () => {
  const address = sheetUrl(query, 0, 'r', 128).replace('tile=128', 'tile=4000');
  expect((await answer(address)).status).toBe(400);
});
