import { tf } from '#engine/backend/tensors.ts';

type Pair = readonly [number, number];

/**
 * A convolution whose window has holes. TensorFlow's own on a processor has no gradient for it, so it takes the way that
 * tf.nn.atrous_conv2d takes: every rate-th row and column makes an image of its own (space to batch), the dense window
 * goes over those, and they are put together again.
 *
 * @param x [batch, height, width, channel]
 * @param convolve with padding `valid` and strides of 1
 */
export function dilate(
  x: tf.Tensor4D,
  window: Pair,
  rate: Pair,
  padding: 'same' | 'valid',
  convolve: (x: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  const sides = [0, 1].map((axis) => {
    const length = x.shape[axis + 1] ?? 1;
    const each = rate[axis] ?? 1;
    const beside = padding === 'same' ? ((window[axis] ?? 1) - 1) * each : 0;
    const before = Math.floor(beside / 2);
    const more = (each - ((length + beside) % each)) % each; // until the rate divides it
    return { paddings: [before, beside - before + more], crops: [0, more] };
  });
  const apart = tf.spaceToBatchND(
    x,
    [...rate],
    sides.map(({ paddings }) => paddings),
  );
  return tf.batchToSpaceND(
    convolve(apart),
    [...rate],
    sides.map(({ crops }) => crops),
  );
}
