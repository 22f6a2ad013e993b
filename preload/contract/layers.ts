import { z } from 'zod';
import { activation, initializer, named, sides, size, sliding, weights, whole, window } from './layer-arguments.ts';

/**
 * Layers, in Keras' terms: class names and arguments as in `keras.layers` of Keras 3.15. What a layer leaves out has
 * Keras' default; `layer-fields.ts` has them all written out.
 */

export const conv2D = z.object({
  kind: z.literal('Conv2D'),
  ...named,
  filters: size,
  kernelSize: window,
  ...sliding,
  /** Absent = 1, 1. Only with strides of 1. */
  dilationRate: window.optional(),
  activation,
  ...weights,
});

export const depthwiseConv2D = z.object({
  kind: z.literal('DepthwiseConv2D'),
  ...named,
  kernelSize: window,
  /** Both the same. */
  ...sliding,
  depthMultiplier: whole(1, 1024),
  dilationRate: window.optional(),
  activation,
  useBias: z.boolean().optional(),
  depthwiseInitializer: initializer.optional(),
  biasInitializer: initializer.optional(),
});

export const separableConv2D = z.object({
  kind: z.literal('SeparableConv2D'),
  ...named,
  filters: size,
  kernelSize: window,
  ...sliding,
  depthMultiplier: whole(1, 1024),
  dilationRate: window.optional(),
  activation,
  useBias: z.boolean().optional(),
  depthwiseInitializer: initializer.optional(),
  pointwiseInitializer: initializer.optional(),
  biasInitializer: initializer.optional(),
});

export const conv2DTranspose = z.object({
  kind: z.literal('Conv2DTranspose'),
  ...named,
  filters: size,
  kernelSize: window,
  ...sliding,
  activation,
  ...weights,
});

/** Over the channels; Keras' `axis=-1`. */
export const batchNormalization = z.object({
  kind: z.literal('BatchNormalization'),
  ...named,
  /** Of the moving mean and variance; Keras' default is 0.99. */
  momentum: z.number().min(0).max(1),
  /** Added to the variance; Keras' default is 0.001. */
  epsilon: z.number().positive().max(1),
  /** Whether it has a beta; absent = yes. */
  center: z.boolean().optional(),
  /** Whether it has a gamma. */
  scale: z.boolean(),
});

/** Over the channels of each place, or the values; Keras' `axis=-1`. */
export const layerNormalization = z.object({
  kind: z.literal('LayerNormalization'),
  ...named,
  epsilon: z.number().positive().max(1),
  center: z.boolean(),
  scale: z.boolean(),
});

/** Wu and He 2018: over the places and the channels of each group of channels. */
export const groupNormalization = z.object({
  kind: z.literal('GroupNormalization'),
  ...named,
  /** Of channels; their number divides by it. Keras' −1 is a group for each channel. */
  groups: size,
  epsilon: z.number().positive().max(1),
  center: z.boolean(),
  scale: z.boolean(),
});

/** Each channel less its mean, by its deviation, both fixed: keras.layers.Normalization after `adapt`. */
export const normalization = z.object({ kind: z.literal('Normalization'), ...named });

/** The channels of each place, or the values, to a length of 1. */
export const unitNormalization = z.object({ kind: z.literal('UnitNormalization'), ...named });

export const activationLayer = z.object({ kind: z.literal('Activation'), ...named, activation });

export const relu = z.object({
  kind: z.literal('ReLU'),
  ...named,
  /** Keras' `max_value`; absent = no limit. */
  maxValue: z.number().positive().optional(),
  negativeSlope: z.number().min(0).max(100),
  threshold: z.number().min(0).max(1e6),
});
export const leakyReLU = z.object({
  kind: z.literal('LeakyReLU'),
  ...named,
  negativeSlope: z.number().min(0).max(100),
});
export const pReLU = z.object({
  kind: z.literal('PReLU'),
  ...named,
  alphaInitializer: initializer,
  /** Keras' `shared_axes`: axes along which one alpha serves, from 1. */
  sharedAxes: z.array(whole(1, 3)).max(3).readonly(),
});
export const elu = z.object({ kind: z.literal('ELU'), ...named, alpha: z.number().min(0).max(100) });

const merging = <K extends string>(kind: K) => z.object({ kind: z.literal(kind), ...named });

export const zeroPadding2D = z.object({
  kind: z.literal('ZeroPadding2D'),
  ...named,
  /** Top and bottom, left and right. */
  padding: sides,
});
export const cropping2D = z.object({
  kind: z.literal('Cropping2D'),
  ...named,
  /** Top and bottom, left and right. */
  cropping: sides,
});

/** Keras' `keepdims`: as images of one place, height and width 1. */
const globally = { ...named, keepDims: z.boolean().optional() };
export const globalMaxPooling2D = z.object({ kind: z.literal('GlobalMaxPooling2D'), ...globally });
export const globalAveragePooling2D = z.object({ kind: z.literal('GlobalAveragePooling2D'), ...globally });

const pooling = { poolSize: window, ...sliding };
export const maxPooling2D = z.object({ kind: z.literal('MaxPooling2D'), ...named, ...pooling });
export const averagePooling2D = z.object({ kind: z.literal('AveragePooling2D'), ...named, ...pooling });

export const upSampling2D = z.object({
  kind: z.literal('UpSampling2D'),
  ...named,
  size: window,
  interpolation: z.enum(['nearest', 'bilinear']),
});

/** Bilinear, half-pixel centres; zeros beside the image keep its proportions, as Keras' `pad_to_aspect_ratio`. */
export const resizing = z.object({
  kind: z.literal('Resizing'),
  ...named,
  height: whole(1, 4096),
  width: whole(1, 4096),
});

/** x · scale + offset */
export const rescaling = z.object({
  kind: z.literal('Rescaling'),
  ...named,
  scale: z.number().min(-1e6).max(1e6),
  offset: z.number().min(-1e6).max(1e6),
});

/** The part of the values set to zero; the others are divided by 1 − rate. */
const rate = z.number().min(0).lt(1);
export const dropout = z.object({ kind: z.literal('Dropout'), ...named, rate });
/** Whole channels. */
export const spatialDropout2D = z.object({ kind: z.literal('SpatialDropout2D'), ...named, rate });
/** Added in training only. */
export const gaussianNoise = z.object({
  kind: z.literal('GaussianNoise'),
  ...named,
  stddev: z.number().min(0).max(1e6),
});

export const reshape = z.object({
  kind: z.literal('Reshape'),
  ...named,
  /** Without the batch; one side may be −1: what is left. */
  targetShape: z
    .array(z.union([whole(1, 2 ** 30), z.literal(-1)]))
    .min(1)
    .max(3)
    .readonly(),
});
export const permute = z.object({
  kind: z.literal('Permute'),
  ...named,
  /** Axes in their new order, from 1, without the batch. */
  dims: z.array(whole(1, 3)).min(1).max(3).readonly(),
});

export const dense = z.object({
  kind: z.literal('Dense'),
  ...named,
  /** `classes`: as many as the data set has. */
  units: z.union([size, z.literal('classes')]),
  activation,
  ...weights,
});

export const layerSpec = z.discriminatedUnion('kind', [
  conv2D,
  depthwiseConv2D,
  separableConv2D,
  conv2DTranspose,
  dense,
  maxPooling2D,
  averagePooling2D,
  /** Maximum and mean over all places of each channel. */
  globalMaxPooling2D,
  globalAveragePooling2D,
  batchNormalization,
  layerNormalization,
  groupNormalization,
  normalization,
  unitNormalization,
  dropout,
  spatialDropout2D,
  gaussianNoise,
  activationLayer,
  relu,
  leakyReLU,
  pReLU,
  elu,
  merging('Add'),
  /** The first less the second. */
  merging('Subtract'),
  merging('Multiply'),
  merging('Average'),
  merging('Maximum'),
  merging('Minimum'),
  /** Its inputs side by side, along the channels. */
  merging('Concatenate'),
  merging('Flatten'),
  reshape,
  permute,
  zeroPadding2D,
  cropping2D,
  upSampling2D,
  resizing,
  rescaling,
]);
export type LayerSpec = z.infer<typeof layerSpec>;
export type LayerKind = LayerSpec['kind'];
export type LayerOf<K extends LayerKind> = Extract<LayerSpec, { kind: K }>;
