import { tf } from '#engine/backend/tensors.ts';

/** How much each channel of a layer speaks for the class: [batch, 1, 1, channel]. */
type ChannelWeights = (activations: tf.Tensor4D, gradient: tf.Tensor4D) => tf.Tensor4D;

/** Selvaraju et al. 2017, equation 1: the gradient's mean over the places. */
const gradCam: ChannelWeights = (_, gradient) => tf.mean(gradient, [1, 2], true);

/**
 * Chattopadhyay et al. 2018, equations 10 to 12 and 19, for Y = exp(S): with g = ∂S/∂A all derivatives of Y are exp(S) times
 * powers of g, and exp(S) falls out of α and out of the map's division by its maximum, so it is left off:
 * α = g² / (2g² + g³ · Σ A), weight = Σ α · relu(g), sums over the places. Where g is 0, so is α.
 */
const gradCamPlusPlus: ChannelWeights = (activations, gradient) => {
  const square = tf.square(gradient);
  const sums = tf.sum(activations, [1, 2], true);
  const below = tf.add(tf.mul(square, 2), tf.mul(tf.mul(square, gradient), sums));
  const none = tf.equal(below, 0);
  const alpha = tf.where(none, tf.zerosLike(square), tf.div(square, tf.where(none, tf.onesLike(below), below)));
  return tf.sum(tf.mul(alpha, tf.relu(gradient)), [1, 2], true);
};

export const channelWeights = { 'grad-cam': gradCam, 'grad-cam++': gradCamPlusPlus } as const;

/** The channels' weighted sum, what speaks against the class cut off (equation 2 of Grad-CAM): [batch, height, width]. */
export function activationMap(activations: tf.Tensor4D, weights: tf.Tensor4D): tf.Tensor3D {
  return tf.relu(tf.sum(tf.mul(activations, weights), 3)) as tf.Tensor3D;
}
