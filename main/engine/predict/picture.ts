import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { InputPlace } from '#contract/prediction.ts';
import { AppError, type FailureDetails } from '#contract/failures.ts';
import { pixelLimit } from '#engine/data/decode/pixel-limit.ts';
import { unreadable } from './picture-size.ts';

/** What is read; SVG and PDF are programs rather than pictures and stay out. */
const formats: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'];

export interface InputSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A picture as the network gets it: bytes [height, width, channel], and how it came about. */
export interface Input {
  readonly pixels: Uint8Array;
  readonly place: InputPlace;
}

export type Invert = 'auto' | 'no' | 'yes';

/**
 * Reads a picture file: upright by its EXIF tag, transparent parts on white, first frame of an animation, 8 bits, grey
 * by ITU-R BT.601 where the network has one channel. A picture of the network's size goes in untouched; any other is
 * scaled as a whole, in proportion (triangle filter, antialiased), and centred on the mean level of its border.
 *
 * @param file or pixels of one that was decoded, 1 or 3 channels
 * @param invert `auto`: turned to negative when the network has one channel, learned on dark borders and this one is light
 * Fails: `file/missing`, `image/unreadable`, `image/too-large`.
 */
export async function readPicture(
  file: string | Raster,
  size: InputSize,
  invert: Invert,
  learnedOnDark: boolean,
): Promise<Input> {
  const upright = typeof file === 'string' ? await checkHeader(file) : { ...file, colour: file.channels > 1 };
  const same = upright.width === size.width && upright.height === size.height;
  const decoded = await decode(file, same ? null : size);
  const inner = size.channels === 1 ? toGray(decoded) : toColour(decoded);
  const border = borderLevel(inner);
  const mean = border.reduce((sum, level) => sum + level, 0) / border.length;
  const negative = invert === 'yes' || (invert === 'auto' && size.channels === 1 && learnedOnDark && mean >= 128);
  const pixels = same ? inner.pixels : pad(inner, size, border.map(Math.round));
  if (negative) pixels.forEach((level, i) => (pixels[i] = 255 - level));
  const words = [
    same
      ? 'as it is'
      : `scaled as a whole from ${upright.width}×${upright.height} to ${inner.width}×${inner.height}, ` +
        `centred in ${size.width}×${size.height}`,
    ...(size.channels === 1 && upright.colour ? ['colours to grey'] : []),
    ...(negative ? ['inverted'] : []),
  ];
  const [left, top] = same ? [0, 0] : [margin(size.width, inner.width), margin(size.height, inner.height)];
  const [across, down] = [upright.width / inner.width, upright.height / inner.height];
  return {
    pixels,
    place: {
      picture: { width: upright.width, height: upright.height },
      seen: { left: -left * across, top: -top * down, width: size.width * across, height: size.height * down },
      input: { width: size.width, height: size.height },
      inverted: negative,
      how: words.join('; '),
    },
  };
}

interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

/** Width and height as they will be upright, and whether there are colours, from the header alone. */
async function checkHeader(file: string): Promise<{ width: number; height: number; colour: boolean }> {
  const found = await stat(file).catch(() => null);
  if (!found) throw new AppError('file/missing', `There is no file ${file}.`, { file });
  if (!found.isFile()) throw unreadable(file, 'it is not a regular file');
  const header = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch((thrown: unknown) => {
      throw unreadable(file, reasonOf(thrown), thrown);
    });
  if (!formats.includes(header.format)) {
    throw unreadable(file, `format ${header.format}; expected ${formats.join(', ')}`);
  }
  const { width, height } = header.autoOrient;
  if (width * height > pixelLimit) {
    const details: FailureDetails = { file, width, height, limit: pixelLimit };
    throw new AppError(
      'image/too-large',
      `${file} has ${width}×${height} pixels; at most ${pixelLimit} are read.`,
      details,
    );
  }
  return { width, height, colour: header.space !== 'b-w' && header.space !== 'grey16' };
}

async function decode(file: string | Raster, fit: InputSize | null): Promise<Raster> {
  let picture =
    typeof file === 'string'
      ? sharp(file, { limitInputPixels: pixelLimit, failOn: 'error' }).autoOrient()
      : sharp(file.pixels, { raw: { width: file.width, height: file.height, channels: file.channels === 1 ? 1 : 3 } });
  if (fit) picture = picture.resize(fit.width, fit.height, { fit: 'inside', kernel: 'linear' });
  const read = picture.flatten({ background: '#ffffff' }).toColourspace('srgb').raw({ depth: 'uchar' });
  const { data, info } = await read.toBuffer({ resolveWithObject: true }).catch((thrown: unknown) => {
    throw unreadable(typeof file === 'string' ? file : 'frame', reasonOf(thrown), thrown);
  });
  return { width: info.width, height: info.height, channels: info.channels, pixels: data };
}

/** Weights of ITU-R BT.601, as Pillow's mode "L" and TensorFlow's `rgb_to_grayscale` have them. */
function toGray({ width, height, channels, pixels }: Raster): Raster {
  if (channels === 1) return { width, height, channels, pixels };
  const gray = new Uint8Array(width * height);
  for (let i = 0; i < gray.length; i++) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(i * channels, i * channels + 3);
    gray[i] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { width, height, channels: 1, pixels: gray };
}

function toColour({ width, height, channels, pixels }: Raster): Raster {
  if (channels === 3) return { width, height, channels, pixels };
  const colour = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) colour.fill(pixels[i * channels] ?? 0, i * 3, i * 3 + 3);
  return { width, height, channels: 3, pixels: colour };
}

/** Mean of the outermost pixels of each channel, 0…255. */
export function borderLevel({ width, height, channels, pixels }: Raster): number[] {
  const sums = new Array<number>(channels).fill(0);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const edge = y === 0 || y === height - 1;
    for (let x = 0; x < width; x += edge || width < 2 ? 1 : width - 1) {
      count++;
      for (let c = 0; c < channels; c++) sums[c] = (sums[c] ?? 0) + (pixels[(y * width + x) * channels + c] ?? 0);
    }
  }
  return sums.map((sum) => sum / count);
}

const margin = (outer: number, inner: number) => Math.floor((outer - inner) / 2);

function pad(inner: Raster, size: InputSize, background: readonly number[]): Uint8Array {
  const row = size.width * size.channels;
  const pixels = Uint8Array.from({ length: size.height * row }, (_, i) => background[i % size.channels] ?? 0);
  const left = margin(size.width, inner.width);
  const top = margin(size.height, inner.height);
  const innerRow = inner.width * inner.channels;
  for (let y = 0; y < inner.height; y++) {
    pixels.set(inner.pixels.subarray(y * innerRow, (y + 1) * innerRow), (top + y) * row + left * size.channels);
  }
  return pixels;
}

const reasonOf = (thrown: unknown) =>
  thrown instanceof Error ? (thrown.message.split('\n', 1)[0] ?? '') : String(thrown);
