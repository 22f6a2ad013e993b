import { tf } from '#engine/backend/tensors.ts';
import { leaky } from './activations.ts';
import { plain, trained, wrongSetting } from './shapes.ts';
import type { Written } from './written.ts';

/** keras/src/backend/common: max_value where x is above it, slope · (x − threshold) below the threshold. */
export const relu: Written<'ReLU'> = {
  facts: ({ maxValue, negativeSlope, threshold }, [input = []]) =>
    plain(
      input,
      [
        ...(maxValue === undefined ? [] : [`≤ ${maxValue}`]),
        ...(negativeSlope === 0 ? [] : [`slope ${negativeSlope}`]),
        ...(threshold === 0 ? [] : [`threshold ${threshold}`]),
      ].join(', '),
    ),
  call: ({ maxValue, negativeSlope, threshold }, { x }) => {
    // One operation, which TensorFlow joins to the convolution before it.
    if (maxValue === 6 && negativeSlope === 0 && threshold === 0) return tf.relu6(x);
    const below = negativeSlope === 0 ? null : tf.mul(tf.relu(tf.sub(threshold, x)), negativeSlope);
    const kept = threshold === 0 ? tf.relu(x) : tf.mul(x, tf.step(tf.sub(x, threshold)));
    const capped = maxValue === undefined ? kept : tf.clipByValue(kept, 0, maxValue);
    return below ? tf.sub(capped, below) : capped;
  },
};

export const leakyReLU: Written<'LeakyReLU'> = {
  facts: ({ negativeSlope }, [input = []]) => plain(input, `slope ${negativeSlope}`),
  call: ({ negativeSlope }, { x }) => leaky(x, negativeSlope),
};

/** He et al. 2015, equation 1: a slope of its own for each value, learnt. */
export const pReLU: Written<'PReLU'> = {
  facts: (layer, [input = []]) => {
    const { sharedAxes } = layer;
    if (sharedAxes.some((axis) => axis > input.length)) {
      throw wrongSetting(layer, 'shared_axes', `axes up to ${input.length}`, sharedAxes.join(', '));
    }
    const shape = input.map((side, axis) => (sharedAxes.includes(axis + 1) ? 1 : side));
    const settings = sharedAxes.length > 0 ? `shared axes ${sharedAxes.join(', ')}` : '';
    return { ...plain(input, settings), weights: [trained('alpha', shape)] };
  },
  // As Keras: relu(x) − α · relu(−x).
  call: (_, { x, weight }) => tf.sub(tf.relu(x), tf.mul(weight('alpha'), tf.relu(tf.neg(x)))),
  starts: ({ alphaInitializer }) => ({ alpha: alphaInitializer }),
};

/** Clevert et al. 2016: α(eˣ − 1) for negative x. */
export const elu: Written<'ELU'> = {
  facts: ({ alpha }, [input = []]) => plain(input, `α ${alpha}`),
  call: ({ alpha }, { x }) => {
    if (alpha === 1) return tf.elu(x);
    // Of the positive only its zero comes back: no overflow, and no gradient from there.
    const negative = tf.neg(tf.relu(tf.neg(x)));
    return tf.add(tf.relu(x), tf.mul(tf.expm1(negative), alpha));
  },
};
