import { tf } from '#engine/backend/tensors.ts';
import { tensorflowBackend } from '#engine/backend/tensorflow.ts';
import { generator } from '#engine/data/random.ts';
import { normal } from './initial-weights.ts';

/**
 * Numbers 0 ≤ x < 1, decided by (key, step) alone: the same pair gives the same numbers, another step others.
 * On TensorFlow the native op StatelessRandomUniform (Philox; Salmon et al., SC11), which a compiled graph can hold;
 * elsewhere our own generator, so that the two kinds of engine draw different numbers.
 *
 * @param step scalar, int32
 */
export function statelessUniform(shape: number[], key: number, step: tf.Scalar): tf.Tensor {
  if (tf.getBackend() === 'tensorflow') return native(tensorflowBackend(), 'StatelessRandomUniform', shape, key, step);
  const next = generator(key, step.dataSync()[0] ?? 0);
  const size = shape.reduce((sum, side) => sum * side, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => (next() >>> 8) / 2 ** 24),
    shape,
  );
}

/** The same of a normal distribution: mean 0, deviation 1. */
export function statelessNormal(shape: number[], key: number, step: tf.Scalar): tf.Tensor {
  if (tf.getBackend() === 'tensorflow') return native(tensorflowBackend(), 'StatelessRandomNormal', shape, key, step);
  const next = normal(generator(key, step.dataSync()[0] ?? 0));
  const size = shape.reduce((sum, side) => sum * side, 1);
  return tf.tensor(Float32Array.from({ length: size }, next), shape);
}

function native(
  backend: ReturnType<typeof tensorflowBackend>,
  op: 'StatelessRandomUniform' | 'StatelessRandomNormal',
  shape: number[],
  key: number,
  step: tf.Scalar,
): tf.Tensor {
  return tf.tidy(() => {
    const { binding } = backend;
    const seed = tf.stack([tf.scalar(key | 0, 'int32'), step]);
    const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
    const attributes = [type('dtype', binding.TF_FLOAT), type('T', binding.TF_INT32), type('Tseed', binding.TF_INT32)];
    const inputs = [tf.tensor1d(shape, 'int32'), seed];
    const [output] = backend.executeMultipleOutputs(op, attributes, inputs, 1);
    if (!output) throw new Error(`${op} gave nothing`);
    return output as tf.Tensor; // already registered with the engine, whatever its type says
  });
}
