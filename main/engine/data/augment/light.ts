import type { Canvas } from './canvas.ts';

/** tf.image.adjust_brightness of an image of 0…1. @param delta of the full range */
export function brighten({ values }: Canvas, delta: number): void {
  const more = delta * 255;
  for (let at = 0; at < values.length; at++) values[at] = (values[at] ?? 0) + more;
}

/** tf.image.adjust_contrast: about the mean of each channel. */
export function contrast({ values, channels }: Canvas, factor: number): void {
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < values.length; at += channels) sum += values[at] ?? 0;
    const mean = (sum * channels) / values.length;
    for (let at = channel; at < values.length; at += channels) values[at] = ((values[at] ?? 0) - mean) * factor + mean;
  }
}

/** Keras' `apply_channel_shift`: every channel moved alike, kept within what the image had. @param intensity of 255 */
export function channelShift({ values }: Canvas, intensity: number): void {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.min(Math.max((values[at] ?? 0) + intensity, least), most);
  }
}
