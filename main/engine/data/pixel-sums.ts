/** Of one or more images: for each channel the sum of its bytes and of their squares. Whole numbers, so exact below 2⁵³. */
export interface PixelSums {
  readonly sums: number[];
  readonly squares: number[];
}

export const noPixels = (channels: number): PixelSums => ({
  sums: new Array<number>(channels).fill(0),
  squares: new Array<number>(channels).fill(0),
});

/** Adds the pixels, [pixel, channel], to what was there. */
export function addPixels(into: PixelSums, pixels: Uint8Array): PixelSums {
  const channels = into.sums.length;
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    let square = 0;
    for (let at = channel; at < pixels.length; at += channels) {
      const value = pixels[at] ?? 0;
      sum += value;
      square += value * value;
    }
    into.sums[channel] = (into.sums[channel] ?? 0) + sum;
    into.squares[channel] = (into.squares[channel] ?? 0) + square;
  }
  return into;
}

export function addSums(into: PixelSums, more: PixelSums): PixelSums {
  for (const [channel, sum] of more.sums.entries()) into.sums[channel] = (into.sums[channel] ?? 0) + sum;
  for (const [channel, square] of more.squares.entries()) into.squares[channel] = (into.squares[channel] ?? 0) + square;
  return into;
}
