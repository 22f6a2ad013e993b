import type { Augmentation } from '#contract/augmentation.ts';
import type { Affine } from './affine.ts';
import { turnRound, type Canvas } from './canvas.ts';
import { lookUp, outside, reflected } from './beside.ts';

export type Surroundings = Pick<Augmentation, 'fill' | 'fillValue' | 'interpolation'>;

/**
 * Reads every pixel of the result where the map says, as `scipy.ndimage.affine_transform` does with order 1 or 0
 * (NI_GeometricTransform in ni_interpolation.c). 224×224×3 bilinear takes 1 to 2 ms.
 */
export function warp(canvas: Canvas, [a, b, c, d, e, f]: Affine, surroundings: Surroundings): void {
  const { height, width } = canvas;
  const { fill } = surroundings;
  const write = surroundings.interpolation === 'bilinear' ? bilinear : nearest;
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += canvas.channels) {
      const x = lookUp(a * column + b * row + c, width, fill);
      const y = lookUp(d * column + e * row + f, height, fill);
      if (x === outside || y === outside) canvas.spare.fill(surroundings.fillValue, at, at + canvas.channels);
      else write(canvas, x, y, at);
    }
  }
  turnRound(canvas);
}

/** The pixel at column x, row y, mixed of the four around it, into the spare place. */
function bilinear({ values, spare, height, width, channels }: Canvas, x: number, y: number, at: number): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const across = x - left;
  const down = y - top;
  const row0 = reflected(top, height) * width;
  const row1 = reflected(top + 1, height) * width;
  const column0 = reflected(left, width);
  const column1 = reflected(left + 1, width);
  const topLeft = (row0 + column0) * channels;
  const topRight = (row0 + column1) * channels;
  const bottomLeft = (row1 + column0) * channels;
  const bottomRight = (row1 + column1) * channels;
  for (let channel = 0; channel < channels; channel++) {
    const above = (values[topLeft + channel] ?? 0) * (1 - across) + (values[topRight + channel] ?? 0) * across;
    const below = (values[bottomLeft + channel] ?? 0) * (1 - across) + (values[bottomRight + channel] ?? 0) * across;
    spare[at + channel] = above * (1 - down) + below * down;
  }
}

function nearest({ values, spare, height, width, channels }: Canvas, x: number, y: number, at: number): void {
  const row = reflected(Math.floor(y + 0.5), height);
  const column = reflected(Math.floor(x + 0.5), width);
  const from = (row * width + column) * channels;
  for (let channel = 0; channel < channels; channel++) spare[at + channel] = values[from + channel] ?? 0;
}
