import sharp from 'sharp';
import { generator } from '#engine/data/random.ts';

export const width = 64;
export const height = 48;

/** Raw pixels with something to see everywhere, so that every part of a file is about as long as any other. */
export function samplePixels(seed: number, channels = 3): Buffer {
  const next = generator(seed);
  const pixels = Buffer.alloc(width * height * channels);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = Math.floor(i / channels);
    const ramp = (pixel % width) * 2 + Math.floor(pixel / width);
    pixels[i] = Math.min(255, ramp + 40 * (i % channels) + (next() % 32));
  }
  return pixels;
}

export const sample = (seed = 1, channels: 1 | 2 | 3 | 4 = 3) =>
  sharp(samplePixels(seed, channels), { raw: { width, height, channels } });

/** One valid file of each format, by its ending. */
export async function samples(): Promise<
  Record<'jpg' | 'progressive.jpg' | 'png' | 'webp' | 'gif' | 'tif' | 'avif' | 'bmp', Buffer>
> {
  const { data } = await sample().raw().toBuffer({ resolveWithObject: true });
  return {
    jpg: await sample().jpeg().toBuffer(),
    'progressive.jpg': await sample().jpeg({ progressive: true }).toBuffer(),
    png: await sample().png().toBuffer(),
    webp: await sample().webp().toBuffer(),
    gif: await sample().gif().toBuffer(),
    tif: await sample().tiff({ compression: 'lzw' }).toBuffer(),
    avif: await sample().avif({ effort: 0 }).toBuffer(),
    bmp: bmpOf(data),
  };
}

function bmpOf(rgb: Buffer): Buffer {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(-height, 22);
  head.writeUInt16LE(24, 28);
  return Buffer.concat([head, rgb]);
}
