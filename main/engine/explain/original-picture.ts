import sharp from 'sharp';
import type { InputPlace, PictureRef } from '#contract/prediction.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { pixelLimit } from '#engine/data/decode/pixel-limit.ts';
import { unreadable } from '#engine/predict/picture-size.ts';

/** RGB, [height, width, 3]. */
export interface Colours {
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}

/** Sides of a saved picture, px: larger ones are scaled down, drawings and digits up, each pixel a square. */
const longest = 2048;
const least = 448;

/**
 * The whole picture upright, at the size it is saved in.
 * @param file of a photo; null for pictures that are in the engine's hands: then `pixels` [height, width, channel] are shown
 * Fails: `image/unreadable`.
 */
export async function originalPicture(
  file: string | null,
  { width, height }: InputPlace['picture'],
  pixels: Uint8Array,
): Promise<Colours> {
  const side = Math.max(width, height);
  const scale = side > longest ? longest / side : side < least ? Math.ceil(least / side) : 1;
  const size = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))] as const;
  const channels = pixels.length === width * height ? 1 : 3;
  const picture = file
    ? sharp(file, { limitInputPixels: pixelLimit, failOn: 'error' }).autoOrient().flatten({ background: '#ffffff' })
    : sharp(pixels, { raw: { width, height, channels } });
  const read = picture
    .resize(...size, { fit: 'fill', kernel: scale > 1 ? 'nearest' : 'lanczos3' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' });
  const { data, info } = await read.toBuffer({ resolveWithObject: true }).catch((thrown: unknown) => {
    throw unreadable(file ?? '', thrown instanceof Error ? thrown.message : String(thrown), thrown);
  });
  const own = new Uint8Array(data);
  return { height: info.height, width: info.width, pixels: info.channels === 3 ? own : threefold(own) };
}

/** Of a data set's image: its own pixels, not those that the network gets. */
export function storedPixels(data: DataSet, { split, index }: Extract<PictureRef, { dataset: unknown }>): Uint8Array {
  const pixels = new Uint8Array(data.height * data.width * data.channels);
  data.source(split)?.read([index], pixels);
  return pixels;
}

function threefold(grey: Uint8Array): Uint8Array {
  const colours = new Uint8Array(grey.length * 3);
  for (const [at, level] of grey.entries()) colours.fill(level, at * 3, at * 3 + 3);
  return colours;
}
