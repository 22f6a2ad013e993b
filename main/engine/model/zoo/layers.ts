import type { LayerList } from '../presets/layer-list.ts';
import type { LayerOf, LayerSpec } from '../spec.ts';
import { classCount } from './definition.ts';

/** Keras' defaults unless said. */
export function normalization(
  name: string,
  { momentum = 0.99, epsilon = 0.001, scale = true }: { momentum?: number; epsilon?: number; scale?: boolean } = {},
): LayerSpec {
  return { kind: 'BatchNormalization', name, momentum, epsilon, scale };
}

export const relu = (name: string): LayerSpec => ({ kind: 'Activation', name, activation: 'relu' });
export const relu6 = (name: string): LayerSpec => ({
  kind: 'ReLU',
  name,
  maxValue: 6,
  negativeSlope: 0,
  threshold: 0,
});

/** Of a convolution that a normalization follows. */
export const bare = { activation: 'linear', useBias: false } as const;

interface Sliding {
  readonly size: number;
  readonly stride?: number;
  readonly padding?: 'same' | 'valid';
}

export function depthwise(name: string, { size, stride = 1, padding = 'same' }: Sliding): LayerOf<'DepthwiseConv2D'> {
  return {
    kind: 'DepthwiseConv2D',
    name,
    kernelSize: [size, size],
    strides: [stride, stride],
    padding,
    depthMultiplier: 1,
    ...bare,
  };
}

export function separable(
  name: string,
  filters: number,
  { size, stride = 1, padding = 'same' }: Sliding,
): LayerOf<'SeparableConv2D'> {
  return {
    kind: 'SeparableConv2D',
    name,
    filters,
    kernelSize: [size, size],
    strides: [stride, stride],
    padding,
    depthMultiplier: 1,
    ...bare,
  };
}

/** Mean of each channel, then a probability a class. */
export function addHead(list: LayerList, at: string, pooling = 'avg_pool'): void {
  list.add({ kind: 'GlobalAveragePooling2D', name: pooling }, at);
  list.add({ kind: 'Dense', name: 'predictions', units: classCount, activation: 'softmax' });
}

/** Names that Keras gives to layers without one: `conv2d`, `conv2d_1`, `conv2d_2`… */
export class CountedNames {
  readonly #counts = new Map<string, number>();

  next(kind: string): string {
    const count = this.#counts.get(kind) ?? 0;
    this.#counts.set(kind, count + 1);
    return count === 0 ? kind : `${kind}_${count}`;
  }
}
