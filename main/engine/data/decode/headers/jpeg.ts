import { exifOrientation, isInkProfile } from './exif.ts';
import type { Facts } from './facts.ts';

const endOfImage = Buffer.from([0xff, 0xd9]);
const alone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** T.81, table B.1: of the sixteen processes, libjpeg-turbo has the Huffman and arithmetic DCT ones with 8 bits. */
const processes = [0xc0, 0xc1, 0xc2, 0xc9, 0xca];
const sequential = [0xc0, 0xc1, 0xc9];

interface Frame {
  readonly marker: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly components: number;
}

/** ITU-T T.81, annex B: segments up to the first scan. Fails: RangeError past the last byte. */
export function jpegHeader(bytes: Buffer): Facts {
  let frame: Frame | undefined;
  let orientation: Facts['orientation'] = 1;
  let profile = false;
  let transform = 1;
  let loose = false;
  for (let at = 2; ;) {
    // Between segments there may be fill bytes, and after faulty writers other bytes, which readers skip.
    for (; bytes.readUInt8(at) !== 0xff; at++) loose = true;
    while (bytes.readUInt8(at) === 0xff) at++;
    const marker = bytes.readUInt8(at++);
    if (marker === 0 || alone(marker)) continue;
    const length = marker === 0xd9 ? 2 : bytes.readUInt16BE(at);
    const body = bytes.subarray(at + 2, at + length);
    const says = (text: string) => body.toString('latin1', 0, text.length) === text;
    if (marker === 0xe1 && says('Exif\0\0')) orientation = exifOrientation(body);
    if (marker === 0xe2 && says('ICC_PROFILE\0')) profile ||= isInkProfile(body.subarray(14));
    if (marker === 0xee && says('Adobe')) transform = body[11] ?? transform;
    if (isFrame(marker) && !frame) frame = readFrame(bytes, at, marker);
    if (marker !== 0xda && marker !== 0xd9) {
      at += length;
      continue;
    }
    if (!frame) return { width: 0, height: 0, orientation: 1, depth: 8, alpha: false, cut: false };
    const { depth, height, width, components } = frame;
    const plainScan = body.subarray(-3).equals(Buffer.from([0, 63, 0]));
    loose ||= transform > 2 || (sequential.includes(frame.marker) && !plainScan);
    const process = processes.includes(frame.marker);
    return {
      ...{ width, height, orientation, depth, alpha: false, loose },
      cut: bytes.lastIndexOf(endOfImage) < at,
      ...(components === 4 && { inks: profile ? ('profile' as const) : ('none' as const) }),
      ...(depth !== 8 ? { unsupported: `JPEG of ${depth} bits` } : !process && { unsupported: 'lossless JPEG' }),
    };
  }
}

const readFrame = (bytes: Buffer, at: number, marker: number): Frame => ({
  marker,
  depth: bytes.readUInt8(at + 2),
  height: bytes.readUInt16BE(at + 3),
  width: bytes.readUInt16BE(at + 5),
  components: bytes.readUInt8(at + 7),
});
