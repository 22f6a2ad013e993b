import { turnRound, type Canvas } from './canvas.ts';

/** tf.image.flip_left_right. */
export function flipLeftRight({ values, height, width, channels }: Canvas): void {
  for (let row = 0; row < height; row++) {
    let left = row * width * channels;
    let right = left + (width - 1) * channels;
    for (; left < right; left += channels, right -= channels) {
      for (let channel = 0; channel < channels; channel++) {
        const kept = values[left + channel] ?? 0;
        values[left + channel] = values[right + channel] ?? 0;
        values[right + channel] = kept;
      }
    }
  }
}

/** tf.image.flip_up_down. */
export function flipUpDown(canvas: Canvas): void {
  const { values, spare, height, width, channels } = canvas;
  const line = width * channels;
  for (let row = 0; row < height; row++) {
    spare.set(values.subarray(row * line, (row + 1) * line), (height - 1 - row) * line);
  }
  turnRound(canvas);
}

/** A crop of the image's own size out of the image with zeros around it. @param top of the crop in the padded image */
export function cropPadded(canvas: Canvas, padding: number, top: number, left: number): void {
  const { values, spare, height, width, channels } = canvas;
  const [down, right] = [top - padding, left - padding];
  const from = Math.max(0, right);
  const to = Math.min(width, width + right);
  spare.fill(0);
  for (let row = Math.max(0, -down); row < height && row + down < height && from < to; row++) {
    const line = (row + down) * width;
    spare.set(
      values.subarray((line + from) * channels, (line + to) * channels),
      (row * width + from - right) * channels,
    );
  }
  turnRound(canvas);
}

export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** tf.image.resize of the window to the image's own size: bilinear, half-pixel centres, no antialiasing. */
export function cropAndResize(canvas: Canvas, { top, left, height, width }: Window): void {
  const { values, spare, channels } = canvas;
  const rows = stops(top, height, canvas.height);
  const columns = stops(left, width, canvas.width);
  let at = 0;
  for (const { first: row0, second: row1, part: down } of rows) {
    for (const { first, second, part } of columns) {
      const topLeft = (row0 * canvas.width + first) * channels;
      const topRight = (row0 * canvas.width + second) * channels;
      const bottomLeft = (row1 * canvas.width + first) * channels;
      const bottomRight = (row1 * canvas.width + second) * channels;
      for (let channel = 0; channel < channels; channel++, at++) {
        const a = values[topLeft + channel] ?? 0;
        const b = values[bottomLeft + channel] ?? 0;
        const above = a + ((values[topRight + channel] ?? 0) - a) * part;
        const below = b + ((values[bottomRight + channel] ?? 0) - b) * part;
        spare[at] = above + (below - above) * down;
      }
    }
  }
  turnRound(canvas);
}

/** Between which two lines of the window each line of the result lies, and how far from the first, 0…1. */
function stops(from: number, window: number, size: number) {
  return Array.from({ length: size }, (_, line) => {
    const place = ((line + 0.5) * window) / size - 0.5;
    const below = Math.floor(place);
    const within = (index: number) => from + Math.min(Math.max(index, 0), window - 1);
    return { first: within(below), second: within(below + 1), part: place - below };
  });
}
