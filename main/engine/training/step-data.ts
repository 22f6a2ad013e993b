import { tf } from '#engine/backend/tensors.ts';
import type { StepMode } from '#contract/training.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import type { StepParts } from './step.ts';

/** Images of one step as plain numbers, so that they can come from another thread. */
export interface Batch {
  readonly images: number;
  /** [images, height, width, channel], 0…255; or what a frozen part makes of them, [images, …] */
  readonly pixels: Uint8Array | Float32Array;
  readonly labels: Int32Array;
  /** How much the loss of each image counts; absent = 1. */
  readonly weights?: Float32Array | undefined;
}

export interface StepNumbers {
  /** Mean over the batch, with the auxiliary outputs' weighted losses and the regularizer. */
  readonly loss: number;
  /** Images that were right at the output that predicts. */
  readonly correct: number;
  /** Every output, the one that predicts first. */
  readonly outputs: readonly { readonly loss: number; readonly correct: number }[];
  /** Parts of each metric, to be summed. */
  readonly statistics: readonly Float32Array[];
}

/** A tensor outside TensorFlow. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The steps of one run. While there is one, its `state` is the truth, not the network's variables. */
export interface Steps {
  readonly mode: StepMode;
  /** One update. @param step from 1 */
  train(batch: Batch, step: number, learningRate: number): StepNumbers;
  evaluate(batch: Batch): StepNumbers;
  /** Copies of every network variable, then of every optimizer slot. */
  state(): NamedArray[];
  /** By name. Throws on what is missing or has another shape; nothing has changed then. */
  load(state: readonly NamedArray[]): void;
  /** Frees what the steps hold, not the network or the optimizer. */
  dispose(): void;
}

export interface StepsParts extends StepParts {
  readonly optimizer: Optimizer;
  readonly compile: boolean;
  /** Batches are of features in the place of pixels; absent = no. */
  readonly features?: boolean | undefined;
  /** Batch sizes that will come; told beforehand, their graphs are made at once. Others are made when they come. */
  readonly sizes?: { readonly train: readonly number[]; readonly evaluate: readonly number[] };
}

/** What goes into a step and how its numbers are packed. */
export interface Layout {
  /** Height, width, channels; of features what they have. */
  readonly image: readonly number[];
  readonly outputs: number;
  /** How many parts each metric has. */
  readonly sizes: readonly number[];
}

export function layoutOf({ network, metrics }: StepParts): Layout {
  const image = (network.layers.inputs[0]?.shape ?? []).slice(1).map(Number);
  const [, classes] = network.layers.outputs[0]?.shape ?? [];
  if (image.length === 0 || !image.every(Boolean) || !classes)
    throw new Error(`${network.spec.name} does not say its shapes.`);
  const sizes = metrics.map((metric) =>
    tf.tidy(() => {
      const { size } = metric.statistics(tf.zeros([1], 'int32'), tf.zeros([1, classes]));
      return size as unknown as tf.TensorContainer;
    }),
  ) as unknown as number[];
  return { image, outputs: network.outputs.length, sizes };
}

/** Takes the vector of a step apart. */
export function unpack(packed: Float32Array, { outputs, sizes }: Layout): StepNumbers {
  const each = Array.from({ length: outputs }, (_, place) => ({
    loss: packed[1 + 2 * place] ?? NaN,
    correct: packed[2 + 2 * place] ?? NaN,
  }));
  let at = 1 + 2 * outputs;
  const statistics = sizes.map((size) => packed.slice(at, (at += size)));
  return { loss: packed[0] ?? NaN, correct: each[0]?.correct ?? NaN, outputs: each, statistics };
}

/** Everything that a step changes. */
export function variablesOf({ network, optimizer }: Pick<StepsParts, 'network' | 'optimizer'>) {
  return [...network.variables, ...optimizer.slots];
}

/** The arrays in the order of the variables. Throws on what is missing or has another shape. */
export function inOrder(
  state: readonly NamedArray[],
  variables: readonly { readonly name: string; readonly variable: tf.Variable }[],
): NamedArray[] {
  const byName = new Map(state.map((array) => [array.name, array]));
  return variables.map(({ name, variable }) => {
    const found = byName.get(name);
    const expected = variable.shape.join('×');
    if (!found) throw new Error(`${name} is missing from the state.`);
    if (found.shape.join('×') !== expected) {
      throw new Error(`${name} is ${found.shape.join('×')} in the state; ${expected} was expected.`);
    }
    return found;
  });
}
