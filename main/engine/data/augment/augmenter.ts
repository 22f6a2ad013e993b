import type { Augmentation } from '#contract/augmentation.ts';
import { applyAll } from './apply-op.ts';
import { makeCanvas, type ImageShape } from './canvas.ts';
import { draw, drawsOf } from './draw.ts';
import type { Drawn } from './drawn.ts';

/** Changes images at random, and yet always alike for the same seed, pass and index. */
export interface Augmenter {
  /**
   * @param pixels of one image, [height, width, channel], changed in place
   * @param pass over the images, from 1
   * @param index of the image in its source
   * @param extreme every number at an end of its range
   */
  apply(pixels: Uint8Array, pass: number, index: number, extreme?: boolean): void;
}

/** It has memory for one image and no other state; each thread makes its own. */
export function makeAugmenter(settings: Augmentation, shape: ImageShape, seed: number): Augmenter {
  const canvas = makeCanvas(shape);
  const drawAll = (pass: number, index: number, extreme: boolean): Drawn[] =>
    settings.ops.flatMap((op, place) => draw(op, drawsOf(seed, pass, index, place), extreme, shape) ?? []);
  return {
    apply(pixels, pass, index, extreme = false) {
      const drawn = drawAll(pass, index, extreme);
      if (drawn.length === 0) return;
      canvas.values.set(pixels);
      applyAll(canvas, drawn, settings);
      // This view rounds and clips what is put into it.
      new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length).set(canvas.values);
    },
  };
}
