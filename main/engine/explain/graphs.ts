import { AppError } from '#contract/failures.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Program, type Input } from '#engine/graph/program.ts';
import { Untraceable } from '#engine/graph/tracer.ts';
import type { Network } from '#engine/model/network.ts';
import { mostFrozen } from '#engine/predict/inference.ts';
import { busy } from '#engine/pulse.ts';

type Given = Uint8Array | Float32Array | Int32Array;

/** A function of tensors, given values: as a TensorFlow graph, or at once. */
export interface Task {
  readonly name: string;
  readonly inputs: readonly Input[];
  run(inputs: readonly tf.Tensor[]): readonly tf.Tensor[];
}

/** Bytes of weights as constants in all graphs of one network together. */
const mostConstants = 2 ** 30;
/** Floating-point operations of plain JavaScript for one answer: about a minute. */
const mostPlain = 3e9;
/** Graphs of a network kept ready: a few layers and methods to go to and fro between. */
const mostKept = 6;

/**
 * Functions of one network as TensorFlow graphs, each compiled once and kept while it is used. Weights are constants in
 * them, so that TensorFlow joins convolution, normalization and activation, unless they are to change. On other backends
 * operation by operation.
 */
export class Graphs {
  readonly #network: Network;
  readonly #frozen: boolean;
  readonly #most: number;
  /** The one used last at the end; null = cannot be compiled. */
  readonly #programs = new Map<string, Program | null>();

  /** @param changing the weights will be written to */
  constructor(network: Network, { changing = false } = {}) {
    this.#network = network;
    const bytes = network.parameters * 4;
    this.#frozen = !changing && bytes < mostFrozen;
    this.#most = Math.max(1, Math.min(mostKept, Math.floor(mostConstants / Math.max(1, bytes))));
  }

  /**
   * @returns the function's tensors, float32 or int32
   * Fails: `explain/no-gradients` on an engine that has none of some operation.
   */
  run(task: Task, values: readonly Given[]): Float32Array[] {
    const done = busy('explaining'); // the first of a kind is compiled, on a new GPU for minutes
    try {
      const program = this.#program(task);
      if (program) return program.run(task.name, values) as Float32Array[];
      return eagerly(task, values);
    } finally {
      done();
    }
  }

  /** New weights, one for each variable of the network, for all that is computed from now on. */
  write(values: readonly Float32Array[]): void {
    for (const [place, { variable }] of this.#network.variables.entries()) {
      tf.tidy(() => variable.assign(tf.tensor(values[place] ?? new Float32Array(), variable.shape)));
    }
    for (const program of this.#programs.values()) program?.write(values);
  }

  dispose(): void {
    for (const program of this.#programs.values()) program?.dispose();
    this.#programs.clear();
  }

  #program(task: Task): Program | null {
    const known = this.#programs.get(task.name);
    const program = known === undefined ? this.#compile(task) : known;
    this.#programs.delete(task.name);
    this.#programs.set(task.name, program);
    for (const [name, oldest] of this.#programs) {
      if (this.#programs.size <= this.#most) break;
      oldest?.dispose();
      this.#programs.delete(name);
    }
    return program;
  }

  #compile(task: Task): Program | null {
    if (tf.getBackend() !== 'tensorflow') return null;
    const variables = this.#network.variables.map(({ variable }) => variable);
    const program = new Program(variables, { frozen: this.#frozen });
    try {
      program.add([task]);
      return program;
    } catch (thrown) {
      program.dispose();
      if (thrown instanceof Untraceable) return null;
      throw thrown;
    }
  }
}

function eagerly({ inputs, run }: Task, values: readonly Given[]): Float32Array[] {
  let made: readonly tf.Tensor[] = [];
  try {
    return tf.tidy(() => {
      const tensors = inputs.map(({ shape, type }, place) => {
        const given = values[place] ?? [];
        return tf.tensor(type === 'int32' ? Int32Array.from(given) : Float32Array.from(given), [...shape]);
      });
      made = run(tensors);
      return made.map((tensor) => tensor.dataSync<'float32'>());
    }) as unknown as Float32Array[];
  } catch (thrown) {
    if (thrown instanceof Error && /[Kk]ernel '\w+' not registered/.test(thrown.message)) throw noGradients(thrown);
    throw thrown;
  }
}

/**
 * Without TensorFlow gradients are computed in plain JavaScript, where large networks would take many minutes. Three times
 * the work of a prediction. Fails: `explain/no-gradients`.
 */
export function refuseEndless(flops: number): void {
  if (tf.getBackend() !== 'tensorflow' && 3 * flops > mostPlain) throw noGradients();
}

function noGradients(cause?: unknown): AppError {
  const engine = tf.getBackend();
  return new AppError('explain/no-gradients', `This engine (${engine}) has no gradients for this.`, { engine }, cause);
}
