import { AppError } from '#contract/failures.ts';
import type { LayerSpec } from './spec.ts';

/** What a layer makes of its input: shapes without the batch axis. */
export interface LayerFacts {
  readonly outputShape: readonly number[];
  /** In the order of the layer's weights: kernel, bias. */
  readonly weights: readonly { readonly name: 'kernel' | 'bias'; readonly shape: readonly number[] }[];
  /** Multiply-adds × 2 for one image. Activations, pooling and dropout count as nothing, as in the papers. */
  readonly flops: number;
  readonly settings: string;
}

/** Fails: `model/wrong-input`, naming the layer, when nothing would be left of the image. */
export function layerFacts(layer: LayerSpec, input: readonly number[], classes: number): LayerFacts {
  switch (layer.kind) {
    case 'Conv2D': {
      const [height, width, channels] = plane(layer, input);
      const [rows, columns] = layer.kernelSize;
      const out = slide(layer, [height, width], layer.kernelSize, layer.strides, layer.padding);
      return {
        outputShape: [...out, layer.filters],
        weights: [
          { name: 'kernel', shape: [rows, columns, channels, layer.filters] },
          { name: 'bias', shape: [layer.filters] },
        ],
        flops: 2 * out[0] * out[1] * layer.filters * rows * columns * channels,
        settings: words(`${rows}×${columns}`, `${layer.filters} filters`, layer.padding, active(layer.activation)),
      };
    }
    case 'MaxPooling2D': {
      const [height, width, channels] = plane(layer, input);
      const out = slide(layer, [height, width], layer.poolSize, layer.strides, layer.padding);
      return { outputShape: [...out, channels], weights: [], flops: 0, settings: layer.poolSize.join('×') };
    }
    case 'Dropout':
      return { outputShape: input, weights: [], flops: 0, settings: `rate ${layer.rate}` };
    case 'Flatten':
      return { outputShape: [product(input)], weights: [], flops: 0, settings: '' };
    case 'Dense': {
      const [inputs, ...rest] = input;
      if (inputs === undefined || rest.length > 0) throw wrong(layer, 'a row of values', input);
      const units = layer.units === 'classes' ? classes : layer.units;
      return {
        outputShape: [units],
        weights: [
          { name: 'kernel', shape: [inputs, units] },
          { name: 'bias', shape: [units] },
        ],
        flops: 2 * inputs * units,
        settings: words(`${units} units`, active(layer.activation)),
      };
    }
  }
}

export function product(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}

/** Output sides of a sliding window, as TensorFlow's padding SAME and VALID. */
function slide(
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
  if (out[0] < 1 || out[1] < 1) throw wrong(layer, `images of at least ${window.join('×')}`, sides);
  return out;
}

function plane(layer: LayerSpec, input: readonly number[]): [number, number, number] {
  const [height, width, channels] = input;
  if (height === undefined || width === undefined || channels === undefined) {
    throw wrong(layer, 'height×width×channels', input);
  }
  return [height, width, channels];
}

function wrong(layer: LayerSpec, expected: string, received: readonly number[]): AppError {
  const got = received.join('×');
  return new AppError(
    'model/wrong-input',
    `Layer "${layer.name}" (${layer.kind}) takes ${expected}; received ${got}.`,
    {
      expected,
      received: got,
      layer: layer.name,
    },
  );
}

const active = (activation: string) => (activation === 'linear' ? '' : activation);
const words = (...parts: string[]) => parts.filter((part) => part !== '').join(', ');
