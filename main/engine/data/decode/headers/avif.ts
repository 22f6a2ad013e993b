import type { Facts } from './facts.ts';

interface Box {
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/** Boxes in which properties and sample counts lie, with the bytes that come before their own boxes. */
const containers: Record<string, number> = {
  ...{ meta: 4, iprp: 0, ipco: 0 },
  ...{ moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0 },
};

/**
 * AVIF 1.1 on ISO/IEC 23008-12: of all image properties the largest extent counts, so that no thumbnail and no tile
 * hides a larger picture. libheif turns it upright by itself.
 */
export function avifHeader(bytes: Buffer): Facts {
  let width = 0;
  let height = 0;
  let depth = 8;
  let alpha = false;
  let frames = 0;
  let end = 0;
  for (const { type, from, to } of boxes(bytes, 0, bytes.length, 0)) {
    end = Math.max(end, to);
    if (to > bytes.length) continue;
    if (type === 'ispe') {
      const [across, down] = [bytes.readUInt32BE(from + 4), bytes.readUInt32BE(from + 8)];
      if (across * down > width * height) [width, height] = [across, down];
    }
    if (type === 'pixi') depth = Math.max(depth, bytes.readUInt8(from + 5));
    if (type === 'stsz') frames = Math.max(frames, bytes.readUInt32BE(from + 8));
    if (type === 'auxC') alpha ||= bytes.toString('latin1', from + 4, to).includes(':alpha');
  }
  return { width, height, ...(frames > 0 && { frames }), orientation: 1, depth, alpha, cut: end > bytes.length };
}

function* boxes(bytes: Buffer, from: number, to: number, level: number): Generator<Box> {
  for (let at = from; at + 8 <= to;) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    // 0: to the end of the file. 1: a 64-bit size, which only a file of gigabytes needs.
    const next = size === 0 ? to : at + Math.max(size, 8);
    yield { type, from: at + 8, to: next };
    const inner = containers[type];
    if (inner !== undefined && level < 6) yield* boxes(bytes, at + 8 + inner, Math.min(next, to), level + 1);
    at = next;
  }
}
