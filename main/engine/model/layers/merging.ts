import { tf } from '#engine/backend/tensors.ts';
import type { LayerKind } from '../spec.ts';
import { joinedShape, plain, pooled } from './shapes.ts';
import type { Written } from './written.ts';

/** Layers that join inputs value by value: keras.layers of that name. */
function merging<K extends LayerKind>(merge: (inputs: readonly tf.Tensor[]) => tf.Tensor): Written<K> {
  return { facts: (layer, inputs) => plain(joinedShape(layer, inputs)), call: (_, { inputs }) => merge(inputs) };
}

const fold = (join: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) => (inputs: readonly tf.Tensor[]) =>
  inputs.reduce((a, b) => join(a, b));

export const multiply = merging<'Multiply'>(fold((a, b) => tf.mul(a, b)));
export const average = merging<'Average'>((inputs) => tf.div(fold((a, b) => tf.add(a, b))(inputs), inputs.length));
export const maximum = merging<'Maximum'>(fold((a, b) => tf.maximum(...alike(a, b))));
export const minimum = merging<'Minimum'>(fold((a, b) => tf.minimum(...alike(a, b))));

/** Both as large as what comes out: the gradients that tfjs has of these two are of its size. */
function alike(a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const joined = a.shape.map((side, axis) => Math.max(side, b.shape[axis] ?? 1));
  const [first = a, second = b] = [a, b].map((x) =>
    x.shape.join() === joined.join() ? x : tf.add(x, tf.zeros(joined)),
  );
  return [first, second];
}

export const subtract: Written<'Subtract'> = {
  facts: (layer, inputs) => plain(joinedShape(layer, inputs)),
  call: (_, { inputs: [a, b] }) => {
    if (!a || !b) throw new Error('Subtract takes two inputs');
    return tf.sub(a, b);
  },
};

/** The greatest value of each channel. */
export const globalMaxPooling2D: Written<'GlobalMaxPooling2D'> = {
  facts: (layer, [input = []]) => plain(pooled(layer, input)),
  call: ({ keepDims }, { x }) => (keepDims ? asPlace(greatest(x)) : greatest(x)),
};

/** The mean of each channel as an image of one place; tfjs has the other. */
export const globalAveragePooling2D: Written<'GlobalAveragePooling2D'> = {
  facts: (layer, [input = []]) => plain(pooled(layer, input)),
  call: ({ keepDims }, { x }) => tf.mean(x, [1, 2], keepDims ?? false),
};

function asPlace(values: tf.Tensor): tf.Tensor {
  const [batch = 1, channels = 1] = values.shape;
  return tf.reshape(values, [batch, 1, 1, channels]);
}

/** TensorFlow shares the gradient out where several places are greatest; tfjs gives each the whole of it. */
const greatest = tf.customGrad((...given) => {
  const x = given[0] as tf.Tensor;
  const save = given[1] as unknown as tf.GradSaveFunc;
  save([x]);
  const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) => {
    const at = saved as tf.Tensor;
    const chosen = tf.cast(tf.equal(at, tf.max(at, [1, 2], true)), 'float32');
    const [batch = 1, channels = 1] = dy.shape;
    const share = tf.div(tf.reshape(dy, [batch, 1, 1, channels]), tf.sum(chosen, [1, 2], true));
    return tf.mul(chosen, share);
  };
  return { value: tf.max(x, [1, 2]), gradFunc };
});
