import { tf } from '#engine/backend/tensors.ts';
import type { Preprocessing } from './spec.ts';

/** Of each channel, over the images a run trains on; 0…255. */
export interface PixelStatistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** What is done to pixels before the first layer. */
export type Pixels = { readonly kind: Preprocessing } | ({ readonly kind: 'standardize' } & PixelStatistics);

/** What ImageDataGenerator adds to a deviation before it divides by it. */
const epsilon = 1e-6;

/** ImageNet's, of blue, green, red; keras/src/applications/imagenet_utils.py. */
export const caffeMeans = [103.939, 116.779, 123.68] as const;
/** ImageNet's, of red, green, blue, 0…1; the same file. */
export const torch = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** @param images [batch, height, width, channel], 0…255, float32 */
export function prepare(images: tf.Tensor4D, pixels: Pixels): tf.Tensor4D {
  switch (pixels.kind) {
    case 'none':
      return images;
    case 'divide-255':
      return tf.div(images, 255);
    case 'minus-one-to-one':
      return tf.sub(tf.div(images, 127.5), 1);
    case 'caffe':
      return tf.sub(tf.reverse(images, -1), tf.tensor1d([...caffeMeans]));
    case 'torch': {
      const { mean, deviation } = torch;
      return tf.div(tf.sub(tf.div(images, 255), tf.tensor1d([...mean])), tf.tensor1d([...deviation]));
    }
    case 'lite':
      return tf.div(tf.sub(images, 127), 128);
    case 'standardize': {
      const deviation = tf.tensor1d(pixels.deviation.map((each) => each + epsilon));
      return tf.div(tf.sub(images, tf.tensor1d([...pixels.mean])), deviation);
    }
  }
}
