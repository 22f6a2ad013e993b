import { setImmediate as breathe } from 'node:timers/promises';
import { tf } from '#engine/backend/tensors.ts';
import { softmax } from '#engine/predict/softmax.ts';
import type { ActivationMaps } from './activation-maps.ts';
import type { Asked, Subject } from './question.ts';
import type { Plane } from './heat.ts';
import type { ChosenLayer } from './layer-choice.ts';

/** Masked pictures predicted at once. */
const atOnce = 16;
const mostMaps = 512;

/**
 * Wang et al. 2020, algorithm 1: no gradient. The picture is looked at through each channel's activations (resized
 * bilinearly, stretched to 0…1), and the channel's weight is the class's score then, softmax over the channels; the score
 * of a black picture, which the paper subtracts, falls out of the softmax. Then the weighted sum, ReLU'd. Channels that are the
 * same everywhere show nothing and are left out, as are the weakest where there are more than `maps`.
 */
export async function scoreCam(
  subject: Subject,
  source: ActivationMaps,
  { name, height, width }: ChosenLayer,
  { pixels, class: index, options, watching }: Asked,
): Promise<Plane> {
  const activations = source.activations(pixels, name);
  const places = height * width;
  const channels = strongest(activations, places, options.maps ?? mostMaps);
  const scores = new Float32Array(channels.length);
  for (let first = 0; first < channels.length; first += atOnce) {
    watching.signal?.throwIfAborted();
    const masks = new Float32Array(atOnce * places);
    for (let at = 0; at < atOnce && first + at < channels.length; at++) {
      masks.set(channels[first + at] ?? [], at * places);
    }
    const logits = masked(subject, pixels, masks, [height, width]);
    for (let at = 0; at < atOnce && first + at < channels.length; at++) {
      scores[first + at] = logits[at * subject.parts.classes + index] ?? 0;
    }
    watching.progress?.(Math.min(channels.length, first + atOnce), channels.length);
    await breathe();
  }
  const weights = softmax(scores);
  const sum = new Float64Array(places);
  for (const [at, channel] of channels.entries()) {
    for (const [place, value] of channel.entries()) sum[place] = (sum[place] ?? 0) + (weights[at] ?? 0) * value;
  }
  return { height, width, values: Float32Array.from(sum, (value) => Math.max(0, value)) };
}

/** Logits of the picture behind each mask: [mask, class]. */
function masked(
  { parts, graphs }: Subject,
  pixels: Uint8Array,
  masks: Float32Array,
  places: readonly [number, number],
): Float32Array {
  const [height, width] = parts.shape;
  const run = ([image, given]: readonly tf.Tensor[]) => {
    const small = tf.expandDims(given as tf.Tensor, 3) as tf.Tensor4D;
    const wide = tf.image.resizeBilinear(small, [height, width], false, true);
    const least = tf.min(wide, [1, 2], true);
    const range = tf.sub(tf.max(wide, [1, 2], true), least);
    const stretched = tf.div(tf.sub(wide, least), tf.maximum(range, 1e-30)); // zero where a batch is not full
    return [parts.logits(tf.mul(image as tf.Tensor4D, stretched) as tf.Tensor4D)];
  };
  const inputs = [
    { name: 'pixels', type: 'uint8' as const, shape: [1, ...parts.shape] },
    { name: 'masks', type: 'float32' as const, shape: [atOnce, ...places] },
  ];
  const name = `masked_${places.join('_')}`;
  return graphs.run({ name, inputs, run }, [pixels, masks])[0] ?? new Float32Array();
}

/** Those channels of [place, channel] that differ from place to place, by their mean activation, at most `most`. */
function strongest(activations: Float32Array, places: number, most: number): Float32Array[] {
  const count = activations.length / places;
  const channels = Array.from({ length: count }, (_, channel) => {
    const values = Float32Array.from({ length: places }, (_, place) => activations[place * count + channel] ?? 0);
    return { values, sum: values.reduce((sum, value) => sum + value, 0) };
  });
  const telling = channels.filter(({ values }) => values.some((value) => value !== values[0]));
  return telling
    .sort((a, b) => b.sum - a.sum)
    .slice(0, most)
    .map(({ values }) => values);
}
