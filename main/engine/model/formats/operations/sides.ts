import type { Sides } from './operation.ts';

type Pair = readonly [number, number];

interface Window {
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilation?: Pair;
  readonly padding: 'same' | 'valid';
}

/**
 * The zeros that TensorFlow's SAME puts beside an image: as many as the last window reaches over it, the odd one behind
 * (tensorflow/core/framework/kernel_shape_util.cc).
 *
 * @param input height, width
 */
export function sidesOf(input: readonly number[], { kernel, strides, dilation = [1, 1], padding }: Window): Sides {
  const along = (axis: 0 | 1): Pair => {
    if (padding === 'valid') return [0, 0];
    const length = input[axis] ?? 1;
    const reach = (kernel[axis] - 1) * dilation[axis] + 1;
    const beside = Math.max((Math.ceil(length / strides[axis]) - 1) * strides[axis] + reach - length, 0);
    return [Math.floor(beside / 2), Math.ceil(beside / 2)];
  };
  return [along(0), along(1)];
}
