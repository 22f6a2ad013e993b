import { setImmediate as breathe } from 'node:timers/promises';
import { tf } from '#engine/backend/tensors.ts';
import { generator } from '#engine/data/random.ts';
import { normal } from '#engine/model/initial-weights.ts';
import type { Asked } from './question.ts';
import { refuseEndless, type Graphs } from './graphs.ts';
import type { Plane } from './heat.ts';
import type { NetworkParts } from './network-parts.ts';
import { gradientOf } from './scores.ts';

/** Pictures differentiated at once; more take longer to compile than they save. */
const atOnce = 4;

/** Gradients of a class's score by pixels, through the whole network. */
export class PixelGradients {
  readonly parts: NetworkParts;
  readonly #graphs: Graphs;

  constructor(parts: NetworkParts, graphs: Graphs) {
    this.parts = parts;
    this.#graphs = graphs;
  }

  /**
   * Mean of ∂score/∂pixel over pictures that are made as they are needed.
   *
   * @param make writes picture `at` [height, width, channel], in levels of 0…255
   * @returns [height, width, channel]
   */
  async mean(count: number, { class: index, watching }: Asked, make: (at: number, into: Float32Array) => void) {
    refuseEndless(this.parts.flops() * count);
    const size = this.parts.shape.reduce((product, side) => product * side, 1);
    const sum = new Float64Array(size);
    const batch = Math.min(atOnce, count);
    for (let first = 0; first < count; first += batch) {
      watching.signal?.throwIfAborted();
      const pictures = new Float32Array(batch * size);
      // The last batch is filled up with pictures that count nothing.
      const shares = Float32Array.from({ length: batch }, (_, at) => (first + at < count ? 1 / count : 0));
      for (let at = 0; at < batch && first + at < count; at++) {
        make(first + at, pictures.subarray(at * size, (at + 1) * size));
      }
      const gradient = this.#run(pictures, shares, index);
      gradient.forEach((value, at) => (sum[at] = (sum[at] ?? 0) + value));
      watching.progress?.(Math.min(count, first + batch), count);
      if (count > batch) await breathe();
    }
    return sum;
  }

  /** Σ share · ∂score/∂pixel. */
  #run(pictures: Float32Array, shares: Float32Array, index: number): Float32Array {
    const batch = shares.length;
    const run = ([given, parts, classes]: readonly tf.Tensor[]) => {
      const images = given as tf.Tensor4D;
      const { gradient } = gradientOf(images, classes as tf.Tensor1D, (x) => this.parts.logits(x));
      return [tf.sum(tf.mul(gradient, tf.reshape(parts as tf.Tensor, [batch, 1, 1, 1])), 0)];
    };
    const inputs = [
      { name: 'pictures', type: 'float32' as const, shape: [batch, ...this.parts.shape] },
      { name: 'shares', type: 'float32' as const, shape: [batch] },
      { name: 'classes', type: 'int32' as const, shape: [batch] },
    ];
    const classes = new Int32Array(batch).fill(index);
    return this.#graphs.run({ name: `gradients_${batch}`, inputs, run }, [pictures, shares, classes])[0] ?? pictures;
  }
}

/** Simonyan et al. 2014, §3.1: the largest |∂score/∂pixel| of the channels. */
export async function plainGradients(gradients: PixelGradients, asked: Asked): Promise<Plane> {
  const mean = await gradients.mean(1, asked, (_, into) => into.set(asked.pixels));
  return largestOfChannels(gradients, mean);
}

/**
 * Smilkov et al. 2017, equation 2: the mean gradient of copies with normal noise, its deviation a part of the picture's
 * own range; then as plain gradients.
 */
export async function smoothGradients(gradients: PixelGradients, asked: Asked): Promise<Plane> {
  const { pixels, options } = asked;
  const { samples = 25, noise = 0.15, seed = 0 } = options;
  const least = pixels.reduce((a, b) => Math.min(a, b), 255);
  const most = pixels.reduce((a, b) => Math.max(a, b), 0);
  const deviation = noise * (most - least);
  const next = normal(generator(seed, samples));
  const mean = await gradients.mean(samples, asked, (_, into) => {
    for (const [at, level] of pixels.entries()) into[at] = level + deviation * next();
  });
  return largestOfChannels(gradients, mean);
}

/**
 * Sundararajan et al. 2017, equation 1: each pixel's share of what distinguishes the score from that of a black picture,
 * x · ∫ ∂score(αx)/∂x dα, by the middle of each step. Channels summed; what speaks against the class is cut off.
 */
export async function integratedGradients(gradients: PixelGradients, asked: Asked): Promise<Plane> {
  const { height, width, values } = await attributions(gradients, asked);
  return { height, width, values: values.map((value) => Math.max(0, value)) };
}

/** The same with its signs: it sums up to score(picture) − score(black). */
export async function attributions(gradients: PixelGradients, asked: Asked): Promise<Plane> {
  const { pixels, options } = asked;
  const { steps = 32 } = options;
  const mean = await gradients.mean(steps, asked, (step, into) => {
    const part = (step + 0.5) / steps;
    for (const [at, level] of pixels.entries()) into[at] = level * part;
  });
  return overChannels(
    gradients,
    (at) => (pixels[at] ?? 0) * (mean[at] ?? 0),
    (sum, value) => sum + value,
  );
}

const largestOfChannels = (gradients: PixelGradients, mean: Float64Array) =>
  overChannels(gradients, (at) => Math.abs(mean[at] ?? 0), Math.max);

function overChannels(
  { parts: { shape } }: PixelGradients,
  value: (at: number) => number,
  join: (a: number, b: number) => number,
): Plane {
  const [height, width, channels] = shape;
  const values = new Float32Array(height * width);
  for (let place = 0; place < values.length; place++) {
    let joined = value(place * channels);
    for (let channel = 1; channel < channels; channel++) joined = join(joined, value(place * channels + channel));
    values[place] = joined;
  }
  return { height, width, values };
}
