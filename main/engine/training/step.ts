import { tf } from '#engine/backend/tensors.ts';
import type { Network } from '#engine/model/network.ts';
import { countCorrect, sparseCrossEntropy } from './loss.ts';
import type { Optimizer } from './optimizers/optimizer.ts';

export interface Batch {
  /** [batch, height, width, channel], 0…255, float32 */
  readonly pixels: tf.Tensor4D;
  /** [batch], int32 */
  readonly labels: tf.Tensor1D;
}

/** Both scalars; the caller disposes them. */
export interface StepResult {
  /** Mean over the batch. */
  readonly loss: tf.Scalar;
  /** Images of the batch that were right. */
  readonly correct: tf.Scalar;
}

/**
 * One training step: forward, backward, update. Loss and accuracy are those before the update, as Keras' `fit` has
 * them. A pure function of tensors and variables, so that it can be traced into a graph.
 *
 * @param step scalar, int32, from 1
 */
export function trainingStep(
  network: Network,
  optimizer: Optimizer,
  { pixels, labels }: Batch,
  step: tf.Scalar,
): StepResult {
  return tf.tidy(() => {
    const weights = network.variables.filter(({ trainable }) => trainable).map(({ variable }) => variable);
    let correct: tf.Scalar | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const logits = network.logits(pixels, { training: true, step });
      correct = tf.keep(countCorrect(labels, logits));
      return sparseCrossEntropy(labels, logits);
    }, weights);
    const gradients = weights.map((weight) => grads[weight.name]).filter((gradient) => gradient !== undefined);
    optimizer.apply(gradients, tf.cast(step, 'float32'));
    const right = tf.clone(correct as tf.Scalar);
    correct?.dispose();
    return { loss: value, correct: right };
  }) as unknown as StepResult;
}

/** Forward only: dropout off. */
export function evaluationStep(network: Network, { pixels, labels }: Batch): StepResult {
  return tf.tidy(() => {
    const logits = network.logits(pixels, { training: false });
    return { loss: sparseCrossEntropy(labels, logits), correct: countCorrect(labels, logits) };
  }) as unknown as StepResult;
}
