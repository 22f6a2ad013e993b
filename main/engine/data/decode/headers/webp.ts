import type { Facts, Orientation } from './facts.ts';
import { exifOrientation } from './exif.ts';

/** RFC 9649: RIFF chunks, of even length. Fails: RangeError past the last byte. */
export function webpHeader(bytes: Buffer): Facts {
  const cut = bytes.readUInt32LE(4) + 8 > bytes.length;
  const kind = bytes.toString('latin1', 12, 16);
  const facts = { orientation: 1, depth: 8, cut } as const;
  if (kind === 'VP8X') return { ...facts, ...extended(bytes) };
  if (kind === 'VP8L') {
    const packed = bytes.readUInt32LE(21);
    const alpha = ((packed >>> 28) & 1) === 1;
    return { ...facts, width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1, alpha };
  }
  const lossy = kind === 'VP8 ' && bytes.readUIntBE(23, 3) === 0x9d012a;
  const side = (at: number) => (lossy ? bytes.readUInt16LE(at) & 0x3fff : 0);
  return { ...facts, width: side(26), height: side(28), alpha: false };
}

function extended(bytes: Buffer) {
  const flags = bytes.readUInt8(20);
  let frames = 0;
  let orientation: Orientation = 1;
  for (let at = 30; at + 8 <= bytes.length;) {
    const type = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    if (type === 'ANMF') frames++;
    if (type === 'EXIF') orientation = exifOrientation(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  return {
    width: bytes.readUIntLE(24, 3) + 1,
    height: bytes.readUIntLE(27, 3) + 1,
    alpha: (flags & 0x10) !== 0,
    orientation,
    ...(flags & 2 && { frames }),
  };
}
