import { setImmediate } from 'node:timers/promises';
import type { Sharp } from 'sharp';
import { sheetLayout, tileSize, type TileLimit } from '#contract/pictures.ts';
import type { Split } from '#contract/data.ts';
import type { DataSet } from './data-set.ts';
import { readImage } from './image-detail.ts';
import type { Found } from './query.ts';

interface Raster {
  /** [height, width, channel] */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** One sheet of tiles as PNG; a page after the last is all black. */
export async function sheetPng(
  { dataSet, source, indices }: Found,
  page: number,
  limit: TileLimit = 64,
): Promise<Buffer> {
  const { height, width, channels } = dataSet;
  const { images, columns, rows } = sheetLayout(limit);
  const image = new Uint8Array(height * width * channels);
  const shown = Array.from(indices.subarray(page * images, (page + 1) * images));
  const read = (place: number) => {
    const index = shown[place];
    if (index === undefined) return null;
    source.read([index], image);
    return image;
  };
  return tilesPng(read, dataSet, { columns, rows, tile: tileSize(dataSet, limit) });
}

interface Tiles {
  readonly columns: number;
  readonly rows: number;
  readonly tile: { readonly height: number; readonly width: number };
}

/** Images side by side as PNG, black where there is none. @param read the image at this place, or null */
export async function tilesPng(
  read: (place: number) => Uint8Array | null,
  { height, width, channels }: Pick<DataSet, 'height' | 'width' | 'channels'>,
  { columns, rows, tile }: Tiles,
): Promise<Buffer> {
  const sheet: Raster = {
    pixels: new Uint8Array(rows * tile.height * columns * tile.width * channels),
    height: rows * tile.height,
    width: columns * tile.width,
    channels,
  };
  for (let place = 0; place < columns * rows; place++) {
    // A sheet of large images takes a tenth of a second; calls that wait go in between.
    if (place % columns === 0) await setImmediate();
    const image = read(place);
    if (!image) continue;
    const top = Math.floor(place / columns) * tile.height;
    const left = (place % columns) * tile.width;
    const shrunk = shrink({ pixels: image, height, width, channels }, tile);
    for (let row = 0; row < tile.height; row++) {
      const line = shrunk.subarray(row * tile.width * channels, (row + 1) * tile.width * channels);
      sheet.pixels.set(line, ((top + row) * sheet.width + left) * channels);
    }
  }
  return png(sheet);
}

/** One image as PNG, at its own size. Fails: `data/unknown-image`. */
export async function imagePng(dataSet: DataSet, split: Split, index: number): Promise<Buffer> {
  const { height, width, channels } = dataSet;
  return png({ pixels: readImage(dataSet, split, index).pixels, height, width, channels });
}

/** Each tile pixel is the mean of the pixels it covers, [height, width, channel]. */
function shrink({ pixels, height, width, channels }: Raster, tile: { height: number; width: number }): Uint8Array {
  if (tile.height === height && tile.width === width) return pixels;
  const shrunk = new Uint8Array(tile.height * tile.width * channels);
  for (let row = 0; row < tile.height; row++) {
    const [top, bottom] = covered(row, tile.height, height);
    for (let column = 0; column < tile.width; column++) {
      const [left, right] = covered(column, tile.width, width);
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) sum += pixels[(y * width + x) * channels + channel] ?? 0;
        }
        const mean = sum / ((bottom - top) * (right - left));
        shrunk[(row * tile.width + column) * channels + channel] = Math.round(mean);
      }
    }
  }
  return shrunk;
}

function covered(position: number, tiles: number, size: number): [from: number, to: number] {
  const from = Math.floor((position * size) / tiles);
  return [from, Math.max(from + 1, Math.floor(((position + 1) * size) / tiles))];
}

let loading: Promise<(raster: Raster) => Sharp> | undefined;

/** sharp takes 100 ms to load, so it waits for the first picture. */
function sharpOf(): Promise<(raster: Raster) => Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    return ({ pixels, height, width, channels }: Raster) =>
      sharp(pixels, { raw: { height, width, channels: channels as 1 | 3 | 4 }, limitInputPixels: false });
  });
  return loading;
}

async function png(raster: Raster): Promise<Buffer> {
  const image = (await sharpOf())(raster);
  const space = raster.channels === 1 ? image.toColourspace('b-w') : image;
  // Pictures go through no network worth its name: quick to make counts for more than small.
  return space.png({ compressionLevel: 3, adaptiveFiltering: false }).toBuffer();
}
