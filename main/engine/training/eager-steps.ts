import type { StepMode } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { evaluationStep, trainingStep, type PackedNumbers, type StepInputs } from './step.ts';
import {
  inOrder,
  layoutOf,
  unpack,
  variablesOf,
  type Layout,
  type Batch,
  type NamedArray,
  type StepNumbers,
  type Steps,
  type StepsParts,
} from './step-data.ts';

/** Each operation is a call of its own: slower, and possible with every backend. */
export class EagerSteps implements Steps {
  readonly mode: StepMode;
  readonly #parts: StepsParts;
  readonly #layout: Layout;

  constructor(parts: StepsParts, reason: string) {
    this.#parts = parts;
    this.#layout = layoutOf(parts);
    this.mode = { compiled: false, reason };
  }

  train(batch: Batch, step: number, learningRate: number): StepNumbers {
    return this.#read(
      (inputs) => trainingStep(this.#parts, inputs, tf.scalar(step, 'int32'), tf.scalar(learningRate, 'float32')),
      batch,
    );
  }

  evaluate(batch: Batch): StepNumbers {
    return this.#read((inputs) => evaluationStep(this.#parts, inputs), batch);
  }

  state(): NamedArray[] {
    return variablesOf(this.#parts).map(({ name, variable }) => ({
      name,
      shape: variable.shape,
      values: variable.dataSync<'float32'>().slice(),
    }));
  }

  load(state: readonly NamedArray[]): void {
    const variables = variablesOf(this.#parts);
    const values = inOrder(state, variables);
    tf.tidy(() => {
      for (const [place, { variable }] of variables.entries()) {
        variable.assign(tf.tensor((values[place] as NamedArray).values.slice(), variable.shape));
      }
    });
  }

  dispose(): void {
    // It holds nothing of its own.
  }

  #images({ pixels, images }: Batch): tf.Tensor4D {
    const given = tf.tensor(Float32Array.from(pixels), [images, ...this.#layout.image], 'float32');
    return given as tf.Tensor as tf.Tensor4D;
  }

  #read(step: (inputs: StepInputs) => PackedNumbers, batch: Batch): StepNumbers {
    let numbers: Float32Array = new Float32Array();
    tf.tidy(() => {
      const packed = step({
        pixels: this.#images(batch),
        labels: tf.tensor1d(batch.labels, 'int32'),
        weights: tf.tensor1d(batch.weights ?? new Float32Array(batch.images).fill(1), 'float32'),
      });
      numbers = packed.dataSync<'float32'>();
    });
    return unpack(numbers, this.#layout);
  }
}
