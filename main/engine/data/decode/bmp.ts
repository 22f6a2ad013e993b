import { bmpLayout, type BmpLayout } from './headers/bmp.ts';
import type { Raster } from './raster.ts';

type ReadPixel = (row: number, x: number, into: Uint8Array, at: number) => void;

/**
 * Uncompressed BMP of 1, 4, 8, 16, 24 and 32 bits as RGB, or with alpha where a mask announces it: libvips' prebuilt
 * programs have no reader for it. Fails: RangeError past the last byte.
 */
export function decodeBmp(bytes: Buffer): Raster {
  const layout = bmpLayout(bytes);
  const { width, height, topDown, pixels: from, rowBytes } = layout;
  if (from + rowBytes * height > bytes.length) throw new RangeError('rows are missing');
  const channels = layout.masks[3] !== 0 ? 4 : 3;
  const read =
    layout.bits <= 8 ? paletteReader(bytes, layout) : layout.bits === 24 ? triples(bytes) : masked(bytes, layout);
  const pixels = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const row = from + (topDown ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++) read(row, x, pixels, (y * width + x) * channels);
  }
  return { width, height, channels, pixels };
}

const triples =
  (bytes: Buffer): ReadPixel =>
  (row, x, into, at) => {
    const place = row + x * 3;
    into[at] = bytes[place + 2] ?? 0;
    into[at + 1] = bytes[place + 1] ?? 0;
    into[at + 2] = bytes[place] ?? 0;
  };

function paletteReader(bytes: Buffer, { bits, palette }: BmpLayout): ReadPixel {
  const { at: start, entry, count } = palette;
  return (row, x, into, at) => {
    const bit = x * bits;
    const packed = bytes[row + (bit >> 3)] ?? 0;
    const index = (packed >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
    // A number past the palette is black, as in other readers.
    const place = start + index * entry;
    for (let c = 0; c < 3; c++) into[at + c] = index < count ? (bytes[place + 2 - c] ?? 0) : 0;
  };
}

function masked(bytes: Buffer, { bits, masks }: BmpLayout): ReadPixel {
  const parts = masks.filter((mask) => mask !== 0).map((mask) => ({ mask, low: 31 - Math.clz32(mask & -mask) }));
  return (row, x, into, at) => {
    const value = bits === 16 ? bytes.readUInt16LE(row + x * 2) : bytes.readUInt32LE(row + x * 4);
    parts.forEach(({ mask, low }, c) => {
      const most = mask >>> low;
      into[at + c] = Math.round((((value & mask) >>> low) * 255) / most);
    });
  };
}
