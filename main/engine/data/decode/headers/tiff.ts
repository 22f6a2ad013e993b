import type { Facts } from './facts.ts';
import { pixelLimit } from '../pixel-limit.ts';
import { isInkProfile, orientationOf, readDirectory, tiffStart } from './exif.ts';

const mostPages = 10_000;
const inkSeparation = 5;
/** Compressions that libvips' prebuilt libtiff has not. */
const missing: Record<number, string> = { 34925: 'LZMA', 50000: 'Zstandard' };

/** TIFF 6.0; the first page counts, the others are only counted. Fails: RangeError past the last byte. */
export function tiffHeader(bytes: Buffer): Facts {
  const { little, first } = tiffStart(bytes);
  const page = readDirectory(bytes, first, little);
  const one = (tag: number, otherwise: number) => page.values(tag)[0] ?? otherwise;
  // A small image in one enormous tile takes the memory of the tile.
  const tiled = one(322, 0) * one(323, 0) > pixelLimit;
  const width = one(tiled ? 322 : 256, 0);
  const height = one(tiled ? 323 : 257, 0);
  const depth = one(258, 1);
  const samples = one(277, 1);
  const inks = one(262, 1) === inkSeparation;
  const floating = one(339, 1) === 3;
  const compression = missing[one(259, 1)];
  const unsupported = floating
    ? 'TIFF of floating-point numbers'
    : depth > 16
      ? `TIFF of ${depth} bits`
      : samples > 5
        ? `TIFF of ${samples} samples`
        : compression && `TIFF with ${compression}`;
  return {
    width,
    height,
    frames: countPages(bytes, first, little),
    orientation: orientationOf(page),
    depth,
    // Samples over those of the colour space; 0 of tag 338 is data of no known meaning, libvips takes it for alpha too.
    alpha: page.values(338).length > 0,
    cut: isCut(bytes, page.values(273), page.values(279)) || isCut(bytes, page.values(324), page.values(325)),
    ...(inks && { inks: isInkProfile(Buffer.from(page.values(34675))) ? 'profile' : 'none' }),
    ...(unsupported && { unsupported }),
  };
}

/** Strips or tiles that begin or end past the last byte. */
function isCut(bytes: Buffer, offsets: number[], lengths: number[]): boolean {
  return offsets.some((offset, i) => offset + (lengths[i] ?? 0) > bytes.length);
}

function countPages(bytes: Buffer, first: number, little: boolean): number {
  const seen = new Set<number>();
  try {
    for (let at = first; at !== 0 && !seen.has(at) && seen.size < mostPages;) {
      const { next } = readDirectory(bytes, at, little);
      seen.add(at);
      at = next;
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return seen.size;
}
