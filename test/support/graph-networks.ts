import type { LayerSpec } from '#contract/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { portableOf, portablePreset } from './portable-models.ts';

const sized = (height: number, width: number, channels: number, classes: number) => ({
  height,
  width,
  channels,
  classes,
});

const network = (id: string, input: readonly [number, number, number], layers: readonly LayerSpec[]) => ({
  ...{ id, name: id, input, preprocessing: 'divide-255' as const, source: '', layers },
});

const centred = { epsilon: 1e-3, center: true, scale: true } as const;
const normalization = (name: string, inputs?: string[]): LayerSpec => ({
  ...{ kind: 'BatchNormalization', name, momentum: 0.9, epsilon: 1e-3, scale: true },
  ...(inputs ? { inputs } : {}),
});
const conv = (name: string, filters: number, more: object = {}): LayerSpec =>
  ({
    ...{ kind: 'Conv2D', name, filters, kernelSize: [3, 3], strides: [1, 1], padding: 'same', activation: 'linear' },
    ...more,
  }) as LayerSpec;

/** Of every kind that there is, on images that are not square. */
export const everyLayer: readonly LayerSpec[] = [
  { kind: 'Resizing', name: 'resizing', height: 23, width: 18 },
  { kind: 'Rescaling', name: 'rescaling', scale: 1.5, offset: -0.25 },
  { kind: 'Normalization', name: 'fixed' },
  conv('strided', 8, { strides: [2, 1], kernelSize: [4, 3], activation: 'gelu' }),
  normalization('bn'),
  { kind: 'ReLU', name: 'relu', maxValue: 6, negativeSlope: 0, threshold: 0 },
  { kind: 'ReLU', name: 'relu_all', maxValue: 4, negativeSlope: 0.1, threshold: 0.2 },
  conv('dilated', 6, { dilationRate: [2, 3], activation: 'hard_silu' }),
  {
    ...{ kind: 'DepthwiseConv2D', name: 'depthwise', kernelSize: [3, 5], strides: [1, 1], padding: 'same' },
    ...{ depthMultiplier: 2, activation: 'leaky_relu' },
  } as LayerSpec,
  {
    ...{ kind: 'DepthwiseConv2D', name: 'holes', kernelSize: [3, 2], strides: [1, 1], padding: 'valid' },
    ...{ depthMultiplier: 1, dilationRate: [2, 2], activation: 'softplus' },
  } as LayerSpec,
  {
    ...{ kind: 'SeparableConv2D', name: 'separable', filters: 8, kernelSize: [3, 3], strides: [2, 2], padding: 'same' },
    ...{ depthMultiplier: 2, activation: 'selu' },
  } as LayerSpec,
  {
    ...{ kind: 'Conv2DTranspose', name: 'transposed', filters: 6, kernelSize: [3, 2], strides: [2, 3] },
    ...{ padding: 'same', activation: 'mish' },
  } as LayerSpec,
  {
    ...{ kind: 'Conv2DTranspose', name: 'transposed_valid', filters: 4, kernelSize: [3, 2], strides: [1, 3] },
    ...{ padding: 'valid', activation: 'softsign' },
  } as LayerSpec,
  { kind: 'MaxPooling2D', name: 'max', poolSize: [3, 2], strides: [2, 2], padding: 'same' },
  { kind: 'AveragePooling2D', name: 'average_pool', poolSize: [3, 3], strides: [1, 2], padding: 'same' },
  { kind: 'Dropout', name: 'dropout', rate: 0.3 },
  { kind: 'SpatialDropout2D', name: 'spatial', rate: 0.3 },
  { kind: 'GaussianNoise', name: 'noise', stddev: 0.1 },
  { kind: 'LayerNormalization', name: 'layer_norm', ...centred },
  { kind: 'GroupNormalization', name: 'group_norm', groups: 2, ...centred },
  { kind: 'UnitNormalization', name: 'unit' },
  { kind: 'PReLU', name: 'prelu', alphaInitializer: 'random_uniform', sharedAxes: [1, 2] },
  { kind: 'PReLU', name: 'prelu_all', alphaInitializer: 'random_uniform', sharedAxes: [] },
  { kind: 'LeakyReLU', name: 'leaky', negativeSlope: 0.3 },
  { kind: 'ELU', name: 'elu', alpha: 0.7 },
  {
    kind: 'ZeroPadding2D',
    name: 'pad',
    padding: [
      [1, 2],
      [0, 3],
    ],
  },
  {
    kind: 'Cropping2D',
    name: 'crop',
    cropping: [
      [1, 1],
      [1, 0],
    ],
  },
  { kind: 'UpSampling2D', name: 'nearest', size: [2, 3], interpolation: 'nearest' },
  { kind: 'UpSampling2D', name: 'bilinear', size: [2, 2], interpolation: 'bilinear' },
  conv('a', 4, { activation: 'silu' }),
  conv('b', 4, { inputs: ['bilinear'], activation: 'hard_sigmoid', useBias: false }),
  { kind: 'Add', name: 'add', inputs: ['a', 'b'] },
  { kind: 'Subtract', name: 'subtract', inputs: ['add', 'b'] },
  { kind: 'Multiply', name: 'multiply', inputs: ['subtract', 'b'] },
  { kind: 'Average', name: 'average', inputs: ['a', 'b', 'multiply'] },
  { kind: 'Maximum', name: 'maximum', inputs: ['average', 'b'] },
  { kind: 'Minimum', name: 'minimum', inputs: ['maximum', 'a'] },
  { kind: 'Concatenate', name: 'concatenate', inputs: ['minimum', 'a', 'b'] },
  { kind: 'GlobalMaxPooling2D', name: 'greatest', keepDims: true },
  { kind: 'Multiply', name: 'gated', inputs: ['concatenate', 'greatest'] },
  { kind: 'Permute', name: 'permute', dims: [2, 3, 1] },
  { kind: 'MaxPooling2D', name: 'smaller', poolSize: [4, 1], strides: [4, 1], padding: 'valid' },
  { kind: 'Activation', name: 'tanh', activation: 'tanh' },
  { kind: 'GlobalAveragePooling2D', name: 'mean', inputs: ['gated'] },
  { kind: 'Flatten', name: 'flatten', inputs: ['tanh'] },
  { kind: 'Concatenate', name: 'row', inputs: ['flatten', 'mean'] },
  normalization('row_norm'),
  { kind: 'Dense', name: 'hidden', units: 24, activation: 'exponential' },
  { kind: 'Reshape', name: 'table', targetShape: [4, 6] },
  { kind: 'Activation', name: 'soft', activation: 'softmax' },
  { kind: 'Reshape', name: 'image', targetShape: [2, 3, -1] },
  { kind: 'Activation', name: 'sigmoid', activation: 'sigmoid' },
  { kind: 'Flatten', name: 'flat' },
  { kind: 'Dense', name: 'elu_dense', units: 16, activation: 'elu' },
  { kind: 'Dense', name: 'out', units: 'classes', activation: 'softmax' },
];

const bottleneck = (name: string, from: string): LayerSpec[] => [
  conv(`${name}_expand`, 24, { kernelSize: [1, 1], useBias: false, inputs: [from] }),
  normalization(`${name}_expand_bn`),
  { kind: 'ReLU', name: `${name}_expand_relu`, maxValue: 6, negativeSlope: 0, threshold: 0 },
  {
    ...{ kind: 'DepthwiseConv2D', name: `${name}_depthwise`, kernelSize: [3, 3], strides: [1, 1], padding: 'same' },
    ...{ depthMultiplier: 1, activation: 'linear', useBias: false },
  } as LayerSpec,
  normalization(`${name}_bn`),
  { kind: 'ReLU', name: `${name}_relu`, maxValue: 6, negativeSlope: 0, threshold: 0 },
  conv(`${name}_project`, 8, { kernelSize: [1, 1], useBias: false }),
  normalization(`${name}_project_bn`),
  { kind: 'Add', name: `${name}_add`, inputs: [from, `${name}_project_bn`] },
];

const mobile: readonly LayerSpec[] = [
  {
    kind: 'ZeroPadding2D',
    name: 'pad',
    padding: [
      [0, 1],
      [0, 1],
    ],
  },
  conv('stem', 8, { strides: [2, 2], padding: 'valid', useBias: false }),
  normalization('stem_bn'),
  { kind: 'Activation', name: 'stem_relu', activation: 'relu6' },
  ...bottleneck('one', 'stem_relu'),
  ...bottleneck('two', 'one_add'),
  { kind: 'GlobalAveragePooling2D', name: 'pool' },
  { kind: 'Dense', name: 'logits', units: 'classes', activation: 'linear' },
];

/** With smaller logits: a fresh network of many additions is else certain of whatever it sees. */
const calmed = (model: PortableModel, by: number): PortableModel => {
  const weights = model.weights.map((each, place) =>
    place < model.weights.length - 2 ? each : { ...each, values: each.values.map((value) => value * by) },
  );
  return { ...model, weights };
};

/** Named, made when they are wanted. */
export const graphModels: Readonly<Record<string, () => PortableModel>> = {
  'mnist-cnn': () => portablePreset('mnist-cnn', sized(28, 28, 1, 10)),
  'every layer': () =>
    portableOf(network('every-layer', [21, 30, 3], everyLayer), sized(21, 30, 3, 7), 11, { kind: 'caffe' }),
  'MobileNetV2-like, logits': () =>
    portableOf(network('mobile', [32, 32, 3], mobile), sized(32, 32, 3, 5), 12, { kind: 'torch' }),
  'ResNet-18': () => calmed(portablePreset('resnet-18', sized(64, 64, 3, 10), 7, { kind: 'minus-one-to-one' }), 1 / 32),
  InceptionV3: () =>
    portablePreset('inception-v3', sized(96, 96, 3, 10), 7, {
      ...{ kind: 'standardize', mean: [120, 110, 100], deviation: [60, 55, 50] },
    }),
};
