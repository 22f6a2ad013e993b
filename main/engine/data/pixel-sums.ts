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
  if (into.sums.length === 3) return addSums(into, sumsOfColours(pixels));
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

/** In one pass: three take as long again as decoding's own last step. The casts spare a check of each read. */
function sumsOfColours(pixels: Uint8Array): PixelSums {
  let [red, green, blue, reds, greens, blues] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < pixels.length; at += 3) {
    const r = pixels[at] as number;
    const g = pixels[at + 1] as number;
    const b = pixels[at + 2] as number;
    red += r;
    green += g;
    blue += b;
    reds += r * r;
    greens += g * g;
    blues += b * b;
  }
  return { sums: [red, green, blue], squares: [reds, greens, blues] };
}

export function addSums(into: PixelSums, more: PixelSums): PixelSums {
  for (const [channel, sum] of more.sums.entries()) into.sums[channel] = (into.sums[channel] ?? 0) + sum;
  for (const [channel, square] of more.squares.entries()) into.squares[channel] = (into.squares[channel] ?? 0) + square;
  return into;
}
