import type { LayerKind, LayerSpec } from '../spec.ts';
import { activation, dense } from './dense.ts';
import { conv2D, conv2DTranspose, depthwiseConv2D, separableConv2D } from './convolutions.ts';
import { layerNormalization } from './layer-normalization.ts';
import { groupNormalization, normalization, unitNormalization } from './normalizations.ts';
import {
  average,
  globalAveragePooling2D,
  globalMaxPooling2D,
  maximum,
  minimum,
  multiply,
  subtract,
} from './merging.ts';
import { gaussianNoise, spatialDropout2D } from './noise.ts';
import { elu, leakyReLU, pReLU, relu } from './rectifiers.ts';
import { cropping2D, permute, rescaling, reshape, upSampling2D } from './shaping.ts';
import type { Written } from './written.ts';

const kinds = {
  Activation: activation,
  Dense: dense,
  Conv2D: conv2D,
  DepthwiseConv2D: depthwiseConv2D,
  SeparableConv2D: separableConv2D,
  Conv2DTranspose: conv2DTranspose,
  GlobalMaxPooling2D: globalMaxPooling2D,
  GlobalAveragePooling2D: globalAveragePooling2D,
  LayerNormalization: layerNormalization,
  GroupNormalization: groupNormalization,
  Normalization: normalization,
  UnitNormalization: unitNormalization,
  SpatialDropout2D: spatialDropout2D,
  GaussianNoise: gaussianNoise,
  ReLU: relu,
  LeakyReLU: leakyReLU,
  PReLU: pReLU,
  ELU: elu,
  Subtract: subtract,
  Multiply: multiply,
  Average: average,
  Maximum: maximum,
  Minimum: minimum,
  Reshape: reshape,
  Permute: permute,
  Cropping2D: cropping2D,
  UpSampling2D: upSampling2D,
  Rescaling: rescaling,
} satisfies { readonly [K in LayerKind]?: Written<K> };

/** How a layer of this kind is computed; the others are layers of tfjs or of their own files. */
export function writtenKind({ kind }: LayerSpec): Written<LayerKind> | undefined {
  // A kind is given its own layers alone, which the type of a table cannot say.
  return (kinds as Readonly<Record<string, unknown>>)[kind] as Written<LayerKind> | undefined;
}
