import { AppError } from '#contract/failures.ts';
import type { LayerSpec } from '../spec.ts';

/** Without the batch axis. */
export type Shape = readonly number[];

/** What a layer makes of its input. */
export interface LayerFacts {
  readonly outputShape: Shape;
  /** In the order in which Keras keeps the layer's weights. */
  readonly weights: readonly WeightFacts[];
  /** Multiply-adds × 2 for one image. Activations, pooling and dropout count as nothing, as in the papers. */
  readonly flops: number;
  readonly settings: string;
}

export interface WeightFacts {
  readonly name:
    | 'kernel'
    | 'depthwise_kernel'
    | 'pointwise_kernel'
    | 'bias'
    | 'gamma'
    | 'beta'
    | 'alpha'
    | 'moving_mean'
    | 'moving_variance'
    | 'mean'
    | 'variance';
  readonly shape: Shape;
  /** Moving statistics are not: the forward pass keeps them. */
  readonly trainable: boolean;
}

export const trained = (name: WeightFacts['name'], shape: Shape): WeightFacts => ({ name, shape, trainable: true });
export const biasOf = (useBias: boolean | undefined, values: number) =>
  (useBias ?? true) ? [trained('bias', [values])] : [];
export const plain = (outputShape: Shape, settings = ''): LayerFacts => ({
  outputShape,
  weights: [],
  flops: 0,
  settings,
});

export function product(shape: Shape): number {
  return shape.reduce((size, side) => size * side, 1);
}

/** Output sides of a sliding window, as TensorFlow's padding SAME and VALID. Fails: `model/too-small`. */
export function slide(
  layer: LayerSpec,
  sides: readonly [number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: 'same' | 'valid',
): [number, number] {
  const along = (axis: 0 | 1) =>
    padding === 'same'
      ? Math.ceil(sides[axis] / strides[axis])
      : Math.floor((sides[axis] - window[axis]) / strides[axis]) + 1;
  const out: [number, number] = [along(0), along(1)];
  if (out[0] < 1 || out[1] < 1) throw wrongInput(layer, { need: 'least', size: window.join('×') }, sides);
  return out;
}

/** Fails: `model/needs-image` when the layer's input has no height, width and channels. */
export function plane(layer: LayerSpec, input: Shape): [number, number, number] {
  const [height, width, channels] = input;
  if (height === undefined || width === undefined || channels === undefined) {
    throw wrongInput(layer, { need: 'image', size: 'height×width×channels' }, input);
  }
  return [height, width, channels];
}

/** Of a pooling over all places: a value for each channel, or an image of one place. Fails: `model/needs-image`. */
export function pooled(layer: LayerSpec & { readonly keepDims?: boolean | undefined }, input: Shape): Shape {
  const [, , channels] = plane(layer, input);
  return layer.keepDims ? [1, 1, channels] : [channels];
}

/**
 * What comes of inputs that are joined value by value: a side of 1 serves for all of the others', as in Keras.
 * Fails: `model/shapes-differ`.
 */
export function joinedShape(layer: LayerSpec, inputs: readonly Shape[]): Shape {
  const [first = [], ...others] = inputs;
  return others.reduce((joined, shape) => {
    const fit =
      shape.length === joined.length &&
      shape.every((side, axis) => side === joined[axis] || side === 1 || joined[axis] === 1);
    if (!fit) throw wrongInput(layer, { need: 'same', size: joined.join('×') }, shape);
    return joined.map((side, axis) => Math.max(side, shape[axis] ?? 1));
  }, first);
}

/** What a layer takes; each need has its failure. */
export interface Need {
  readonly need: 'image' | 'row' | 'least' | 'same' | 'planes';
  readonly size: string;
}

const needs = {
  image: { code: 'model/needs-image', said: (size: string) => size },
  row: { code: 'model/needs-row', said: () => 'a row of values' },
  least: { code: 'model/too-small', said: (size: string) => `images of at least ${size}` },
  same: { code: 'model/shapes-differ', said: (size: string) => `inputs of one shape, ${size}` },
  planes: { code: 'model/shapes-differ', said: (size: string) => `planes of ${size}` },
} as const;

export function wrongInput(layer: LayerSpec, { need, size }: Need, received: Shape): AppError {
  const got = received.join('×');
  const { code, said } = needs[need];
  const message = `Layer "${layer.name}" (${layer.kind}) takes ${said(size)}; received ${got}.`;
  return new AppError(code, message, { layer: layer.name, size, received: got });
}

/** An argument that cannot be. @param setting by Keras' name */
export function wrongSetting(layer: LayerSpec, setting: string, expected: string, received: string): AppError {
  const message = `Layer "${layer.name}" (${layer.kind}): ${setting} must be ${expected}; received ${received}.`;
  return new AppError('model/wrong-setting', message, { layer: layer.name, setting, expected, received });
}

export const active = (activation: string) => (activation === 'linear' ? '' : activation);
/** Said only where it is not the usual. */
export const dilated = (rate: readonly number[] | undefined) =>
  rate && rate.some((each) => each > 1) ? `dilation ${rate.join('×')}` : '';
export const words = (...parts: string[]) => parts.filter((part) => part !== '').join(', ');
