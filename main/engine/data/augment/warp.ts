import type { Augmentation } from '#contract/augmentation.ts';
import type { Affine } from './affine.ts';
import { lookUp, outside, reflected } from './beside.ts';
import { turnRound, type Canvas } from './canvas.ts';

export type Surroundings = Pick<Augmentation, 'fill' | 'fillValue' | 'interpolation'>;

/**
 * Reads every pixel of the result where the map says, as `scipy.ndimage.affine_transform` does with order 1 or 0
 * (NI_GeometricTransform in ni_interpolation.c).
 */
export function warp(canvas: Canvas, map: Affine, surroundings: Surroundings): void {
  if (surroundings.interpolation === 'bilinear') bilinear(canvas, map, surroundings);
  else nearest(canvas, map, surroundings);
  turnRound(canvas);
}

/** Each pixel mixed of the four around its place. Most lie well inside: those take the short way. */
function bilinear(canvas: Canvas, [a, b, c, d, e, f]: Affine, { fill, fillValue }: Surroundings): void {
  const { values, spare, height, width, channels } = canvas;
  const line = width * channels;
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += channels) {
      let x = a * column + b * row + c;
      let y = d * column + e * row + f;
      if (x >= 0 && y >= 0 && x < width - 1 && y < height - 1) {
        const left = Math.trunc(x);
        const top = Math.trunc(y);
        const from = top * line + left * channels;
        mix(values, from, from + channels, from + line, from + line + channels, x - left, y - top, spare, at, channels);
        continue;
      }
      x = lookUp(x, width, fill);
      y = lookUp(y, height, fill);
      if (x === outside || y === outside) {
        spare.fill(fillValue, at, at + channels);
        continue;
      }
      const left = Math.floor(x);
      const top = Math.floor(y);
      const row0 = reflected(top, height) * line;
      const row1 = reflected(top + 1, height) * line;
      const column0 = reflected(left, width) * channels;
      const column1 = reflected(left + 1, width) * channels;
      const [above, below] = [row0 + column0, row1 + column0];
      mix(values, above, row0 + column1, below, row1 + column1, x - left, y - top, spare, at, channels);
    }
  }
}

/** All channels of one pixel. @param across 0…1 to the right @param down 0…1 */
function mix(
  values: Float32Array,
  topLeft: number,
  topRight: number,
  bottomLeft: number,
  bottomRight: number,
  across: number,
  down: number,
  into: Float32Array,
  at: number,
  channels: number,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const above = (values[topLeft + channel] ?? 0) * (1 - across) + (values[topRight + channel] ?? 0) * across;
    const below = (values[bottomLeft + channel] ?? 0) * (1 - across) + (values[bottomRight + channel] ?? 0) * across;
    into[at + channel] = above * (1 - down) + below * down;
  }
}

function nearest(canvas: Canvas, [a, b, c, d, e, f]: Affine, { fill, fillValue }: Surroundings): void {
  const { values, spare, height, width, channels } = canvas;
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += channels) {
      const x = lookUp(a * column + b * row + c, width, fill);
      const y = lookUp(d * column + e * row + f, height, fill);
      if (x === outside || y === outside) {
        spare.fill(fillValue, at, at + channels);
        continue;
      }
      const from = (reflected(Math.floor(y + 0.5), height) * width + reflected(Math.floor(x + 0.5), width)) * channels;
      for (let channel = 0; channel < channels; channel++) spare[at + channel] = values[from + channel] ?? 0;
    }
  }
}
