import type { Facts } from './facts.ts';

/** GIF89a specification, 1990. Fails: RangeError where the screen descriptor is cut. */
export function gifHeader(bytes: Buffer): Facts {
  const screen = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  let [right, bottom] = [0, 0];
  let frames = 0;
  let alpha = false;
  let ended = false;
  let at = 13 + table(bytes.readUInt8(10));
  while (at < bytes.length && !ended) {
    const block = bytes.readUInt8(at);
    if (block === 0x21) {
      if (bytes[at + 1] === 0xf9 && frames === 0) alpha = ((bytes[at + 3] ?? 0) & 1) !== 0;
      at = afterBlocks(bytes, at + 2);
    } else if (block === 0x2c && at + 10 <= bytes.length) {
      const [left, top] = [bytes.readUInt16LE(at + 1), bytes.readUInt16LE(at + 3)];
      const [across, down] = [bytes.readUInt16LE(at + 5), bytes.readUInt16LE(at + 7)];
      [right, bottom] = [Math.max(right, left + across), Math.max(bottom, top + down)];
      // What the first frame leaves free of the screen is transparent.
      if (frames === 0 && (left > 0 || top > 0 || across < screen.width || down < screen.height)) alpha = true;
      frames++;
      at = afterBlocks(bytes, at + 11 + table(bytes.readUInt8(at + 9)));
    } else {
      ended = block === 0x3b;
      break;
    }
  }
  // A screen of no size takes that of its frames.
  const { width = 0, height = 0 } = screen.width > 0 && screen.height > 0 ? screen : { width: right, height: bottom };
  return { width, height, frames, orientation: 1, depth: 8, alpha, cut: !ended && at >= bytes.length };
}

/** Bytes of the colour table that these flags announce. */
const table = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

function afterBlocks(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += (bytes[at] ?? 0) + 1;
  return at + 1;
}
