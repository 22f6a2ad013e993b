import type { AugmentationOp } from '#contract/augmentation.ts';
import { below, generator, type Generator } from '../random.ts';
import type { ImageShape } from './canvas.ts';
import type { Drawn } from './drawn.ts';

/**
 * The random numbers of one op for one image in one pass: a function of these alone, so that neither the order in which
 * images come nor the number of threads changes them. @param place of the op in the list
 */
export function drawsOf(seed: number, pass: number, index: number, place: number): Generator {
  return generator(stirred(stirred(stirred(0, seed), pass), place), index);
}

/** A word stirred into a hash as in MurmurHash3 x86_32, Austin Appleby (public domain), each with the final avalanche. */
function stirred(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  let h = hash ^ mixed;
  h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** How likely an op is for an image when nothing is said. */
export function likelihood({ op, probability }: AugmentationOp): number {
  return probability ?? (op === 'flip-left-right' || op === 'flip-up-down' ? 0.5 : 1);
}

/**
 * The op with its numbers, or null where chance leaves it out.
 * @param extreme every number at an end of its range, and every op but flips applied that ever is
 */
export function draw(op: AugmentationOp, next: Generator, extreme: boolean, shape: ImageShape): Drawn | null {
  // Drawn first and always, so that another probability leaves the numbers of the op as they are.
  const chance = next() / 2 ** 32;
  const likely = likelihood(op);
  const flip = op.op === 'flip-left-right' || op.op === 'flip-up-down';
  if (extreme && !flip ? likely === 0 : chance >= likely) return null;

  const part = () => (extreme ? below(next, 2) : next() / 2 ** 32);
  const between = (low: number, high: number) => low + (high - low) * part();
  const around = (most: number) => between(-most, most);
  const upTo = (most: number) => (extreme ? most * below(next, 2) : below(next, most + 1));
  switch (op.op) {
    case 'flip-left-right':
    case 'flip-up-down':
      return { op: op.op };
    case 'random-crop':
      return { op: op.op, padding: op.padding, top: upTo(2 * op.padding), left: upTo(2 * op.padding) };
    case 'crop-and-resize': {
      const share = between(op.least, op.most);
      const height = Math.max(1, Math.round(share * shape.height));
      const width = Math.max(1, Math.round(share * shape.width));
      return { op: op.op, height, width, top: upTo(shape.height - height), left: upTo(shape.width - width) };
    }
    case 'brightness':
    case 'hue':
      return { op: op.op, delta: around(op.delta) };
    case 'contrast':
    case 'saturation':
      return { op: op.op, factor: between(op.low, op.high) };
    case 'rotation':
    case 'shear':
      return { op: op.op, degrees: around(op.degrees) };
    case 'shift':
      return { op: op.op, x: around(op.width) * shape.width, y: around(op.height) * shape.height };
    case 'zoom': {
      const x = between(op.low, op.high);
      return { op: op.op, x, y: op.together ? x : between(op.low, op.high) };
    }
    case 'channel-shift':
      return { op: op.op, intensity: around(op.range) };
  }
}
