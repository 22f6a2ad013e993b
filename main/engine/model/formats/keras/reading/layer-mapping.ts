import { type LayerSpec } from '#contract/network.ts';
import type { LayerArguments } from './arguments.ts';

/** What a layer of Keras' is here. */
export interface Mapped {
  /** Without its name and inputs. Null: it does nothing when a network predicts, and is left out. */
  readonly layer: Bare | null;
  /** Values of weights that the file has as arguments, by the weights' names; one figure stands for all. */
  readonly constants?: Readonly<Record<string, readonly number[]>>;
}

type Distributed<S> = S extends LayerSpec ? Omit<S, 'name' | 'inputs' | 'trainable'> : never;
export type Bare = Distributed<LayerSpec>;

type Shape = readonly number[];
type Mapping = (given: LayerArguments, input: Shape) => Bare | Mapped;

const isBare = (mapped: Bare | Mapped): mapped is Bare => 'kind' in mapped;

/** One class of Keras' as a layer of ours. @param input its shape without the batch. Throws `FileProblem`: unknown, or not as Heatlens has it. */
export function mapLayer(given: LayerArguments, input: Shape): Mapped {
  const { className } = given;
  const alias = Object.hasOwn(aliases, className) ? (aliases[className] ?? className) : className;
  if (Object.hasOwn(trainingOnly, className)) {
    given.notes.add(`Layer “${given.name}” (${className}) only works in training and was left out.`);
    return { layer: null };
  }
  const mapping = Object.hasOwn(mappings, alias) ? mappings[alias] : undefined;
  if (!mapping) return given.refuse('is of a kind that Heatlens does not have');
  given.only('data_format', 'channels_last');
  noteRest(given);
  const mapped = mapping(given, input);
  return isBare(mapped) ? { layer: mapped } : mapped;
}

/** Older names, which keras.layers still has. */
const aliases: Readonly<Record<string, string>> = {
  MaxPool2D: 'MaxPooling2D',
  AvgPool2D: 'AveragePooling2D',
  GlobalAvgPool2D: 'GlobalAveragePooling2D',
  GlobalMaxPool2D: 'GlobalMaxPooling2D',
  Convolution2D: 'Conv2D',
  Convolution2DTranspose: 'Conv2DTranspose',
  SeparableConvolution2D: 'SeparableConv2D',
  BatchNormalizationV2: 'BatchNormalization',
  SyncBatchNormalization: 'BatchNormalization',
};

/** Changes nothing, or nothing where a network predicts. */
const trainingOnly: Readonly<Record<string, true>> = Object.fromEntries(
  [
    ...['GaussianDropout', 'AlphaDropout', 'ActivityRegularization', 'Identity'],
    ...['RandomFlip', 'RandomRotation', 'RandomZoom', 'RandomTranslation', 'RandomCrop', 'RandomContrast'],
    ...['RandomBrightness', 'RandomHue', 'RandomSaturation', 'RandomSharpness', 'RandomGrayscale', 'RandomShear'],
    ...['RandomColorJitter', 'RandomColorDegeneration', 'RandomErasing', 'RandomPosterization', 'RandomInvert'],
    ...['RandomGaussianBlur', 'RandomPerspective', 'RandomElasticTransform', 'RandAugment', 'AugMix'],
  ]
    // It cuts as well, where images are larger than it gives.
    .filter((name) => name !== 'RandomCrop')
    .map((name) => [name, true] as const),
);

const sliding = (given: LayerArguments) => ({
  kernelSize: given.pair('kernel_size'),
  strides: given.pair('strides', [1, 1]),
  padding: given.choice('padding', ['same', 'valid'], 'valid'),
  activation: given.activation(),
  useBias: given.yes('use_bias', true),
});

const dilation = (given: LayerArguments) => {
  const rate = given.pair('dilation_rate', [1, 1]);
  return rate.some((each) => each !== 1) ? { dilationRate: rate } : {};
};

const starting = (given: LayerArguments, ...parts: readonly ('kernel' | 'bias' | 'depthwise' | 'pointwise')[]) =>
  Object.fromEntries(
    parts.flatMap((part) => {
      const start = given.initializer(`${part}_initializer`);
      return start === undefined ? [] : [[`${part}Initializer`, start]];
    }),
  );

const pooling = (given: LayerArguments) => {
  const poolSize = given.pair('pool_size', [2, 2]);
  const strides = given.get('strides') === null ? poolSize : given.pair('strides', poolSize);
  return { poolSize, strides, padding: given.choice('padding', ['same', 'valid'], 'valid') };
};

const globally = (given: LayerArguments) => (given.yes('keepdims', false) ? { keepDims: true } : {});

/** Over the channels alone. */
function lastAxis(given: LayerArguments, input: Shape): void {
  given.only('axis', -1, [-1], input.length, [input.length]);
}

/** Moving statistics begin as they must; those of the file follow. */
const centred = (given: LayerArguments, epsilon: number) => ({
  epsilon: given.number('epsilon', epsilon),
  center: given.yes('center', true),
  scale: given.yes('scale', true),
});

const plain = (kind: 'Add' | 'Subtract' | 'Multiply' | 'Average' | 'Maximum' | 'Minimum' | 'Flatten') => (): Bare => ({
  kind,
});

const mappings: Readonly<Record<string, Mapping>> = {
  Conv2D: (given) => {
    given.only('groups', 1);
    const filters = given.whole('filters');
    return { kind: 'Conv2D', filters, ...sliding(given), ...dilation(given), ...starting(given, 'kernel', 'bias') };
  },
  DepthwiseConv2D: (given) => ({
    kind: 'DepthwiseConv2D',
    ...sliding(given),
    ...dilation(given),
    depthMultiplier: given.whole('depth_multiplier', 1),
    ...starting(given, 'depthwise', 'bias'),
  }),
  SeparableConv2D: (given) => ({
    kind: 'SeparableConv2D',
    filters: given.whole('filters'),
    ...sliding(given),
    ...dilation(given),
    depthMultiplier: given.whole('depth_multiplier', 1),
    ...starting(given, 'depthwise', 'pointwise', 'bias'),
  }),
  Conv2DTranspose: (given) => {
    given.only('output_padding');
    given.only('dilation_rate', 1, [1, 1]);
    given.only('groups', 1);
    const filters = given.whole('filters');
    return { kind: 'Conv2DTranspose', filters, ...sliding(given), ...starting(given, 'kernel', 'bias') };
  },
  Dense: (given, input) => {
    if (input.length !== 1) given.refuse('takes more than a row of values, as Heatlens’ Dense does not');
    given.only('lora_rank');
    given.only('quantization_mode');
    return {
      kind: 'Dense',
      units: given.whole('units'),
      activation: given.activation(),
      useBias: given.yes('use_bias', true),
      ...starting(given, 'kernel', 'bias'),
    };
  },
  MaxPooling2D: (given) => ({ kind: 'MaxPooling2D', ...pooling(given) }),
  AveragePooling2D: (given) => ({ kind: 'AveragePooling2D', ...pooling(given) }),
  GlobalMaxPooling2D: (given) => ({ kind: 'GlobalMaxPooling2D', ...globally(given) }),
  GlobalAveragePooling2D: (given) => ({ kind: 'GlobalAveragePooling2D', ...globally(given) }),
  BatchNormalization: (given, input) => {
    lastAxis(given, input);
    given.only('renorm', false);
    given.only('virtual_batch_size');
    return { kind: 'BatchNormalization', momentum: given.number('momentum', 0.99), ...centred(given, 0.001) };
  },
  LayerNormalization: (given, input) => {
    lastAxis(given, input);
    given.only('rms_scaling', false);
    return { kind: 'LayerNormalization', ...centred(given, 0.001) };
  },
  GroupNormalization: (given, input) => {
    lastAxis(given, input);
    const groups = given.whole('groups', 32);
    return {
      kind: 'GroupNormalization',
      groups: groups === -1 ? (input.at(-1) ?? 1) : groups,
      ...centred(given, 0.001),
    };
  },
  UnitNormalization: (given, input) => {
    lastAxis(given, input);
    return { kind: 'UnitNormalization' };
  },
  Normalization: (given, input) => {
    given.only('invert', false);
    const [mean, variance] = [given.figures('mean'), given.figures('variance')];
    const constants = mean && variance ? { mean, variance } : {};
    // Without an axis one mean serves for all channels.
    if (given.get('axis') !== null) lastAxis(given, input);
    return { layer: { kind: 'Normalization' }, constants };
  },
  Rescaling: (given, input) => {
    const scale = given.figures('scale') ?? [1];
    const offset = given.figures('offset') ?? [0];
    const [one, more] = [scale[0], offset[0]];
    if (scale.length === 1 && offset.length === 1 && one !== undefined && more !== undefined) {
      return { kind: 'Rescaling', scale: one, offset: more };
    }
    // One figure for each channel: a filter of one pixel for each, with the very same arithmetic.
    if (input.length !== 3) given.wrong('scale');
    given.notes.add(
      `Layer “${given.name}” (Rescaling by channel) is a DepthwiseConv2D of 1×1 here, which does the same.`,
    );
    const layer = {
      kind: 'DepthwiseConv2D',
      kernelSize: [1, 1],
      strides: [1, 1],
      padding: 'valid',
      depthMultiplier: 1,
      activation: 'linear',
    } as const;
    return { layer, constants: { kernel: scale, bias: offset } };
  },
  Resizing: (given, input) => {
    const [height, width] = [given.whole('height'), given.whole('width')];
    given.only('interpolation', 'bilinear');
    given.only('crop_to_aspect_ratio', false);
    given.only('antialias', false);
    const same = (input[0] ?? 1) * width === (input[1] ?? 1) * height;
    if (!same && !given.yes('pad_to_aspect_ratio', false))
      given.refuse('stretches images, as Heatlens’ Resizing does not');
    given.only('fill_value', 0);
    return { kind: 'Resizing', height, width };
  },
  CenterCrop: (given, input) => {
    const [height, width] = [given.whole('height'), given.whole('width')];
    const beside = (have: number, want: number): [number, number] => {
      if (want > have) given.refuse('enlarges images that are smaller than it gives, as Heatlens does not');
      const before = Math.floor((have - want) / 2);
      return [before, have - want - before];
    };
    return { kind: 'Cropping2D', cropping: [beside(input[0] ?? 1, height), beside(input[1] ?? 1, width)] };
  },
  Activation: (given) => ({ kind: 'Activation', activation: given.activation() }),
  Softmax: (given, input) => {
    lastAxis(given, input);
    return { kind: 'Activation', activation: 'softmax' };
  },
  ReLU: (given) => {
    const maxValue = given.optional('max_value');
    return {
      kind: 'ReLU',
      ...(maxValue === undefined ? {} : { maxValue }),
      negativeSlope: given.number('negative_slope', 0),
      threshold: given.number('threshold', 0),
    };
  },
  // Keras 2 calls it alpha.
  LeakyReLU: (given) => ({
    kind: 'LeakyReLU',
    negativeSlope: given.optional('negative_slope') ?? given.number('alpha', 0.3),
  }),
  PReLU: (given) => ({
    kind: 'PReLU',
    alphaInitializer: given.initializer('alpha_initializer') ?? 'zeros',
    sharedAxes: given.get('shared_axes') ? given.wholes('shared_axes') : [],
  }),
  ELU: (given) => ({ kind: 'ELU', alpha: given.number('alpha', 1) }),
  Add: plain('Add'),
  Subtract: plain('Subtract'),
  Multiply: plain('Multiply'),
  Average: plain('Average'),
  Maximum: plain('Maximum'),
  Minimum: plain('Minimum'),
  Concatenate: (given, input) => {
    lastAxis(given, input);
    return { kind: 'Concatenate' };
  },
  Flatten: plain('Flatten'),
  Reshape: (given) => ({ kind: 'Reshape', targetShape: given.wholes('target_shape') }),
  Permute: (given) => ({ kind: 'Permute', dims: given.wholes('dims') }),
  ZeroPadding2D: (given) => ({ kind: 'ZeroPadding2D', padding: given.sides('padding') }),
  Cropping2D: (given) => ({ kind: 'Cropping2D', cropping: given.sides('cropping') }),
  UpSampling2D: (given) => ({
    kind: 'UpSampling2D',
    size: given.pair('size', [2, 2]),
    interpolation: given.choice('interpolation', ['nearest', 'bilinear'], 'nearest'),
  }),
  Dropout: (given) => {
    if (Array.isArray(given.get('noise_shape'))) {
      given.notes.add('Dropout layers with a noise shape leave out single values here, in training.');
    }
    return { kind: 'Dropout', rate: given.number('rate', 0.5) };
  },
  SpatialDropout2D: (given) => ({ kind: 'SpatialDropout2D', rate: given.number('rate', 0.5) }),
  GaussianNoise: (given) => ({ kind: 'GaussianNoise', stddev: given.number('stddev', 0.1) }),
};

/** What is read and let be: penalties, limits, other precision. */
function noteRest(given: LayerArguments): void {
  const has = (...keys: readonly string[]) =>
    keys.some((key) => given.get(key) !== undefined && given.get(key) !== null);
  const parts = ['kernel', 'bias', 'depthwise', 'pointwise', 'gamma', 'beta', 'activity', 'alpha'];
  if (has(...parts.map((part) => `${part}_regularizer`))) {
    given.notes.add('Penalties of layers (regularizers) are not taken over; a run has its own setting for them.');
  }
  if (has(...parts.map((part) => `${part}_constraint`))) {
    given.notes.add('Limits on weights (constraints) are not taken over.');
  }
  const policy = given.get('dtype');
  const name =
    typeof policy === 'string'
      ? policy
      : ((policy as { config?: { name?: unknown } } | null)?.config?.name ?? 'float32');
  if (name !== 'float32') given.notes.add(`Layers of ${String(name)} compute in float32 here.`);
}
