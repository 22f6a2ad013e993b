import type { Orientation } from './facts.ts';

/** One entry of a TIFF directory: its number values as far as they are short (BYTE, SHORT, LONG, UNDEFINED). */
export interface Directory {
  /** Values of a tag; empty where it is absent or of another type. */
  readonly values: (tag: number) => number[];
  /** Where the next directory begins; 0 = there is none. */
  readonly next: number;
}

const sizes: Record<number, number> = { 1: 1, 3: 2, 4: 4, 7: 1 };
/** Enough for every tag that is read here; a file may claim millions of values. */
const most = 4096;

/** The byte order of a TIFF stream, and the place of its first directory. */
export function tiffStart(bytes: Buffer): { little: boolean; first: number } {
  const little = bytes.readUInt16BE(0) === 0x4949;
  return { little, first: little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4) };
}

/**
 * A directory of a TIFF stream (TIFF 6.0, section 2); EXIF data is one as well.
 * Fails: RangeError past the last byte.
 */
export function readDirectory(bytes: Buffer, at: number, little: boolean): Directory {
  const short = (place: number) => (little ? bytes.readUInt16LE(place) : bytes.readUInt16BE(place));
  const long = (place: number) => (little ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place));
  const entries = short(at);
  const places = new Map<number, number>();
  for (let entry = 0; entry < entries; entry++) places.set(short(at + 2 + entry * 12), at + 2 + entry * 12);
  const values = (tag: number) => {
    const place = places.get(tag);
    if (place === undefined) return [];
    const size = sizes[short(place + 2)];
    if (size === undefined) return [];
    const count = Math.min(long(place + 4), most);
    const from = size * count <= 4 ? place + 8 : long(place + 8);
    return Array.from({ length: count }, (_, i) => {
      const value = from + i * size;
      return size === 4 ? long(value) : size === 2 ? short(value) : bytes.readUInt8(value);
    });
  };
  const last = at + 2 + entries * 12;
  return { values, next: last + 4 <= bytes.length ? long(last) : 0 };
}

/** Whether an ICC profile speaks of inks (ICC.1, field 7.2.6 of its header); others are of no use to an image of inks. */
export const isInkProfile = (profile: Buffer) => profile.toString('latin1', 16, 20) === 'CMYK';

export function orientationOf(directory: Directory): Orientation {
  const [value = 1] = directory.values(274);
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

/** Orientation that an EXIF block tells; 1 where it is damaged, as viewers have it. */
export function exifOrientation(block: Buffer): Orientation {
  const bytes = block.toString('latin1', 0, 6) === 'Exif\0\0' ? block.subarray(6) : block;
  try {
    const { little, first } = tiffStart(bytes);
    return orientationOf(readDirectory(bytes, first, little));
  } catch (thrown) {
    if (thrown instanceof RangeError) return 1;
    throw thrown;
  }
}
