import type { StepMode } from '#contract/training.ts';
import type { tf } from '#engine/backend/tensors.ts';
import { Program, type Input, type Traceable } from '#engine/graph/program.ts';
import { Untraceable } from '#engine/graph/tracer.ts';
import { EagerSteps } from './eager-steps.ts';
import { evaluationStep, trainingStep, type StepInputs } from './step.ts';
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

/** One call of TensorFlow for a whole step. A graph is made for each batch size: an epoch's last batch is smaller. */
export class CompiledSteps implements Steps {
  readonly #parts: StepsParts;
  readonly #layout: Layout;
  readonly #program: Program;
  /** Takes over when a step turns out to be no graph. */
  #eager: EagerSteps | null = null;

  constructor(parts: StepsParts) {
    this.#parts = parts;
    this.#layout = layoutOf(parts);
    this.#program = new Program(variablesOf(parts).map(({ variable }) => variable));
    const { train = [], evaluate = [] } = parts.sizes ?? {};
    const training = [...new Set(train)].map((images) => this.#training(images));
    this.#prepare([...training, ...[...new Set(evaluate)].map((images) => this.#evaluation(images))]);
  }

  get mode(): StepMode {
    return this.#eager?.mode ?? { compiled: true };
  }

  train(batch: Batch, step: number, learningRate: number): StepNumbers {
    if (!this.#prepare([this.#training(batch.images)])) return this.#instead.train(batch, step, learningRate);
    const scalars = [Int32Array.of(step), Float32Array.of(learningRate)];
    return this.#run(trainingName(batch.images), [...arrays(batch), ...scalars]);
  }

  evaluate(batch: Batch): StepNumbers {
    if (!this.#prepare([this.#evaluation(batch.images)])) return this.#instead.evaluate(batch);
    return this.#run(evaluationName(batch.images), arrays(batch));
  }

  state(): NamedArray[] {
    if (this.#eager) return this.#eager.state();
    const values = this.#program.read();
    return variablesOf(this.#parts).map(({ name, variable: { shape } }, place) => {
      return { name, shape, values: values[place] ?? new Float32Array() };
    });
  }

  load(state: readonly NamedArray[]): void {
    if (this.#eager) return this.#eager.load(state);
    this.#program.write(inOrder(state, variablesOf(this.#parts)).map(({ values }) => values));
  }

  dispose(): void {
    this.#program.dispose();
  }

  #run(name: string, values: Parameters<Program['run']>[1]): StepNumbers {
    const [packed = new Float32Array()] = this.#program.run(name, values);
    return unpack(packed as Float32Array, this.#layout);
  }

  /** Whether these steps are graphs now. If one cannot be, none will be, and what was reached so far goes on from there. */
  #prepare(steps: readonly Traceable[]): boolean {
    if (this.#eager) return false;
    const fresh = steps.filter(({ name }) => !this.#program.has(name));
    if (fresh.length === 0) return true;
    try {
      this.#program.add(fresh);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof Untraceable)) throw thrown;
      const state = this.state();
      this.#eager = new EagerSteps(this.#parts, thrown.message);
      this.#eager.load(state);
      this.#program.dispose();
      return false;
    }
  }

  get #instead(): EagerSteps {
    if (!this.#eager) throw new Error('The steps are compiled.');
    return this.#eager;
  }

  #training(images: number): Traceable {
    return {
      name: trainingName(images),
      inputs: [
        ...this.#inputs(images),
        { name: 'step', type: 'int32', shape: [] },
        { name: 'learning_rate', type: 'float32', shape: [] },
      ],
      run: ([pixels, labels, weights, step, learningRate]) => {
        const inputs = { pixels, labels, weights } as StepInputs;
        return [trainingStep(this.#parts, inputs, step as tf.Scalar, learningRate as tf.Scalar)];
      },
    };
  }

  #evaluation(images: number): Traceable {
    return {
      name: evaluationName(images),
      inputs: this.#inputs(images),
      run: ([pixels, labels, weights]) => [evaluationStep(this.#parts, { pixels, labels, weights } as StepInputs)],
    };
  }

  #inputs(images: number): Input[] {
    return [
      { name: 'pixels', type: this.#parts.features ? 'float32' : 'uint8', shape: [images, ...this.#layout.image] },
      { name: 'labels', type: 'int32', shape: [images] },
      { name: 'weights', type: 'float32', shape: [images] },
    ];
  }
}

const trainingName = (images: number) => `train_${images}`;
const evaluationName = (images: number) => `evaluate_${images}`;

function arrays({ pixels, labels, weights, images }: Batch) {
  return [pixels, labels, weights ?? new Float32Array(images).fill(1)];
}
