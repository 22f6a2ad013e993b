import type { Facts, Orientation } from './facts.ts';
import { exifOrientation, isInkProfile } from './exif.ts';

const endOfImage = Buffer.from([0xff, 0xd9]);
const alone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** ITU-T T.81, annex B: segments up to the frame header. Fails: RangeError past the last byte. */
export function jpegHeader(bytes: Buffer): Facts {
  let at = 2;
  let orientation: Orientation = 1;
  let profile = false;
  for (;;) {
    // Between segments there may be fill bytes, and after faulty writers other bytes, which readers skip.
    while (bytes.readUInt8(at) !== 0xff) at++;
    while (bytes.readUInt8(at) === 0xff) at++;
    const marker = bytes.readUInt8(at++);
    if (marker === 0 || alone(marker)) continue;
    const length = bytes.readUInt16BE(at);
    const body = bytes.subarray(at + 2, at + length);
    if (marker === 0xe1 && body.toString('latin1', 0, 6) === 'Exif\0\0') orientation = exifOrientation(body);
    if (marker === 0xe2 && body.toString('latin1', 0, 12) === 'ICC_PROFILE\0')
      profile ||= isInkProfile(body.subarray(14));
    // Pixels begin, or the image ends, and no frame was told.
    if (marker === 0xda || marker === 0xd9) return damaged();
    if (isFrame(marker)) {
      const [depth, height, width, components] = [
        bytes.readUInt8(at + 2),
        bytes.readUInt16BE(at + 3),
        bytes.readUInt16BE(at + 5),
        bytes.readUInt8(at + 7),
      ];
      const inks = profile ? 'profile' : 'none';
      // T.81, table B.1: of the sixteen processes, libjpeg-turbo has the Huffman and arithmetic DCT ones with 8 bits.
      const process = [0xc0, 0xc1, 0xc2, 0xc9, 0xca].includes(marker);
      return {
        width,
        height,
        orientation,
        depth,
        alpha: false,
        cut: bytes.lastIndexOf(endOfImage) < at,
        ...(components === 4 && { inks }),
        ...(depth !== 8 ? { unsupported: `JPEG of ${depth} bits` } : !process && { unsupported: 'lossless JPEG' }),
      };
    }
    at += length;
  }
}

const damaged = () => ({ width: 0, height: 0, orientation: 1, depth: 8, alpha: false, cut: false }) as const;
