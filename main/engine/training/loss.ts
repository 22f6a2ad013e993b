import { tf } from '#engine/backend/tensors.ts';

/**
 * Sparse categorical cross-entropy from logits, mean over the batch; natural logarithm.
 * keras.losses.SparseCategoricalCrossentropy(from_logits=True), to which Keras also turns a final softmax.
 *
 * @param labels [batch], int32
 * @param logits [batch, class]
 */
export function sparseCrossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const chosen = tf.oneHot(labels, logits.shape[1], 1, 0, 'float32');
    return tf.neg(tf.mean(tf.sum(tf.mul(chosen, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  });
}

/** How many of the batch have their highest logit at the true class. Scalar, float32. */
export function countCorrect(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32')) as tf.Scalar);
}
