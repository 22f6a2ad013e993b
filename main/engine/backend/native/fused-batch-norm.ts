import { tf } from '../tensors.ts';
import { tensorflowBackend } from '../tensorflow.ts';

/** What normalization of a batch gives; mean and variance are those of the batch, [channel]. */
export interface Normalized {
  readonly output: tf.Tensor4D;
  readonly mean: tf.Tensor1D;
  /** Of the batch as it is (divided by n), as Keras keeps it. */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch normalization in training: γ·(x − mean)/√(variance + ε) + β over all but the channel (Ioffe and Szegedy 2015).
 * One operation forward and one backward (FusedBatchNormV3, FusedBatchNormGradV3: tensorflow/core/ops/nn_ops.cc), where
 * tfjs takes some forty. Only on TensorFlow.
 *
 * @param x [batch, height, width, channel]
 */
export function fusedBatchNorm(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalized {
  let statistics: tf.Tensor1D[] = [];
  const normalize = tf.customGrad((...given) => {
    const [input, scale, offset] = given as tf.Tensor[] as [tf.Tensor, tf.Tensor, tf.Tensor];
    const save = given[3] as unknown as tf.GradSaveFunc;
    const empty = tf.tensor1d([]);
    const average = { name: 'exponential_avg_factor', type: floatKind(), value: 1 };
    const inputs = [input, scale, offset, empty, empty];
    const [output, mean, variance, ...reserved] = run('FusedBatchNormV3', epsilon, true, inputs, 6, [average]);
    if (!output || !mean || !variance) throw new Error('FusedBatchNormV3 gave nothing.');
    statistics = [tf.keep(mean), tf.keep(variance)] as tf.Tensor1D[];
    save([input, scale, ...reserved]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const gradients = run('FusedBatchNormGradV3', epsilon, true, [dy, ...saved], 5);
      return gradients.slice(0, 3);
    };
    return { value: output, gradFunc };
  });
  const output = normalize(x, gamma, beta) as tf.Tensor4D;
  const [mean, unbiased] = statistics as [tf.Tensor1D, tf.Tensor1D];
  const values = x.size / (gamma.size || 1);
  // TensorFlow divides by n − 1.
  const result = tf.tidy(() => [tf.clone(mean), tf.mul(unbiased, values > 1 ? (values - 1) / values : 1)] as const);
  tf.dispose(statistics);
  return { output, mean: result[0], variance: result[1] as tf.Tensor1D };
}

/**
 * The same with moving mean and variance, of which only the images have a gradient: in inference, and where the layer is
 * frozen, nothing else is learnt. One operation, which a graph can join to others; the gradient takes nothing of the
 * images, so that a graph with both may still fold the normalization into the convolution before it.
 */
export function inferenceBatchNorm(
  x: tf.Tensor4D,
  parts: Record<'gamma' | 'beta' | 'mean' | 'variance', tf.Tensor>,
  epsilon: number,
): tf.Tensor4D {
  const { gamma, beta, mean, variance } = parts;
  const normalize = tf.customGrad((...given) => {
    const [input, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [output] = run('FusedBatchNormV3', epsilon, false, [input, gamma, beta, mean, variance], 6);
    if (!output) throw new Error('FusedBatchNormV3 gave nothing.');
    save([gamma, variance]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [scale, spread] = saved as [tf.Tensor, tf.Tensor];
      return tf.mul(dy, tf.mul(scale, tf.rsqrt(tf.add(spread, epsilon))));
    };
    return { value: output, gradFunc };
  });
  return normalize(x) as tf.Tensor4D;
}

interface NativeAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean;
}

const floatKind = () => tensorflowBackend().binding.TF_ATTR_FLOAT;

function run(
  op: string,
  epsilon: number,
  training: boolean,
  inputs: tf.Tensor[],
  outputs: number,
  more: readonly NativeAttribute[] = [],
): tf.Tensor[] {
  const backend = tensorflowBackend();
  const { binding } = backend;
  const attributes: NativeAttribute[] = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: training },
    ...more,
  ];
  // Registered with the engine already, whatever the type says.
  return backend.executeMultipleOutputs(op, attributes as never, inputs, outputs) as tf.Tensor[];
}
