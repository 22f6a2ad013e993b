import type { ImageShape } from './canvas.ts';
import type { DrawnGeometry } from './drawn.ts';

/**
 * Where the pixel at column x, row y of the result is read: column a·x + b·y + c, row d·x + e·y + f.
 * Written [a, b, c, d, e, f].
 */
export type Affine = readonly [number, number, number, number, number, number];

export const identity: Affine = [1, 0, 0, 0, 1, 0];

/** First `inner`, then `outer`: the places that `outer` reads are looked up by `inner`. */
export function composed(inner: Affine, outer: Affine): Affine {
  const [a, b, c, d, e, f] = inner;
  const [p, q, r, s, t, u] = outer;
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f];
}

/** The matrices of Keras' `apply_affine_transform` (keras/src/legacy/preprocessing/image.py). */
export function matrixOf(drawn: DrawnGeometry): Affine {
  switch (drawn.op) {
    case 'rotation': {
      const theta = (drawn.degrees * Math.PI) / 180;
      return [Math.cos(theta), -Math.sin(theta), 0, Math.sin(theta), Math.cos(theta), 0];
    }
    case 'shift':
      return [1, 0, drawn.x, 0, 1, drawn.y];
    case 'shear': {
      const shear = (drawn.degrees * Math.PI) / 180;
      return [1, -Math.sin(shear), 0, 0, Math.cos(shear), 0];
    }
    case 'zoom':
      return [drawn.x, 0, 0, 0, drawn.y, 0];
  }
}

/**
 * The same map about the middle of the image, size/2 − ½. Keras 3.15 swaps the two offsets, and with them width_shift_range
 * and height_shift_range: images that are not square turn about a point beside their middle there. Here each is as it is
 * named; on square images nothing but the name of the axis differs.
 */
export function aboutCentre(matrix: Affine, { height, width }: ImageShape): Affine {
  const [x, y] = [width / 2 - 0.5, height / 2 - 0.5];
  return composed(composed([1, 0, x, 0, 1, y], matrix), [1, 0, -x, 0, 1, -y]);
}
