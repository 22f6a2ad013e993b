import type { Shape } from '../../layers/shapes.ts';
import type { NamedValues } from '../../safetensors.ts';
import type { Activation, LayerKind, LayerOf } from '../../spec.ts';
import type { PixelNormalization } from '../keras/writing/pixel-layer.ts';
import { cannotWrite, type PlannedLayer, type WritableLayer, type WritingPlan } from '../keras/writing/plan.ts';

/** A layer of tfjs-layers 4.22, with Keras 2's names of arguments. */
export interface TfjsLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly string[];
  /** In the layer's own order; names without the layer's. */
  readonly weights: readonly NamedValues[];
}

/** One layer in the making. */
export interface Making {
  readonly planned: PlannedLayer;
  readonly plan: WritingPlan;
  /** What it takes from, as those layers are called in the file. */
  readonly inputs: readonly string[];
  /** A name that no layer has, for one beside it. */
  free(): string;
}

type Made = readonly TfjsLayer[];
type Kinds = { readonly [K in LayerKind]: (layer: LayerOf<K>, making: Making) => Made } & {
  readonly PixelNormalization: (layer: PixelNormalization, making: Making) => Made;
};

/** Activations of tfjs that are Keras 3's of that name; its `hardSigmoid` is another. */
const activations: Readonly<Partial<Record<Activation, string>>> = {
  ...{ linear: 'linear', relu: 'relu', relu6: 'relu6', softmax: 'softmax', elu: 'elu', selu: 'selu', gelu: 'gelu' },
  ...{ silu: 'swish', tanh: 'tanh', sigmoid: 'sigmoid', softplus: 'softplus', softsign: 'softsign', mish: 'mish' },
};

const refuse = (layer: WritableLayer, why: string): never => {
  throw cannotWrite('tfjs', layer.name, why);
};

function valuesOf({ planned, plan }: Making, rename: Readonly<Record<string, string>> = {}): NamedValues[] {
  return planned.weights.map((weight) => ({
    ...plan.values(planned, weight),
    name: rename[weight.name] ?? weight.name,
  }));
}

/** The layer itself, and what its activation needs after it. */
function computed(
  making: Making,
  className: string,
  config: Readonly<Record<string, unknown>>,
  activation: Activation,
  weights: readonly NamedValues[] = [],
): Made {
  const { layer } = making.planned;
  const known = activations[activation];
  const own = { className, name: layer.name, inputs: making.inputs, weights };
  const base: TfjsLayer = { ...own, config: { ...config, activation: known ?? 'linear' } };
  return known ? [base] : [base, ...activated(making, activation, layer.name)];
}

/** What tfjs has no activation for, made of layers that it has. */
function activated(making: Making, activation: Activation, from: string): Made {
  const one = (className: string, config: object, inputs: readonly string[]): TfjsLayer => ({
    ...{ className, name: making.free(), config: { ...config }, inputs, weights: [] },
  });
  if (activation === 'leaky_relu') return [one('LeakyReLU', { alpha: 0.2 }, [from])];
  if (activation === 'exponential') return refuse(making.planned.layer, 'TensorFlow.js has no exponential activation');
  // relu6(x + 3) / 6
  const scaled = one('Rescaling', { scale: 1 / 6, offset: 0.5 }, [from]);
  const clipped = one('ReLU', { max_value: 1 }, [scaled.name]);
  if (activation === 'hard_sigmoid') return [scaled, clipped];
  return [scaled, clipped, one('Multiply', {}, [from, clipped.name])];
}

const plain = (making: Making, className: string, config: object = {}, weights: readonly NamedValues[] = []): Made => [
  { className, name: making.planned.layer.name, config: { ...config }, inputs: making.inputs, weights },
];

const last = { data_format: 'channels_last' };
const sliding = (layer: { strides: readonly number[]; padding: string }) => ({
  ...{ strides: layer.strides, padding: layer.padding },
  ...last,
});
const pool =
  (className: string) =>
  (layer: { poolSize: readonly number[]; strides: readonly number[]; padding: string }, making: Making) =>
    plain(making, className, { pool_size: layer.poolSize, ...sliding(layer) });
const merge = (className: string) => (_: unknown, making: Making) => plain(making, className);
const isDilated = (rate: readonly number[] | undefined) => rate?.some((each) => each > 1) ?? false;

/** x · scale + offset of each channel. */
function perChannel(making: Making, scale: readonly number[], offset: readonly number[]): Made {
  const { planned } = making;
  if (planned.outputShape.length !== 3) return refuse(planned.layer, 'TensorFlow.js has no Normalization of rows');
  const config = { kernel_size: [1, 1], strides: [1, 1], padding: 'valid', ...last, depth_multiplier: 1 };
  const weights = [
    { name: 'depthwise_kernel', shape: [1, 1, scale.length, 1], values: Float32Array.from(scale) },
    { name: 'bias', shape: [scale.length], values: Float32Array.from(offset) },
  ];
  return plain(
    making,
    'DepthwiseConv2D',
    { ...config, use_bias: true, activation: 'linear', trainable: false },
    weights,
  );
}

function normalized(making: Making, mean: readonly number[], variance: readonly number[]): Made {
  const scale = variance.map((each) => 1 / Math.max(Math.sqrt(each), 1e-7)); // Keras' epsilon
  return perChannel(
    making,
    scale,
    mean.map((each, channel) => -each * (scale[channel] ?? 1)),
  );
}

function pooledOver(making: Making, className: string, keepDims: boolean | undefined): Made {
  const { planned } = making;
  const pooled = plain(making, className, last);
  if (!keepDims) return pooled;
  return [...pooled, shaped(making.free(), planned.layer.name, planned.outputShape)];
}

const shaped = (name: string, from: string, shape: Shape): TfjsLayer => ({
  ...{ className: 'Reshape', name, config: { target_shape: shape }, inputs: [from], weights: [] },
});

const kinds: Kinds = {
  Conv2D: (layer, making) => {
    const { filters, kernelSize, dilationRate = [1, 1], useBias = true } = layer;
    const config = { filters, kernel_size: kernelSize, ...sliding(layer), dilation_rate: dilationRate };
    return computed(making, 'Conv2D', { ...config, use_bias: useBias }, layer.activation, valuesOf(making));
  },
  DepthwiseConv2D: (layer, making) => {
    if (isDilated(layer.dilationRate)) return refuse(layer, 'TensorFlow.js ignores the dilation of DepthwiseConv2D');
    const { kernelSize, depthMultiplier, useBias = true } = layer;
    const config = { kernel_size: kernelSize, ...sliding(layer), depth_multiplier: depthMultiplier, use_bias: useBias };
    const values = valuesOf(making, { kernel: 'depthwise_kernel' });
    return computed(making, 'DepthwiseConv2D', config, layer.activation, values);
  },
  SeparableConv2D: (layer, making) => {
    const { filters, kernelSize, depthMultiplier, dilationRate = [1, 1], useBias = true } = layer;
    const config = { filters, kernel_size: kernelSize, ...sliding(layer), depth_multiplier: depthMultiplier };
    const more = { dilation_rate: dilationRate, use_bias: useBias };
    return computed(making, 'SeparableConv2D', { ...config, ...more }, layer.activation, valuesOf(making));
  },
  Conv2DTranspose: (layer, making) => {
    const { filters, kernelSize, useBias = true } = layer;
    const config = { filters, kernel_size: kernelSize, ...sliding(layer), use_bias: useBias };
    return computed(making, 'Conv2DTranspose', config, layer.activation, valuesOf(making));
  },
  Dense: (layer, making) => {
    const config = { units: making.planned.outputShape.at(-1), use_bias: layer.useBias ?? true };
    return computed(making, 'Dense', config, layer.activation, valuesOf(making));
  },
  MaxPooling2D: pool('MaxPooling2D'),
  AveragePooling2D: pool('AveragePooling2D'),
  GlobalMaxPooling2D: ({ keepDims }, making) => pooledOver(making, 'GlobalMaxPooling2D', keepDims),
  GlobalAveragePooling2D: ({ keepDims }, making) => pooledOver(making, 'GlobalAveragePooling2D', keepDims),
  BatchNormalization: ({ momentum, epsilon, center = true, scale }, making) =>
    plain(making, 'BatchNormalization', { axis: -1, momentum, epsilon, center, scale }, valuesOf(making)),
  LayerNormalization: ({ epsilon, center, scale }, making) =>
    plain(making, 'LayerNormalization', { axis: [-1], epsilon, center, scale }, valuesOf(making)),
  GroupNormalization: (layer) => refuse(layer, 'TensorFlow.js has no GroupNormalization'),
  UnitNormalization: (layer) => refuse(layer, 'TensorFlow.js has no UnitNormalization'),
  Normalization: (_, making) => {
    const [mean, variance] = valuesOf(making).map(({ values }) => [...values]);
    return normalized(making, mean ?? [], variance ?? []);
  },
  PixelNormalization: ({ mean, variance }, making) => normalized(making, mean, variance),
  Dropout: ({ rate }, making) => plain(making, 'Dropout', { rate, noise_shape: null, seed: null }),
  // Whole channels in training; in prediction neither does anything.
  SpatialDropout2D: ({ rate }, making) => plain(making, 'Dropout', { rate, noise_shape: null, seed: null }),
  GaussianNoise: ({ stddev }, making) => plain(making, 'GaussianNoise', { stddev }),
  Activation: ({ activation, name }, making) => {
    const known = activations[activation];
    if (known) return plain(making, 'Activation', { activation: known });
    return [...plain(making, 'Activation', { activation: 'linear' }), ...activated(making, activation, name)];
  },
  ReLU: (layer, making) => {
    const { maxValue, negativeSlope, threshold } = layer;
    if (negativeSlope === 0 && threshold === 0) return plain(making, 'ReLU', maxValue ? { max_value: maxValue } : {});
    if (maxValue === undefined && threshold === 0) return plain(making, 'LeakyReLU', { alpha: negativeSlope });
    if (maxValue === undefined && negativeSlope === 0) return plain(making, 'ThresholdedReLU', { theta: threshold });
    return refuse(layer, 'TensorFlow.js has no ReLU with a slope or a threshold and a highest value');
  },
  LeakyReLU: ({ negativeSlope }, making) => plain(making, 'LeakyReLU', { alpha: negativeSlope }),
  PReLU: ({ sharedAxes }, making) => {
    const config = sharedAxes.length > 0 ? { shared_axes: sharedAxes } : {};
    return plain(making, 'PReLU', config, valuesOf(making));
  },
  ELU: (layer, making) =>
    layer.alpha === 1 ? plain(making, 'ELU', { alpha: 1 }) : refuse(layer, 'TensorFlow.js has ELU with alpha 1 alone'),
  Add: merge('Add'),
  Subtract: ({ name }, making) => {
    const [first = '', second = ''] = making.inputs;
    const less = { className: 'Rescaling', name: making.free(), config: { scale: -1, offset: 0 }, weights: [] };
    return [
      { ...less, inputs: [second] },
      { className: 'Add', name, config: {}, inputs: [first, less.name], weights: [] },
    ];
  },
  Multiply: merge('Multiply'),
  Average: merge('Average'),
  Maximum: merge('Maximum'),
  Minimum: merge('Minimum'),
  Concatenate: (_, making) => plain(making, 'Concatenate', { axis: -1 }),
  Flatten: (_, making) => plain(making, 'Flatten', last),
  Reshape: (_, making) => plain(making, 'Reshape', { target_shape: making.planned.outputShape }),
  Permute: ({ dims }, making) => plain(making, 'Permute', { dims }),
  ZeroPadding2D: ({ padding }, making) => plain(making, 'ZeroPadding2D', { padding, ...last }),
  Cropping2D: ({ cropping }, making) => plain(making, 'Cropping2D', { cropping, ...last }),
  UpSampling2D: (layer, making) => {
    const { size, interpolation } = layer;
    if (interpolation === 'bilinear') return refuse(layer, 'TensorFlow.js enlarges bilinearly by another rule');
    return plain(making, 'UpSampling2D', { size, interpolation, ...last });
  },
  Resizing: (layer) => refuse(layer, 'TensorFlow.js resizes by another rule'),
  Rescaling: ({ scale, offset }, making) => plain(making, 'Rescaling', { scale, offset }),
};

/** The layers of tfjs that together are this one; the last gives its output. Fails: `model/cannot-write`. */
export function tfjsLayers(making: Making): Made {
  const of = kinds[making.planned.layer.kind] as (layer: WritableLayer, making: Making) => Made;
  return of(making.planned.layer, making);
}
