import { tf } from '#engine/backend/tensors.ts';
import type { LayerSpec } from '../spec.ts';
import { activate } from './activations.ts';
import { dilate } from './dilated.ts';
import { active, biasOf, dilated, plane, slide, trained, words, wrongSetting } from './shapes.ts';
import type { Given, Written } from './written.ts';

type Pair = readonly [number, number];
type Sliding = Extract<LayerSpec, { kernelSize: unknown }>;

/** How far a window with holes reaches. */
export const reach = (kernel: Pair, rate: Pair = [1, 1]): Pair => [
  (kernel[0] - 1) * rate[0] + 1,
  (kernel[1] - 1) * rate[1] + 1,
];

const isDilated = (rate: Pair | undefined): rate is Pair => rate !== undefined && rate.some((each) => each > 1);

/** Output sides. Fails: `model/wrong-input`, `model/wrong-setting`. */
export function slideOver(layer: Exclude<Sliding, { kind: 'Conv2DTranspose' }>, input: readonly number[]) {
  const [height, width, channels] = plane(layer, input);
  const { kernelSize, strides, padding, dilationRate } = layer;
  if (isDilated(dilationRate) && strides.some((stride) => stride > 1)) {
    throw wrongSetting(layer, 'strides', '1, 1 where dilation_rate is more than 1', strides.join(', '));
  }
  if (layer.kind !== 'Conv2D' && strides[0] !== strides[1]) {
    throw wrongSetting(layer, 'strides', 'the same in both directions', strides.join(', '));
  }
  const [rows, columns] = slide(layer, [height, width], reach(kernelSize, dilationRate), strides, padding);
  return { rows, columns, channels };
}

/** Words that all have. */
const said = ({ kernelSize, padding }: Sliding, ...more: string[]) => words(kernelSize.join('×'), ...more, padding);

/** Bias and activation. */
function finish(layer: Sliding, convolved: tf.Tensor, weight: Given['weight']): tf.Tensor {
  const biased = (layer.useBias ?? true) ? tf.add(convolved, weight('bias')) : convolved;
  return activate(biased, layer.activation);
}

/** With activations or holes that tfjs' layer does not have; the others are its. */
export const conv2D: Written<'Conv2D'> = {
  facts: (layer, [input = []]) => {
    const { rows, columns, channels } = slideOver(layer, input);
    const [high, wide] = layer.kernelSize;
    const { filters, useBias, activation, dilationRate } = layer;
    return {
      outputShape: [rows, columns, filters],
      weights: [trained('kernel', [high, wide, channels, filters]), ...biasOf(useBias, filters)],
      flops: 2 * rows * columns * filters * high * wide * channels,
      settings: words(said(layer, `${filters} filters`), active(activation), dilated(dilationRate)),
    };
  },
  call: (layer, { x, weight }) => {
    const { strides, padding, dilationRate, kernelSize } = layer;
    const kernel = weight('kernel') as tf.Tensor4D;
    const convolved = isDilated(dilationRate)
      ? dilate(x as tf.Tensor4D, kernelSize, dilationRate, padding, (y) => tf.conv2d(y, kernel, 1, 'valid'))
      : tf.conv2d(x as tf.Tensor4D, kernel, [...strides], padding);
    return finish(layer, convolved, weight);
  },
  starts: ({ kernelInitializer, biasInitializer }) => ({ kernel: kernelInitializer, bias: biasInitializer }),
};

export const depthwiseConv2D: Written<'DepthwiseConv2D'> = {
  facts: (layer, [input = []]) => {
    const { rows, columns, channels } = slideOver(layer, input);
    const [high, wide] = layer.kernelSize;
    const { depthMultiplier, useBias, activation, dilationRate } = layer;
    const out = channels * depthMultiplier;
    return {
      outputShape: [rows, columns, out],
      weights: [trained('kernel', [high, wide, channels, depthMultiplier]), ...biasOf(useBias, out)],
      flops: 2 * rows * columns * out * high * wide,
      settings: words(said(layer, multiplied(depthMultiplier)), active(activation), dilated(dilationRate)),
    };
  },
  call: (layer, { x, weight }) => finish(layer, depthwise(layer, x as tf.Tensor4D, weight('kernel')), weight),
  starts: ({ depthwiseInitializer, biasInitializer }) => ({ kernel: depthwiseInitializer, bias: biasInitializer }),
};

export const separableConv2D: Written<'SeparableConv2D'> = {
  facts: (layer, [input = []]) => {
    const { rows, columns, channels } = slideOver(layer, input);
    const [high, wide] = layer.kernelSize;
    const { filters, depthMultiplier, useBias, activation, dilationRate } = layer;
    const between = channels * depthMultiplier;
    return {
      outputShape: [rows, columns, filters],
      weights: [
        trained('depthwise_kernel', [high, wide, channels, depthMultiplier]),
        trained('pointwise_kernel', [1, 1, between, filters]),
        ...biasOf(useBias, filters),
      ],
      flops: 2 * rows * columns * between * (high * wide + filters),
      settings: words(
        said(layer, `${filters} filters`, multiplied(depthMultiplier)),
        active(activation),
        dilated(dilationRate),
      ),
    };
  },
  call: (layer, { x, weight }) => {
    const between = depthwise(layer, x as tf.Tensor4D, weight('depthwise_kernel'));
    return finish(layer, tf.conv2d(between, weight('pointwise_kernel') as tf.Tensor4D, 1, 'valid'), weight);
  },
  starts: ({ depthwiseInitializer, pointwiseInitializer, biasInitializer }) => ({
    depthwise_kernel: depthwiseInitializer,
    pointwise_kernel: pointwiseInitializer,
    bias: biasInitializer,
  }),
};

export const conv2DTranspose: Written<'Conv2DTranspose'> = {
  facts: (layer, [input = []]) => {
    const [height, width, channels] = plane(layer, input);
    const { kernelSize, strides, padding, filters, useBias, activation } = layer;
    const [high, wide] = kernelSize;
    // keras/src/backend/common/backend_utils.py, compute_conv_transpose_output_shape
    const along = (axis: 0 | 1, side: number) =>
      side * strides[axis] + (padding === 'valid' ? Math.max(kernelSize[axis] - strides[axis], 0) : 0);
    return {
      outputShape: [along(0, height), along(1, width), filters],
      weights: [trained('kernel', [high, wide, filters, channels]), ...biasOf(useBias, filters)],
      flops: 2 * height * width * filters * high * wide * channels,
      settings: words(said(layer, `${filters} filters`), active(activation)),
    };
  },
  call: (layer, given) => {
    const { strides, padding, filters, kernelSize } = layer;
    const [batch = 1, height = 1, width = 1] = given.x.shape;
    const along = (axis: 0 | 1, side: number) =>
      side * strides[axis] + (padding === 'valid' ? Math.max(kernelSize[axis] - strides[axis], 0) : 0);
    const kernel = given.weight('kernel') as tf.Tensor4D;
    const shape: [number, number, number, number] = [batch, along(0, height), along(1, width), filters];
    const spread = tf.conv2dTranspose(given.x as tf.Tensor4D, kernel, shape, [...strides], padding);
    return finish(layer, spread, given.weight);
  },
  starts: ({ kernelInitializer, biasInitializer }) => ({ kernel: kernelInitializer, bias: biasInitializer }),
};

const multiplied = (depth: number) => (depth === 1 ? '' : `×${depth}`);

function depthwise(
  { strides, padding, dilationRate, kernelSize }: Extract<Sliding, { depthMultiplier: number }>,
  x: tf.Tensor4D,
  kernel: tf.Tensor,
): tf.Tensor4D {
  const filter = kernel as tf.Tensor4D;
  if (!isDilated(dilationRate)) return tf.depthwiseConv2d(x, filter, [...strides], padding);
  return dilate(x, kernelSize, dilationRate, padding, (y) => tf.depthwiseConv2d(y, filter, 1, 'valid'));
}
