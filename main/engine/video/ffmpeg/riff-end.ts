import { open } from 'node:fs/promises';

/** `RIFF`, its bytes, its kind; longer files are made of several (OpenDML, 1996). */
const headBytes = 12;

/**
 * Whether an AVI is shorter than its parts say. Its count of frames says less: places that nothing was written for are
 * counted too, and a film may end with them.
 */
export async function riffEndsTorn(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(headBytes);
    let at = 0;
    while (at + headBytes <= size) {
      await file.read(head, 0, headBytes, at);
      if (head.toString('latin1', 0, 4) !== 'RIFF') break; // what lies behind is no part of the film
      const length = head.readUInt32LE(4);
      // Of a recording that was broken off the length was never written.
      if (length === 0) return true;
      at += 8 + length + (length % 2);
    }
    // The last byte may be the one that makes lengths even.
    return at === 0 || at > size + 1;
  } finally {
    await file.close();
  }
}
