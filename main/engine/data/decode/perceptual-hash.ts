import { lumaWeights } from './raster.ts';

const across = 9;
const down = 8;

/**
 * The difference hash ("dHash", N. Krawetz, Kind of Like That, 2013) of an image [height, width, channel] as 16 hex
 * digits: luma averaged over 9×8 fields, then 64 bits, row by row, 1 where a field is darker than the one to its right.
 * Images alike differ in few bits.
 */
export function perceptualHash(pixels: Uint8Array, height: number, width: number, channels: number): string {
  const fieldMean = channels === 3 ? colourMean : greyMean;
  let hash = '';
  for (let y = 0; y < down; y++) {
    let bits = 0;
    let left = fieldMean(pixels, width, channels, fieldOf(0, y, height, width));
    for (let x = 1; x < across; x++) {
      const right = fieldMean(pixels, width, channels, fieldOf(x, y, height, width));
      bits = bits * 2 + (left < right ? 1 : 0);
      left = right;
    }
    hash += bits.toString(16).padStart(2, '0');
  }
  return hash;
}

interface Field {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Fields of images smaller than 9×8 share pixels. */
function fieldOf(x: number, y: number, height: number, width: number): Field {
  const [left, top] = [Math.floor((x * width) / across), Math.floor((y * height) / down)];
  const right = Math.max(left + 1, Math.floor(((x + 1) * width) / across));
  return { left, top, right, bottom: Math.max(top + 1, Math.floor(((y + 1) * height) / down)) };
}

// Whole numbers until the division, so that equal fields are equal. The casts spare a check of each read.

function colourMean(pixels: Uint8Array, width: number, _: number, { left, right, top, bottom }: Field): number {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let row = top; row < bottom; row++) {
    const end = (row * width + right) * 3;
    for (let at = (row * width + left) * 3; at < end; at += 3) {
      red += pixels[at] as number;
      green += pixels[at + 1] as number;
      blue += pixels[at + 2] as number;
    }
  }
  const luma = lumaWeights.red * red + lumaWeights.green * green + lumaWeights.blue * blue;
  return luma / ((right - left) * (bottom - top) * lumaWeights.whole);
}

function greyMean(pixels: Uint8Array, width: number, channels: number, { left, right, top, bottom }: Field): number {
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) sum += pixels[(row * width + column) * channels] as number;
  }
  return sum / ((right - left) * (bottom - top));
}
