import { setImmediate as breathe } from 'node:timers/promises';
import { softmax } from '#engine/predict/softmax.ts';
import type { Asked, Subject } from './question.ts';
import type { Plane } from './heat.ts';

/** Pictures predicted at once. */
const atOnce = 8;
const grey = 128;

/**
 * Zeiler and Fergus 2014, §4.2: a grey square is put over one place after the other, and the heat of a place is how much
 * of the class's probability is gone then; where it grows, none. A square is centred on each place and cut off at the borders.
 */
export async function occlusion({ parts, logits }: Subject, asked: Asked): Promise<Plane> {
  const { pixels, class: index, options, watching } = asked;
  const [height, width, channels] = parts.shape;
  const patch = options.patch ?? Math.ceil(Math.max(height, width) / 8);
  const stride = options.stride ?? Math.max(1, Math.ceil(patch / 2));
  const rows = Math.ceil(height / stride);
  const columns = Math.ceil(width / stride);
  const values = new Float32Array(rows * columns);
  const probability = (scores: Float32Array, at: number) =>
    softmax(scores.subarray(at * parts.classes, (at + 1) * parts.classes))[index] ?? 0;
  const whole = probability(logits(pixels, 1), 0);
  const batch = new Uint8Array(atOnce * pixels.length);
  for (let first = 0; first < values.length; first += atOnce) {
    watching.signal?.throwIfAborted();
    for (let at = 0; at < atOnce; at++) {
      const copy = batch.subarray(at * pixels.length, (at + 1) * pixels.length);
      copy.set(pixels);
      const [row, column] = [Math.floor((first + at) / columns), (first + at) % columns];
      const top = Math.round((row + 0.5) * stride - patch / 2);
      const left = Math.round((column + 0.5) * stride - patch / 2);
      const [from, to] = [Math.max(0, left) * channels, Math.min(width, left + patch) * channels];
      for (let y = Math.max(0, top); y < Math.min(height, top + patch); y++) {
        copy.fill(grey, y * width * channels + from, y * width * channels + to);
      }
    }
    const scores = logits(batch, atOnce);
    for (let at = 0; at < atOnce && first + at < values.length; at++) {
      values[first + at] = Math.max(0, whole - probability(scores, at));
    }
    watching.progress?.(Math.min(values.length, first + atOnce), values.length);
    await breathe();
  }
  return { height: rows, width: columns, values };
}
