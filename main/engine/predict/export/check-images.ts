import type { KnownModel } from '#contract/models.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { generator } from '#engine/data/random.ts';

/** How many both are asked about. */
export const checkedImages = 32;

/**
 * Images for a model: of its data set, evenly over the test split, where they have its size; else made ones.
 * @returns [image, height, width, channel], 0…255
 */
export async function imagesFor(
  { height, width, channels, dataset }: KnownModel,
  find: (id: string) => Promise<DataSet>,
): Promise<Uint8Array> {
  const bytes = height * width * channels;
  const found = dataset === undefined ? null : await find(dataset).catch(() => null);
  const source = found?.source('test') ?? found?.source('train');
  const fits = found?.height === height && found.width === width && found.channels === channels;
  if (!source || !fits || source.count < checkedImages) return madeImages(height, width, channels);
  const into = new Uint8Array(checkedImages * bytes);
  const apart = source.count / checkedImages;
  source.read(
    Array.from({ length: checkedImages }, (_, image) => Math.floor(image * apart)),
    into,
  );
  return into;
}

/** Soft patches of colour with grain over them: like photos, they have large forms and fine ones. */
function madeImages(height: number, width: number, channels: number): Uint8Array {
  const next = generator(20261);
  const random = () => next() / 2 ** 32;
  const grid = 5;
  const into = new Uint8Array(checkedImages * height * width * channels);
  let at = 0;
  for (let image = 0; image < checkedImages; image++) {
    const knots = Array.from({ length: grid * grid * channels }, () => random() * 255);
    const knot = (row: number, column: number, channel: number) =>
      knots[(row * grid + column) * channels + channel] ?? 0;
    for (let y = 0; y < height; y++) {
      const [top, down] = parted(y, height, grid);
      for (let x = 0; x < width; x++) {
        const [left, across] = parted(x, width, grid);
        for (let channel = 0; channel < channels; channel++) {
          const above = mixed(knot(top, left, channel), knot(top, left + 1, channel), across);
          const below = mixed(knot(top + 1, left, channel), knot(top + 1, left + 1, channel), across);
          const grain = (random() - 0.5) * 60;
          into[at++] = Math.min(255, Math.max(0, Math.round(mixed(above, below, down) + grain)));
        }
      }
    }
  }
  return into;
}

/** The knot before a pixel, and how far the pixel is on the way to the next. */
function parted(pixel: number, pixels: number, knots: number): [before: number, part: number] {
  const at = (pixel / Math.max(1, pixels - 1)) * (knots - 1);
  const before = Math.min(Math.floor(at), knots - 2);
  return [before, at - before];
}

const mixed = (a: number, b: number, part: number) => a + (b - a) * part;
