import { open } from 'node:fs/promises';
import type { DamageCount } from './damage-count.ts';

/** Bytes of a packet: as broadcast, with a time before it (Blu-ray, cameras), with a checksum behind it. */
const packetSizes = [188, 192, 204];
const sync = 0x47;
/** Bytes looked at from the end. */
const tail = 2 ** 20;

/**
 * Whether a transport stream was cut, which nothing in it says: it does not know its length. It is, where its last packet is
 * not whole; or where the last of the pictures' packets is full and the decoder complained: the end of a picture is
 * filled up (ISO/IEC 13818-1, 2.4.3.5), but for one in 184. A cut right between two pictures cannot be seen.
 * @param pid of the stream of pictures
 */
export async function transportEndsTorn(path: string, { pid }: { pid: number }, damage: DamageCount): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = packetSizes.find((each) => size % each === 0);
    if (length === undefined) return true;
    const bytes = Buffer.alloc(Math.min(size, Math.floor(tail / length) * length));
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    const start = length === 192 ? 4 : 0;
    for (let at = bytes.length - length + start; at >= 0; at -= length) {
      if (bytes[at] !== sync) return damage.any;
      if ((bytes.readUInt16BE(at + 1) & 0x1fff) === pid) return damage.any && !filledUp(bytes, at);
    }
    return false;
  } finally {
    await file.close();
  }
}

/** Whether it holds more before its payload than a clock. */
function filledUp(bytes: Buffer, at: number): boolean {
  const control = ((bytes[at + 3] ?? 0) >> 4) & 3;
  return control >= 2 && (bytes[at + 4] ?? 0) > 7;
}
