import { AppError } from '#contract/failures.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { Network } from '#engine/model/network.ts';
import { busy } from '#engine/pulse.ts';
import type { InputSize } from './picture.ts';

/** Height, width and channels of the images a network takes. */
export function inputSize(network: Network): InputSize {
  const [, height, width, channels] = network.layers.inputs[0]?.shape ?? [];
  if (!height || !width || !channels) {
    throw new AppError('model/wrong-input', 'The network does not say how large its images are.', {
      expected: 'height×width×channels',
      received: 'none',
    });
  }
  return { height, width, channels };
}

/**
 * One forward pass; leaves no tensor behind.
 *
 * @param pixels [count, height, width, channel], 0…255
 * @returns [count, class]
 * Fails: `model/wrong-input`.
 */
export function logitsOf(network: Network, pixels: Float32Array, count: number): Float32Array {
  const { height, width, channels } = inputSize(network);
  if (pixels.length !== count * height * width * channels) {
    const received = `${pixels.length / count} values`;
    const expected = `${height}×${width}×${channels}`;
    throw new AppError('model/wrong-input', `The network takes images of ${expected}; received ${received}.`, {
      expected,
      received,
    });
  }
  const done = busy('prediction'); // the first on a new GPU compiles for minutes, plain JavaScript takes seconds
  try {
    return tf.tidy(() => {
      const images = tf.tensor4d(pixels, [count, height, width, channels], 'float32');
      return network.logits(images, { training: false }).dataSync<'float32'>();
    });
  } finally {
    done();
  }
}
