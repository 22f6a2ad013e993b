import type { Shape } from '../../layers/shapes.ts';
import type { NamedValues } from '../../safetensors.ts';

/**
 * A network as plain operations, between our layers and the graphs of other programs: everything with static shapes,
 * without the batch axis, images as [height, width, channel].
 */
export interface Operations {
  readonly input: Value;
  /** Probabilities, one a class. */
  readonly output: Value;
  /** In an order in which they can be computed. */
  readonly operations: readonly Operation[];
}

/** What goes from operation to operation. */
export interface Value {
  readonly name: string;
  readonly shape: Shape;
}

export type Constant = NamedValues;

type Pair = readonly [number, number];
/** Top and bottom, left and right. */
export type Sides = readonly [Pair, Pair];

interface Sliding {
  readonly strides: Pair;
  /** As TensorFlow's SAME and VALID. */
  readonly padding: 'same' | 'valid';
}

export type Unary =
  | 'relu'
  | 'relu6'
  | 'softmax'
  | 'elu'
  | 'tanh'
  | 'sigmoid'
  | 'exponential'
  | 'abs'
  | 'rsqrt'
  /** 1 where the value is above zero, 0 elsewhere. */
  | 'positive'
  /** Those below only of targets that say so. */
  | 'log'
  | 'erf'
  | 'gelu'
  | 'softplus'
  | 'hard_silu';

export type Binary = 'add' | 'subtract' | 'multiply' | 'maximum' | 'minimum';

export type What =
  | ({
      readonly op: 'convolution';
      /** [height, width, in, out] */
      readonly kernel: Constant;
      readonly bias: Constant | null;
      readonly dilation: Pair;
    } & Sliding)
  | ({
      readonly op: 'depthwise';
      /** [height, width, in, multiplier] */
      readonly kernel: Constant;
      readonly bias: Constant | null;
      readonly dilation: Pair;
    } & Sliding)
  | ({
      readonly op: 'transposed-convolution';
      /** [height, width, out, in] */
      readonly kernel: Constant;
      readonly bias: Constant | null;
    } & Sliding)
  /** Of a row; kernel [in, out]. */
  | { readonly op: 'dense'; readonly kernel: Constant; readonly bias: Constant | null }
  /** γ·(x − mean)/√(variance + ε) + β of images, each [channel]. */
  | {
      readonly op: 'normalization';
      readonly gamma: Constant;
      readonly beta: Constant;
      readonly mean: Constant;
      readonly variance: Constant;
      readonly epsilon: number;
    }
  /** Places beside the image do not count, in the average neither. */
  | ({ readonly op: 'max-pool' | 'average-pool'; readonly window: Pair } & Sliding)
  /** Over all places, from [height, width, channel] to [channel]. */
  | { readonly op: 'global-mean' | 'global-maximum' }
  /** Over the last axis, which stays with one value. */
  | { readonly op: 'last-mean' }
  | { readonly op: 'unary'; readonly how: Unary }
  | { readonly op: 'leaky-relu'; readonly slope: number }
  /** Of two inputs with as many axes; a side of 1 serves for all of the other's. */
  | { readonly op: 'binary'; readonly how: Binary }
  /** With a constant that is spread along axes on the left and axes of 1. */
  | { readonly op: 'with-constant'; readonly how: Binary; readonly constant: Constant }
  /** Along the last axis. */
  | { readonly op: 'concatenate' }
  | { readonly op: 'reshape' }
  /** Axes in their new order, from 0, without the batch. */
  | { readonly op: 'permute'; readonly order: readonly number[] }
  /** With zeros. */
  | { readonly op: 'pad'; readonly sides: Sides }
  | { readonly op: 'crop'; readonly sides: Sides }
  /** Bilinear with half-pixel centres; nearest by whole factors. */
  | { readonly op: 'resize'; readonly how: 'nearest' | 'bilinear' }
  /** The last axis, back to front. */
  | { readonly op: 'reverse-channels' };

export interface Operation {
  /** One of a kind; its output has the same. */
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly what: What;
}

/** Operations one after another. */
export class OperationList {
  readonly operations: Operation[] = [];
  readonly #names = new Map<string, number>();
  #scope = '';

  /** What follows belongs to this layer. */
  enter(scope: string): void {
    this.#scope = scope;
  }

  add(label: string, what: What, inputs: readonly Value[], shape: Shape): Value {
    const name = this.name(label);
    const output = { name, shape };
    this.operations.push({ name, inputs, output, what });
    return output;
  }

  unary(how: Unary, x: Value): Value {
    return this.add(how, { op: 'unary', how }, [x], x.shape);
  }

  /** @param b a value, or a constant, or a number, or numbers by the last axis */
  binary(how: Binary, a: Value, b: Value | Constant | number | readonly number[]): Value {
    if (typeof b === 'object' && 'shape' in b && !('values' in b)) {
      const shape = a.shape.map((side, axis) => Math.max(side, b.shape[axis] ?? 1));
      return this.add(how, { op: 'binary', how }, [a, b], shape);
    }
    const constant = typeof b === 'object' && 'shape' in b ? b : this.constant(how, b);
    return this.add(how, { op: 'with-constant', how, constant: constant as Constant }, [a], a.shape);
  }

  constant(label: string, values: number | readonly number[]): Constant {
    const shape = typeof values === 'number' ? [] : [values.length];
    return { name: this.name(`${label}_by`), shape, values: Float32Array.from([values].flat()) };
  }

  name(label: string): string {
    const wanted = this.#scope === '' ? label : `${this.#scope}/${label}`;
    const count = this.#names.get(wanted) ?? 0;
    this.#names.set(wanted, count + 1);
    return count === 0 ? wanted : `${wanted}_${count}`;
  }
}
