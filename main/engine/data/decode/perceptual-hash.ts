import { luma } from './raster.ts';

const across = 9;
const down = 8;

/**
 * The difference hash ("dHash", N. Krawetz, Kind of Like That, 2013) of an image [height, width, channel] as 16 hex
 * digits: luma averaged over 9×8 fields, then 64 bits, row by row, 1 where a field is darker than the one to its right.
 * Images alike differ in few bits.
 */
export function perceptualHash(pixels: Uint8Array, height: number, width: number, channels: number): string {
  let hash = '';
  for (let y = 0; y < down; y++) {
    let bits = 0;
    let left = fieldMean(0, y);
    for (let x = 1; x < across; x++) {
      const right = fieldMean(x, y);
      bits = bits * 2 + (left < right ? 1 : 0);
      left = right;
    }
    hash += bits.toString(16).padStart(2, '0');
  }
  return hash;

  /** Fields of images smaller than 9×8 share pixels. */
  function fieldMean(x: number, y: number): number {
    const [fromX, fromY] = [Math.floor((x * width) / across), Math.floor((y * height) / down)];
    const toX = Math.max(fromX + 1, Math.floor(((x + 1) * width) / across));
    const toY = Math.max(fromY + 1, Math.floor(((y + 1) * height) / down));
    let sum = 0;
    for (let row = fromY; row < toY; row++) {
      for (let column = fromX; column < toX; column++) {
        const at = (row * width + column) * channels;
        const first = pixels[at] ?? 0;
        sum += channels === 1 ? first : luma(first, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0);
      }
    }
    return sum / ((toX - fromX) * (toY - fromY));
  }
}
