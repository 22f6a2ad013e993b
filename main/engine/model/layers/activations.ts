import { tf } from '#engine/backend/tensors.ts';
import type { Activation } from '../spec.ts';

type Apply = (x: tf.Tensor) => tf.Tensor;

// One operation, which TensorFlow joins to the convolution before it.
const relu6 = (x: tf.Tensor) => tf.relu6(x);
const hardSigmoid = (x: tf.Tensor) => tf.div(relu6(tf.add(x, 3)), 6);

/** keras/src/activations/activations.py of Keras 3; tfjs' hardSigmoid is that of Keras 2. */
const functions: Readonly<Record<Activation, Apply>> = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  softmax: (x) => tf.softmax(x),
  elu: (x) => tf.elu(x),
  selu: (x) => tf.selu(x),
  // Hendrycks and Gimpel 2016; Keras' default is the exact one.
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  softplus: (x) => tf.softplus(x),
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  hard_sigmoid: hardSigmoid,
  hard_silu: (x) => tf.mul(x, hardSigmoid(x)),
  relu6,
  leaky_relu: (x) => leaky(x, 0.2),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  exponential: (x) => tf.exp(x),
};

export function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  return functions[activation](x);
}

/** x where it is positive, slope · x elsewhere. */
export function leaky(x: tf.Tensor, slope: number): tf.Tensor {
  return tf.sub(tf.relu(x), tf.mul(tf.relu(tf.neg(x)), slope));
}
