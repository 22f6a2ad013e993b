import { avifHeader } from './headers/avif.ts';
import { bmpHeader } from './headers/bmp.ts';
import type { Facts, ForeignHeader, ImageFormat, ImageHeader } from './headers/facts.ts';
import { gifHeader } from './headers/gif.ts';
import { jpegHeader } from './headers/jpeg.ts';
import { pngHeader } from './headers/png.ts';
import { tiffHeader } from './headers/tiff.ts';
import { webpHeader } from './headers/webp.ts';

export type { ImageFormat, ImageHeader } from './headers/facts.ts';

const readers: readonly (readonly [ImageFormat, (bytes: Buffer) => boolean, (bytes: Buffer) => Facts])[] = [
  ['jpeg', (bytes) => bytes.readUIntBE(0, 3) === 0xffd8ff, jpegHeader],
  ['png', (bytes) => text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n', pngHeader],
  ['gif', (bytes) => ['GIF87a', 'GIF89a'].includes(text(bytes, 0, 6)), gifHeader],
  ['bmp', (bytes) => text(bytes, 0, 2) === 'BM' && bytes.readUInt32LE(14) <= 124, bmpHeader],
  ['webp', (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP', webpHeader],
  ['tiff', (bytes) => ['II*\0', 'MM\0*'].includes(text(bytes, 0, 4)), tiffHeader],
  ['avif', (bytes) => text(bytes, 4, 8) === 'ftyp' && brands(bytes).some((each) => /^avi[fs]$/.test(each)), avifHeader],
];

const heic = /^(hei[cxms]|hev[cxms]|mif1|msf1)$/;
const foreign: readonly (readonly [string, (bytes: Buffer) => boolean])[] = [
  ['HEIC', (bytes) => text(bytes, 4, 8) === 'ftyp' && brands(bytes).some((each) => heic.test(each))],
  ['JPEG XL', (bytes) => bytes.readUInt16BE(0) === 0xff0a || text(bytes, 4, 12) === 'JXL \r\n\x87\n'],
  ['JPEG 2000', (bytes) => text(bytes, 4, 12) === 'jP  \r\n\x87\n' || bytes.readUInt32BE(0) === 0xff4fff51],
  ['Photoshop', (bytes) => text(bytes, 0, 4) === '8BPS'],
  ['BigTIFF', (bytes) => ['II+\0', 'MM\0+'].includes(text(bytes, 0, 4))],
  ['ICO', (bytes) => bytes.readUInt32LE(0) === 0x10000 && bytes.readUInt8(4) > 0 && bytes.readUInt8(9) === 0],
  ['OpenEXR', (bytes) => bytes.readUInt32LE(0) === 20000630],
  ['QOI', (bytes) => text(bytes, 0, 4) === 'qoif'],
  ['PNM', (bytes) => /^P[1-7]\s+(#[^\n]*\n\s*)*(\d+\s|WIDTH)/.test(text(bytes, 0, 200))],
];

/**
 * Format, sides, frames and orientation, from the bytes alone: nothing is unpacked and no memory is taken, so a file
 * that would unpack to gigabytes is known in microseconds. null: not an image (text, SVG and PDF are none here).
 */
export function readHeader(bytes: Buffer): ImageHeader | ForeignHeader | null {
  for (const [format, isIt, read] of readers) {
    if (!within(() => isIt(bytes), false)) continue;
    const cut: Facts = { width: 0, height: 0, orientation: 1, depth: 8, alpha: false, cut: true };
    return { format, ...within(() => read(bytes), cut) };
  }
  const other = foreign.find(([, isIt]) => within(() => isIt(bytes), false));
  return other ? { format: 'other', unsupported: other[0] } : null;
}

/** Node's readers throw a RangeError past the last byte. */
function within<T>(read: () => T, cut: T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof RangeError) return cut;
    throw thrown;
  }
}

function text(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('latin1', from, to);
}

/** The brands of an ISO base media file: what kinds of reader understand it. The minor version lies between them. */
function brands(bytes: Buffer): string[] {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const found: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) found.push(text(bytes, at, at + 4));
  return found;
}
