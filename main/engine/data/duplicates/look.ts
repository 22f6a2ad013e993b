import type { PooledImages } from './pooled-images.ts';

/** Fields across and down of an image's look. */
const side = 8;
const fields = side * side;

/** What is kept of each image's luma to tell images apart without reading them again. */
export interface Looks {
  /** Means of 8×8 fields, 0…255, row by row. */
  readonly fields: Uint8Array;
  /** 0…255. */
  readonly mean: Float32Array;
  /** Mean absolute deviation from the mean, 0…127.5. 0 = one tone all over. */
  readonly contrast: Float32Array;
}

export function noLooks(count: number): Looks {
  return {
    fields: new Uint8Array(count * fields),
    mean: new Float32Array(count),
    contrast: new Float32Array(count),
  };
}

/** @param luma [height, width] */
export function setLook(looks: Looks, place: number, luma: Uint8Array, height: number, width: number): void {
  let sum = 0;
  for (const value of luma) sum += value;
  const mean = sum / luma.length;
  let deviation = 0;
  for (const value of luma) deviation += Math.abs(value - mean);
  looks.mean[place] = mean;
  looks.contrast[place] = deviation / luma.length;
  for (let field = 0; field < fields; field++) {
    looks.fields[place * fields + field] = fieldMean(luma, height, width, Math.floor(field / side), field % side);
  }
}

/** Fields of images smaller than 8×8 share pixels. */
function fieldMean(luma: Uint8Array, height: number, width: number, row: number, column: number): number {
  const [top, left] = [Math.floor((row * height) / side), Math.floor((column * width) / side)];
  const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / side));
  const right = Math.max(left + 1, Math.floor(((column + 1) * width) / side));
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += luma[y * width + x] ?? 0;
  return Math.round(sum / ((bottom - top) * (right - left)));
}

/** Mean absolute difference of two images' fields. */
export function fieldDifference(looks: Looks, one: number, other: number): number {
  let sum = 0;
  const [a, b] = [one * fields, other * fields];
  for (let field = 0; field < fields; field++) {
    sum += Math.abs((looks.fields[a + field] ?? 0) - (looks.fields[b + field] ?? 0));
  }
  return sum / fields;
}

/** Pearson's correlation of two images' fields, −1…1; 0 where one has no contrast. Brightness and gain do not matter. */
export function correlation(looks: Looks, one: number, other: number): number {
  const [a, b] = [one * fields, other * fields];
  const sums = { a: 0, b: 0, aa: 0, bb: 0, ab: 0 };
  for (let field = 0; field < fields; field++) {
    const x = looks.fields[a + field] ?? 0;
    const y = looks.fields[b + field] ?? 0;
    sums.a += x;
    sums.b += y;
    sums.aa += x * x;
    sums.bb += y * y;
    sums.ab += x * y;
  }
  const spread = (fields * sums.aa - sums.a ** 2) * (fields * sums.bb - sums.b ** 2);
  return spread <= 0 ? 0 : (fields * sums.ab - sums.a * sums.b) / Math.sqrt(spread);
}

/** Mean absolute difference of two images' luma, pixel by pixel. */
export class PixelDifference {
  readonly #images: PooledImages;
  readonly #one: Uint8Array;
  readonly #other: Uint8Array;
  #held = -1;

  constructor(images: PooledImages) {
    this.#images = images;
    this.#one = new Uint8Array(images.height * images.width);
    this.#other = new Uint8Array(images.height * images.width);
  }

  of(one: number, other: number): number {
    if (this.#held !== one) this.#images.luma(one, this.#one);
    this.#held = one;
    this.#images.luma(other, this.#other);
    let sum = 0;
    for (const [pixel, value] of this.#one.entries()) sum += Math.abs(value - (this.#other[pixel] ?? 0));
    return sum / this.#one.length;
  }
}
