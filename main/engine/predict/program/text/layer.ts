import { layerArguments } from '#engine/model/formats/keras/writing/layer-arguments.ts';
import { classOf, type PlannedLayer } from '#engine/model/formats/keras/writing/plan.ts';
import { literal, type Literal } from './literal.ts';

/** Arguments as Keras has them when nothing is said; they are left out, as people leave them out. */
const usual: Readonly<Record<string, Literal>> = {
  data_format: 'channels_last',
  dilation_rate: [1, 1],
  groups: 1,
  use_bias: true,
  kernel_initializer: 'glorot_uniform',
  depthwise_initializer: 'glorot_uniform',
  pointwise_initializer: 'glorot_uniform',
  bias_initializer: 'zeros',
  beta_initializer: 'zeros',
  gamma_initializer: 'ones',
  moving_mean_initializer: 'zeros',
  moving_variance_initializer: 'ones',
  alpha_initializer: 'zeros',
  keepdims: false,
  activation: 'linear',
  axis: -1,
  center: true,
  scale: true,
  synchronized: false,
  invert: false,
  interpolation: 'nearest',
  crop_to_aspect_ratio: false,
  antialias: false,
  fill_mode: 'constant',
  fill_value: 0,
  offset: 0,
  strides: [1, 1],
  padding: 'valid',
  depth_multiplier: 1,
  negative_slope: 0,
  threshold: 0,
  // Of batch normalization, and of the others that have them.
  momentum: 0.99,
  epsilon: 0.001,
};
/** Kinds whose argument of that name must be said all the same: it means something else, or has another default there. */
const said: Readonly<Record<string, readonly string[]>> = {
  MaxPooling2D: ['strides'],
  AveragePooling2D: ['strides'],
  LeakyReLU: ['negative_slope'],
  Rescaling: ['scale'],
  Activation: ['activation'],
  Resizing: ['interpolation'],
  UpSampling2D: ['interpolation'],
  GroupNormalization: ['groups'],
};
/** Without names Python reads them as well: `Conv2D(32, (3, 3))`, `Dense(10)`. */
const plainFirst: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['filters', 'kernel_size'],
  SeparableConv2D: ['filters', 'kernel_size'],
  Conv2DTranspose: ['filters', 'kernel_size'],
  DepthwiseConv2D: ['kernel_size'],
  Dense: ['units'],
  MaxPooling2D: ['pool_size'],
  AveragePooling2D: ['pool_size'],
  Dropout: ['rate'],
  SpatialDropout2D: ['rate'],
  GaussianNoise: ['stddev'],
  Activation: ['activation'],
  ZeroPadding2D: ['padding'],
  Cropping2D: ['cropping'],
  UpSampling2D: ['size'],
  Resizing: ['height', 'width'],
  Rescaling: ['scale'],
  Reshape: ['target_shape'],
  Permute: ['dims'],
};

/** Whether a layer takes statistics of the batch that it is trained on; a frozen one keeps those that it has. */
export const normalizes = ({ layer }: Pick<PlannedLayer, 'layer'>): boolean =>
  layer.kind === 'BatchNormalization' && layer.trainable !== false;

/** As `keras.layers` is called for this layer: its class and its arguments, those of Keras' own defaults left out. */
export function layerCall(planned: PlannedLayer): { readonly kind: string; readonly args: readonly string[] } {
  const kind = classOf(planned);
  const first = plainFirst[kind] ?? [];
  const entries = Object.entries(layerArguments(planned)).map(([name, value]) => [name, worded(value)] as const);
  const kept = entries.filter(([name, value]) => {
    // The windows of a pool lie side by side when nothing is said.
    if (name === 'strides' && 'poolSize' in planned.layer && literal(value) === literal(planned.layer.poolSize))
      return false;
    if (first.includes(name) || said[kind]?.includes(name)) return true;
    return value !== null && literal(value) !== literal(usual[name] ?? null);
  });
  const value = (name: string) => kept.find(([each]) => each === name)?.[1] ?? null;
  const positional = first.map((name) => (name === 'scale' ? fraction(value(name)) : literal(value(name))));
  const named = kept.filter(([name]) => !first.includes(name));
  const { layer } = planned;
  return {
    kind,
    args: [
      ...positional,
      ...named.map(([name, value]) => `${name}=${literal(value)}`),
      // In training each worker has a part of the batch; statistics are those of the whole.
      ...(normalizes(planned) ? ['synchronized=synchronized'] : []),
      ...(layer.trainable === false ? ['trainable=False'] : []),
      `name=${literal(layer.name)}`,
    ],
  };
}

/** 1 / 255 rather than 0.00392156862745098, where it is the same number. */
function fraction(value: Literal): string {
  const below = typeof value === 'number' && value > 0 && value < 1 ? Number((1 / value).toPrecision(12)) : 0;
  return below > 0 && 1 / below === value ? `1 / ${below}` : literal(value);
}

/** Initializers, which files name by class, by the name that Keras takes for them. */
function worded(value: unknown): Literal {
  if (typeof value === 'object' && value !== null && 'class_name' in value) {
    return String(value.class_name)
      .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
      .toLowerCase();
  }
  if (Array.isArray(value)) {
    const items = value.map(worded);
    return items.length === 1 && items[0] === -1 ? -1 : items;
  }
  return value as Literal;
}
