import type { Canvas } from './canvas.ts';

/** tf.image.adjust_saturation: the S of HSV times the factor, within 0…1. Images that are not RGB stay as they are. */
export function saturate({ values, channels }: Canvas, factor: number): void {
  if (channels !== 3) return;
  for (let at = 0; at < values.length; at += 3) {
    const hue = hueAt(values, at);
    const most = Math.max(values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0);
    const range = most - Math.min(values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0);
    // A pixel that another op left wholly below 0 has no saturation, as in TensorFlow's kernel.
    const saturation = most > 0 ? Math.min(1, Math.max(0, (range / most) * factor)) : 0;
    paint(values, at, hue, most, most * saturation);
  }
}

/** tf.image.adjust_hue: largest and smallest of the three stay, the hue turns. @param delta part of a full turn */
export function turnHue({ values, channels }: Canvas, delta: number): void {
  if (channels !== 3) return;
  for (let at = 0; at < values.length; at += 3) {
    const most = Math.max(values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0);
    const least = Math.min(values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0);
    const hue = (hueAt(values, at) + delta * 6) % 6;
    paint(values, at, hue < 0 ? hue + 6 : hue, most, most - least);
  }
}

/** The hue of the pixel, 0…6: red 0, green 2, blue 4. Of a grey one 0. */
function hueAt(values: Float32Array, at: number): number {
  const red = values[at] ?? 0;
  const green = values[at + 1] ?? 0;
  const blue = values[at + 2] ?? 0;
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range <= 0) return 0;
  if (most === red) return green >= blue ? (green - blue) / range : (green - blue) / range + 6;
  return most === green ? (blue - red) / range + 2 : (red - green) / range + 4;
}

/** @param hue 0…6 @param range largest less smallest of the three */
function paint(values: Float32Array, at: number, hue: number, most: number, range: number): void {
  const least = most - range;
  const between = least + range * (1 - Math.abs((hue % 2) - 1));
  const sector = Math.floor(hue) % 6;
  values[at] = sector === 0 || sector === 5 ? most : sector === 1 || sector === 4 ? between : least;
  values[at + 1] = sector === 1 || sector === 2 ? most : sector === 0 || sector === 3 ? between : least;
  values[at + 2] = sector === 3 || sector === 4 ? most : sector === 2 || sector === 5 ? between : least;
}
