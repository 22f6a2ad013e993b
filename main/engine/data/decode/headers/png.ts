import type { Facts, Orientation } from './facts.ts';
import { exifOrientation } from './exif.ts';

/** PNG, third edition: chunks of length, type, data and checksum. Fails: RangeError where the first is cut. */
export function pngHeader(bytes: Buffer): Facts {
  const first = bytes.toString('latin1', 12, 16);
  // Apple's own PNG, with this chunk before the header, is read by no other system.
  if (first === 'CgBI') return { ...nothing, unsupported: 'CgBI PNG' };
  if (first !== 'IHDR') return { ...nothing, cut: first.length < 4 };
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const depth = bytes.readUInt8(24);
  const colour = bytes.readUInt8(25);
  let alpha = (colour & 4) !== 0;
  let frames: number | undefined;
  let orientation: Orientation = 1;
  let ended = false;
  for (let at = 33; at + 12 <= bytes.length && !ended;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'tRNS') alpha = true;
    if (type === 'acTL' && length >= 4) frames = bytes.readUInt32BE(at + 8);
    if (type === 'eXIf') orientation = exifOrientation(bytes.subarray(at + 8, at + 8 + length));
    ended = type === 'IEND';
    at += 12 + length;
  }
  return { width, height, orientation, depth, alpha, cut: !ended, ...(frames !== undefined && { frames }) };
}

const nothing = { width: 0, height: 0, orientation: 1, depth: 8, alpha: false, cut: false } as const;
