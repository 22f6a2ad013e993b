import { tf } from '#engine/backend/tensors.ts';
import type { Network } from '#engine/model/network.ts';
import type { Objective } from './objective.ts';
import type { Optimizer } from './optimizers/optimizer.ts';

/** A batch as tensors. */
export interface StepInputs {
  /** [batch, height, width, channel], 0…255, float32; or features of a frozen part */
  readonly pixels: tf.Tensor4D;
  /** [batch], int32 */
  readonly labels: tf.Tensor1D;
  /** [batch], float32: how much the loss of each image counts. */
  readonly weights: tf.Tensor1D;
}

export interface StepParts extends Objective {
  readonly network: Network;
}

/**
 * Numbers of a step in one vector, so that one read brings them all: the loss, then loss and number of right images of
 * each output, then the parts of each metric. `unpack` takes it apart.
 */
export type PackedNumbers = tf.Tensor1D;

/**
 * One training step: forward, backward, update. Its numbers are those before the update, as Keras' `fit` has them.
 * A pure function of tensors and variables, so that it can be traced into a graph.
 *
 * @param step scalar, int32, from 1
 * @param learningRate scalar
 */
export function trainingStep(
  parts: StepParts & { readonly optimizer: Optimizer },
  inputs: StepInputs,
  step: tf.Scalar,
  learningRate: tf.Scalar,
): PackedNumbers {
  const { network, optimizer } = parts;
  return tf.tidy(() => {
    const weights = network.variables.filter(({ trainable }) => trainable).map(({ variable }) => variable);
    let packed: tf.Tensor1D | undefined;
    const { grads } = tf.variableGrads(() => {
      const logits = network.allLogits(inputs.pixels, { training: true, step });
      const numbers = measured(parts, inputs, logits);
      packed = tf.keep(pack(numbers));
      return numbers.loss;
    }, weights);
    const gradients = weights.map((weight) => {
      const gradient = grads[weight.name];
      if (!gradient) throw new Error(`The loss does not depend on ${weight.name}.`);
      return gradient;
    });
    optimizer.apply(gradients, tf.cast(step, 'float32'), learningRate);
    const result = tf.clone(packed as tf.Tensor1D);
    packed?.dispose();
    return result;
  });
}

/** Forward only: dropout off, only the output that predicts. */
export function evaluationStep(parts: StepParts, inputs: StepInputs): PackedNumbers {
  return tf.tidy(() => pack(measured(parts, inputs, parts.network.allLogits(inputs.pixels, { training: false }))));
}

interface Numbers {
  readonly loss: tf.Scalar;
  readonly outputs: readonly { readonly loss: tf.Scalar; readonly correct: tf.Scalar }[];
  readonly statistics: readonly tf.Tensor1D[];
}

function measured({ network, ...objective }: StepParts, inputs: StepInputs, logits: readonly tf.Tensor2D[]): Numbers {
  const { labels, weights } = inputs;
  const [main] = logits;
  if (!main) throw new Error(`${network.spec.name} gave nothing`);
  // Keras divides by the number of images, whatever their weights: reduction "sum_over_batch_size".
  const losses = logits.map((each) => tf.mean(tf.mul(objective.loss(labels, each), weights)) as tf.Scalar);
  const parts = losses.map((loss, place) => tf.mul(loss, network.outputs[place]?.lossWeight ?? 1));
  return {
    loss: tf.addN([...parts, ...penalties(network, objective.regularizer)]) as tf.Scalar,
    outputs: logits.map((each, place) => ({ loss: losses[place] as tf.Scalar, correct: countCorrect(labels, each) })),
    statistics: objective.metrics.map((metric) => metric.statistics(labels, main)),
  };
}

/** keras.regularizers.L1L2 on every kernel. */
function penalties(network: Network, regularizer: Objective['regularizer']): tf.Tensor[] {
  if (!regularizer) return [];
  const { l1, l2 } = regularizer;
  return network.variables
    .filter(({ name }) => name.endsWith('kernel'))
    .flatMap(({ variable }) => [
      ...(l1 > 0 ? [tf.mul(tf.sum(tf.abs(variable)), l1)] : []),
      ...(l2 > 0 ? [tf.mul(tf.sum(tf.square(variable)), l2)] : []),
    ]);
}

function pack({ loss, outputs, statistics }: Numbers): PackedNumbers {
  const scalars = [loss, ...outputs.flatMap((output) => [output.loss, output.correct])];
  return tf.concat1d([tf.stack(scalars) as tf.Tensor1D, ...statistics]);
}

/** How many of the batch have their highest logit at the true class. Scalar, float32. */
export function countCorrect(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  return tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32')) as tf.Scalar;
}
