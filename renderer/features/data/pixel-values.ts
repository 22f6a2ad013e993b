/** Pixels of one image, 0…255, row by row, channels last. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly pixels: readonly number[];
}

/** The values of one pixel, a channel each; empty outside the image. */
export function valuesAt({ width, height, channels, pixels }: Pixels, x: number, y: number): readonly number[] {
  if (x < 0 || y < 0 || x >= width || y >= height) return [];
  const first = (y * width + x) * channels;
  return pixels.slice(first, first + channels);
}

export function valueText(value: number, hex: boolean): string {
  return hex ? value.toString(16).toUpperCase().padStart(2, '0') : String(value);
}

/** RGBA bytes for a canvas: grey is repeated, a fourth channel is alpha. */
export function toRgba({ width, height, channels, pixels }: Pixels): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[pixel * 4 + channel] = pixels[pixel * channels + (channels < 3 ? 0 : channel)] ?? 0;
    }
    rgba[pixel * 4 + 3] = channels === 4 ? (pixels[pixel * channels + 3] ?? 255) : 255;
  }
  return rgba;
}

/** Black or white, whichever reads better on this pixel. Luma weights of ITU-R BT.601. */
export function inkOn(values: readonly number[]): string {
  const [red = 0, green = red, blue = red] = values;
  return 0.299 * red + 0.587 * green + 0.114 * blue > 110 ? '#000000' : '#ffffff';
}
