import type { Augmentation } from '#contract/augmentation.ts';
import { makeAugmenter, type Augmenter } from './augmenter.ts';
import type { ImageShape } from './canvas.ts';

/** What a thread is told of it: plain data. */
export interface Augmenting {
  readonly settings: Augmentation;
  readonly shape: ImageShape;
  readonly seed: number;
}

/** Changes the images of a batch where they lie, one after the other; in pass 0 none. */
export type AugmentImages = (indices: ArrayLike<number>, pixels: Uint8Array, pass: number) => void;

export function augmentImages({ settings, shape, seed }: Augmenting): AugmentImages {
  const augmenter: Augmenter = makeAugmenter(settings, shape, seed);
  const bytes = shape.height * shape.width * shape.channels;
  return (indices, pixels, pass) => {
    if (pass === 0) return;
    for (let at = 0; at < indices.length; at++) {
      augmenter.apply(pixels.subarray(at * bytes, (at + 1) * bytes), pass, indices[at] ?? 0);
    }
  };
}
