import sharp from 'sharp';
import { expect, test } from 'vitest';
import { heatTable } from '#contract/heat-colours.ts';
import { overlaid, pngOf, sideBySide } from '#engine/explain/heat-picture.ts';
import { originalPicture } from '#engine/explain/original-picture.ts';

const grey = (width: number, height: number) => ({
  width,
  height,
  pixels: new Uint8Array(width * height * 3).fill(100),
});
/** The middle third of a wide picture. */
const place = {
  ...{ picture: { width: 30, height: 10 }, seen: { left: 10, top: 0, width: 10, height: 10 } },
  ...{ input: { width: 4, height: 4 }, inverted: false, how: '' },
};
const hot = { height: 2, width: 2, values: Float32Array.of(1, 1, 1, 1) };
const paint = { colours: 'jet', opacity: 1 } as const;
const hottest = [...heatTable('jet').subarray(255 * 3)];

const at = (picture: { width: number; pixels: Uint8Array }, x: number, y: number) => [
  ...picture.pixels.subarray((y * picture.width + x) * 3, (y * picture.width + x) * 3 + 3),
];

test('heat lies on what the network saw, and nowhere else', () => {
  const picture = overlaid(grey(30, 10), hot, place, paint);
  expect([9, 10, 19, 20].map((x) => at(picture, x, 5))).toEqual([[100, 100, 100], hottest, hottest, [100, 100, 100]]);
});

test('a part of the input that is beyond the picture has no place in it', () => {
  const padded = { ...place, seen: { left: 0, top: -10, width: 30, height: 30 } };
  const rows = { height: 30, width: 1, values: new Float32Array(30).with(15, 1) };
  const picture = overlaid(grey(30, 10), rows, padded, paint);
  const coldest = [...heatTable('jet').subarray(0, 3)];
  expect([4, 5, 6].map((y) => at(picture, 3, y))).toEqual([coldest, hottest, coldest]);
});

test('opacity mixes heat and picture', () => {
  const picture = overlaid(grey(30, 10), hot, place, { colours: 'jet', opacity: 0.5 });
  expect(at(picture, 15, 5)).toEqual(hottest.map((level) => Math.round((100 + level) / 2)));
});

test('the pictures beside each other are a PNG with room for the colour bar, whatever the words', async () => {
  const title = `<b>&"${'a very long name '.repeat(20)}`;
  const png = await sideBySide(grey(300, 100), hot, place, paint, { title, heat: 'grad-cam, a/very/long/layer' });
  const { width, height, format } = await sharp(png).metadata();
  expect(format).toBe('png');
  expect(width).toBeGreaterThan(3 * 300);
  expect(height).toBeGreaterThan(100);
});

test('a digit is saved large enough to see, each pixel a square', async () => {
  const pixels = new Uint8Array(28 * 28);
  pixels[0] = 255;
  const picture = await originalPicture(null, { width: 28, height: 28 }, pixels);
  expect([picture.width, picture.height]).toEqual([448, 448]);
  expect([at(picture, 15, 15), at(picture, 16, 16)]).toEqual([
    [255, 255, 255],
    [0, 0, 0],
  ]);
  expect((await sharp(await pngOf(picture)).metadata()).width).toBe(448);
});
