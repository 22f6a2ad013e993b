import { activation, initializer, layerSpec, type LayerKind, type LayerSpec } from './network.ts';

/** One argument of a layer, as a form shows it. Numbers are in Keras' meaning. */
export interface LayerField {
  /** Its name in our networks. */
  readonly field: string;
  /** Keras' name of the argument. */
  readonly keras: string;
  readonly shape: FieldShape;
  /** Keras' default; where Keras has none, what is usual. */
  readonly initial: unknown;
}

export type FieldShape =
  | { readonly kind: 'whole'; readonly least: number }
  | { readonly kind: 'number'; readonly least: number; readonly optional?: boolean }
  /** A whole number or `classes`. */
  | { readonly kind: 'units' }
  /** Rows, columns. */
  | { readonly kind: 'pair' }
  /** Top, bottom, left, right. */
  | { readonly kind: 'sides' }
  | { readonly kind: 'list'; readonly empty: boolean }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

const choice = (choices: readonly string[]): FieldShape => ({ kind: 'choice', choices });
const one = (field: string, keras: string, shape: FieldShape, initial: unknown): LayerField => ({
  field,
  keras,
  shape,
  initial,
});
const pair = (field: string, keras: string, side: number) => one(field, keras, { kind: 'pair' }, [side, side]);
const number = (field: string, keras: string, initial: number, least = 0) =>
  one(field, keras, { kind: 'number', least }, initial);
const yes = (field: string, keras: string) => one(field, keras, { kind: 'switch' }, true);
const starts = (part: string, keras = `${part}_initializer`, initial = 'glorot_uniform') =>
  one(`${part}Initializer`, keras, choice(initializer.options), initial);

const filters = one('filters', 'filters', { kind: 'whole', least: 1 }, 32);
const kernel = pair('kernelSize', 'kernel_size', 3);
const strides = pair('strides', 'strides', 1);
const padding = one('padding', 'padding', choice(['valid', 'same']), 'valid');
const active = one('activation', 'activation', choice(activation.options), 'linear');
const dilation = pair('dilationRate', 'dilation_rate', 1);
const multiplier = one('depthMultiplier', 'depth_multiplier', { kind: 'whole', least: 1 }, 1);
const bias = [yes('useBias', 'use_bias'), starts('bias', 'bias_initializer', 'zeros')];
const pooled = [pair('poolSize', 'pool_size', 2), pair('strides', 'strides', 2), padding];
const epsilon = number('epsilon', 'epsilon', 0.001);
const centred = [epsilon, yes('center', 'center'), yes('scale', 'scale')];
const keepDims = one('keepDims', 'keepdims', { kind: 'switch' }, false);
const rate = number('rate', 'rate', 0.5);
const slope = (initial: number) => number('negativeSlope', 'negative_slope', initial);

/** Every argument of every layer, in the order in which a form shows them; what is not here Heatlens does not have. */
export const layerFields: Readonly<Record<LayerKind, readonly LayerField[]>> = {
  Conv2D: [filters, kernel, strides, padding, active, dilation, starts('kernel'), ...bias],
  DepthwiseConv2D: [kernel, strides, padding, active, multiplier, dilation, starts('depthwise'), ...bias],
  SeparableConv2D: [
    ...[filters, kernel, strides, padding, active, multiplier, dilation],
    ...[starts('depthwise'), starts('pointwise'), ...bias],
  ],
  Conv2DTranspose: [filters, kernel, strides, padding, active, starts('kernel'), ...bias],
  Dense: [one('units', 'units', { kind: 'units' }, 128), active, starts('kernel'), ...bias],
  MaxPooling2D: pooled,
  AveragePooling2D: pooled,
  GlobalMaxPooling2D: [keepDims],
  GlobalAveragePooling2D: [keepDims],
  BatchNormalization: [number('momentum', 'momentum', 0.99), ...centred],
  LayerNormalization: centred,
  GroupNormalization: [one('groups', 'groups', { kind: 'whole', least: 1 }, 32), ...centred],
  Normalization: [],
  UnitNormalization: [],
  Dropout: [rate],
  SpatialDropout2D: [rate],
  GaussianNoise: [number('stddev', 'stddev', 0.1)],
  Activation: [{ ...active, initial: 'relu' }],
  ReLU: [
    one('maxValue', 'max_value', { kind: 'number', least: 0, optional: true }, undefined),
    slope(0),
    number('threshold', 'threshold', 0),
  ],
  LeakyReLU: [slope(0.3)],
  PReLU: [
    starts('alpha', 'alpha_initializer', 'zeros'),
    one('sharedAxes', 'shared_axes', { kind: 'list', empty: true }, []),
  ],
  ELU: [number('alpha', 'alpha', 1)],
  Add: [],
  Subtract: [],
  Multiply: [],
  Average: [],
  Maximum: [],
  Minimum: [],
  Concatenate: [],
  Flatten: [],
  Reshape: [one('targetShape', 'target_shape', { kind: 'list', empty: false }, [-1])],
  Permute: [one('dims', 'dims', { kind: 'list', empty: false }, [2, 1, 3])],
  ZeroPadding2D: [sidesOf('padding', 1)],
  Cropping2D: [sidesOf('cropping', 1)],
  UpSampling2D: [
    pair('size', 'size', 2),
    one('interpolation', 'interpolation', choice(['nearest', 'bilinear']), 'nearest'),
  ],
  Resizing: [
    one('height', 'height', { kind: 'whole', least: 1 }, 224),
    one('width', 'width', { kind: 'whole', least: 1 }, 224),
  ],
  Rescaling: [number('scale', 'scale', 1 / 255, -Infinity), number('offset', 'offset', 0, -Infinity)],
};

export const layerKinds = Object.keys(layerFields) as LayerKind[];

/** Layers that take several inputs, at least two. */
export const mergingKinds: readonly LayerKind[] = [
  ...(['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'] as const),
];

/** A layer of this kind with every default written out. */
export function newLayer(kind: LayerKind, name: string): LayerSpec {
  const settings = layerFields[kind].flatMap(({ field, initial }) => (initial === undefined ? [] : [[field, initial]]));
  return layerSpec.parse({ kind, name, ...Object.fromEntries(settings) });
}

/** keras' own first name for a layer of this kind: `conv2d`, `max_pooling2d`. */
export function kerasName(kind: LayerKind): string {
  // keras/src/utils/naming.py, to_snake_case
  return kind
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function sidesOf(field: string, side: number): LayerField {
  const both = [side, side];
  return one(field, field, { kind: 'sides' }, [both, both]);
}
