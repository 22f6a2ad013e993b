import type { Initializer, LayerKind, LayerOf } from '../../../spec.ts';
import type { PixelNormalization } from './pixel-layer.ts';
import type { PlannedLayer, WritableLayer } from './plan.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Kinds = { readonly [K in LayerKind]: (layer: LayerOf<K>, planned: PlannedLayer) => Arguments } & {
  readonly PixelNormalization: (layer: PixelNormalization) => Arguments;
};

/** keras.initializers of Keras 3 by their names in ours, with their defaults. */
const initializers: Readonly<Record<Initializer, readonly [className: string, config: Arguments]>> = {
  glorot_uniform: ['GlorotUniform', { seed: null }],
  glorot_normal: ['GlorotNormal', { seed: null }],
  he_uniform: ['HeUniform', { seed: null }],
  he_normal: ['HeNormal', { seed: null }],
  lecun_uniform: ['LecunUniform', { seed: null }],
  lecun_normal: ['LecunNormal', { seed: null }],
  random_uniform: ['RandomUniform', { seed: null, minval: -0.05, maxval: 0.05 }],
  random_normal: ['RandomNormal', { seed: null, mean: 0, stddev: 0.05 }],
  zeros: ['Zeros', {}],
  ones: ['Ones', {}],
};

function start(name: Initializer | undefined, otherwise: Initializer = 'glorot_uniform'): Arguments {
  const [className, config] = initializers[name ?? otherwise];
  return { module: 'keras.initializers', class_name: className, config, registered_name: null };
}

const last = { data_format: 'channels_last' };
const none = (...names: string[]) => Object.fromEntries(names.map((name) => [name, null]));
const sliding = (layer: { strides: readonly number[]; padding: string }) => ({
  ...{ strides: layer.strides, padding: layer.padding },
  ...last,
});
const pooling = (layer: { poolSize: readonly number[]; strides: readonly number[]; padding: string }) => ({
  pool_size: layer.poolSize,
  ...sliding(layer),
});
const bias = (layer: { useBias?: boolean | undefined; biasInitializer?: Initializer | undefined }) => ({
  ...{ use_bias: layer.useBias ?? true, bias_initializer: start(layer.biasInitializer, 'zeros') },
  ...none('bias_regularizer', 'bias_constraint', 'activity_regularizer'),
});
const kernel = (layer: { kernelInitializer?: Initializer | undefined }) => ({
  kernel_initializer: start(layer.kernelInitializer),
  ...none('kernel_regularizer', 'kernel_constraint'),
});
const depthwise = (layer: { depthwiseInitializer?: Initializer | undefined }) => ({
  depthwise_initializer: start(layer.depthwiseInitializer),
  ...none('depthwise_regularizer', 'depthwise_constraint'),
});
const centred = (layer: { epsilon: number; center?: boolean | undefined; scale: boolean }) => ({
  ...{ epsilon: layer.epsilon, center: layer.center ?? true, scale: layer.scale },
  ...{ beta_initializer: start('zeros'), gamma_initializer: start('ones') },
  ...none('beta_regularizer', 'gamma_regularizer', 'beta_constraint', 'gamma_constraint'),
});
const nothing = () => ({});

/** Arguments of `get_config` of each layer of Keras 3, beside name, trainable and dtype. */
const kinds: Kinds = {
  Conv2D: (layer) => ({
    ...{ filters: layer.filters, kernel_size: layer.kernelSize, ...sliding(layer) },
    ...{ dilation_rate: layer.dilationRate ?? [1, 1], groups: 1, activation: layer.activation },
    ...kernel(layer),
    ...bias(layer),
  }),
  DepthwiseConv2D: (layer) => ({
    ...{ kernel_size: layer.kernelSize, ...sliding(layer), depth_multiplier: layer.depthMultiplier },
    ...{ dilation_rate: layer.dilationRate ?? [1, 1], activation: layer.activation },
    ...depthwise(layer),
    ...bias(layer),
  }),
  SeparableConv2D: (layer) => ({
    ...{ filters: layer.filters, kernel_size: layer.kernelSize, ...sliding(layer) },
    ...{ depth_multiplier: layer.depthMultiplier, dilation_rate: layer.dilationRate ?? [1, 1] },
    ...{ activation: layer.activation, pointwise_initializer: start(layer.pointwiseInitializer) },
    ...none('pointwise_regularizer', 'pointwise_constraint'),
    ...depthwise(layer),
    ...bias(layer),
  }),
  Conv2DTranspose: (layer) => ({
    ...{ filters: layer.filters, kernel_size: layer.kernelSize, ...sliding(layer), output_padding: null },
    ...{ dilation_rate: [1, 1], activation: layer.activation },
    ...kernel(layer),
    ...bias(layer),
  }),
  Dense: (layer, { outputShape }) => ({
    ...{ units: outputShape.at(-1), activation: layer.activation },
    ...kernel(layer),
    ...bias(layer),
  }),
  MaxPooling2D: pooling,
  AveragePooling2D: pooling,
  GlobalMaxPooling2D: ({ keepDims = false }) => ({ ...last, keepdims: keepDims }),
  GlobalAveragePooling2D: ({ keepDims = false }) => ({ ...last, keepdims: keepDims }),
  BatchNormalization: (layer) => ({
    ...{ axis: -1, momentum: layer.momentum },
    ...centred(layer),
    ...{ moving_mean_initializer: start('zeros'), moving_variance_initializer: start('ones'), synchronized: false },
  }),
  GroupNormalization: (layer) => ({ groups: layer.groups, axis: -1, ...centred(layer) }),
  UnitNormalization: () => ({ axis: -1 }),
  LayerNormalization: (layer) => ({ axis: [-1], ...centred(layer) }),
  Dropout: ({ rate }) => ({ rate, seed: null, noise_shape: null }),
  SpatialDropout2D: ({ rate }) => ({ rate, seed: null, ...last }),
  GaussianNoise: ({ stddev }) => ({ stddev, seed: null }),
  Activation: ({ activation }) => ({ activation }),
  ReLU: ({ maxValue, negativeSlope, threshold }) => ({
    ...{ max_value: maxValue ?? null, negative_slope: negativeSlope, threshold },
  }),
  LeakyReLU: ({ negativeSlope }) => ({ negative_slope: negativeSlope }),
  PReLU: ({ alphaInitializer, sharedAxes }) => ({
    ...{ alpha_initializer: start(alphaInitializer, 'zeros'), shared_axes: sharedAxes.length > 0 ? sharedAxes : null },
    ...none('alpha_regularizer', 'alpha_constraint'),
  }),
  ELU: ({ alpha }) => ({ alpha }),
  Add: nothing,
  Subtract: nothing,
  Multiply: nothing,
  Average: nothing,
  Maximum: nothing,
  Minimum: nothing,
  Concatenate: () => ({ axis: -1 }),
  Flatten: () => last,
  Reshape: ({ targetShape }) => ({ target_shape: targetShape }),
  Permute: ({ dims }) => ({ dims }),
  ZeroPadding2D: ({ padding }) => ({ padding, ...last }),
  Cropping2D: ({ cropping }) => ({ cropping, ...last }),
  UpSampling2D: ({ size, interpolation }) => ({ size, interpolation, ...last }),
  Resizing: ({ height, width }) => ({
    ...{ height, width, interpolation: 'bilinear', crop_to_aspect_ratio: false, pad_to_aspect_ratio: true },
    ...{ fill_mode: 'constant', fill_value: 0, antialias: false, ...last },
  }),
  Rescaling: ({ scale, offset }) => ({ scale, offset }),
  // Its figures are weights, as after `adapt`.
  Normalization: () => ({ axis: [-1], invert: false, mean: null, variance: null }),
  PixelNormalization: ({ mean, variance }) => ({ axis: [-1], invert: false, mean, variance }),
};

/** What Keras 3 is told of a layer beside its name, whether it trains, and its type. */
export function layerArguments(planned: PlannedLayer): Arguments {
  // Each kind is given its own layers, which the type of a table cannot say.
  const of = kinds[planned.layer.kind] as (layer: WritableLayer, planned: PlannedLayer) => Arguments;
  return of(planned.layer, planned);
}
