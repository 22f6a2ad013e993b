import { differentiating } from '#engine/backend/javascript.ts';
import { tf } from '#engine/backend/tensors.ts';

/** What a graph tells of a batch beside the maps. */
export interface Scored {
  /** [batch, class], before softmax. */
  readonly logits: tf.Tensor2D;
  /** [batch, …] as the input: ∂score/∂input of each picture's own class. */
  readonly gradient: tf.Tensor4D;
}

/**
 * Gradients of the pictures' class scores, each of its own: summed, they do not mix, since no picture has an influence on
 * another's score in inference mode.
 *
 * @param classes int32 [batch]; −1 = the most probable
 */
export function gradientOf(
  input: tf.Tensor4D,
  classes: tf.Tensor1D,
  logitsOf: (input: tf.Tensor4D) => tf.Tensor2D,
): Scored {
  let logits: tf.Tensor2D | null = null;
  const score = (x: tf.Tensor) => {
    const all = logitsOf(x as tf.Tensor4D);
    logits = tf.keep(all.clone());
    return tf.sum(tf.mul(all, chosen(all, classes))) as tf.Scalar;
  };
  const gradient = differentiating(() => tf.grad(score)(input)) as tf.Tensor4D;
  const kept = logits as tf.Tensor2D | null;
  if (!kept) throw new Error('No score was computed.');
  const result = { logits: kept.clone(), gradient };
  kept.dispose();
  return result;
}

/** One where the class is, [batch, class]. Which class is most probable has no gradient. */
function chosen(logits: tf.Tensor2D, classes: tf.Tensor1D): tf.Tensor2D {
  const pick = tf.customGrad((given) => {
    const best = tf.argMax(given as tf.Tensor, 1) as tf.Tensor1D;
    const index = tf.where(tf.greaterEqual(classes, 0), classes, tf.cast(best, 'int32'));
    const value = tf.cast(tf.oneHot(index as tf.Tensor1D, logits.shape[1]), 'float32') as tf.Tensor2D;
    return { value, gradFunc: () => tf.zeros(logits.shape) };
  });
  return pick(logits);
}
