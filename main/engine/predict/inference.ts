import type { StepMode } from '#contract/training.ts';
import { AppError } from '#contract/failures.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Program } from '#engine/graph/program.ts';
import { Untraceable } from '#engine/graph/tracer.ts';
import type { Network } from '#engine/model/network.ts';
import { busy } from '#engine/pulse.ts';
import type { InputSize } from './picture.ts';

/**
 * Bytes of weights that go into a graph as constants. It makes ResNets faster, but TensorFlow looks at each constant
 * while it optimises the graph: VGG16 with its 553 MB took minutes for its first answer, and later ones were no faster.
 */
export const mostFrozen = 2 ** 28;

/** A network that predicts, as TensorFlow graphs where that can be done: one for each number of images at once. */
export class Inference {
  readonly size: InputSize;
  readonly #network: Network;
  #program: Program | null = null;
  #mode: StepMode;
  readonly #parts: { dispose(): void }[] = [];

  /** It owns the network from now on. Fails: `model/wrong-input`. */
  constructor(network: Network) {
    this.#network = network;
    this.size = inputSize(network);
    const compiled = tf.getBackend() === 'tensorflow';
    const frozen = network.parameters * 4 < mostFrozen;
    if (compiled)
      this.#program = new Program(
        network.variables.map(({ variable }) => variable),
        { frozen },
      );
    this.#mode = compiled ? { compiled } : { compiled, reason: `no TensorFlow (${tf.getBackend()})` };
  }

  /** It belongs to this. */
  get network(): Network {
    return this.#network;
  }

  get mode(): StepMode {
    return this.#mode;
  }

  /**
   * One forward pass; leaves no tensor behind.
   *
   * @param pixels [count, height, width, channel], 0…255
   * @returns [count, class]
   * Fails: `model/wrong-input`.
   */
  logits(pixels: Uint8Array, count: number): Float32Array {
    const { height, width, channels } = this.size;
    if (pixels.length !== count * height * width * channels) {
      const received = `${pixels.length / count} values`;
      const expected = `${height}×${width}×${channels}`;
      throw new AppError('model/wrong-input', `The network takes images of ${expected}; received ${received}.`, {
        expected,
        received,
      });
    }
    const done = busy('prediction'); // the first on a new GPU compiles for minutes, plain JavaScript takes seconds
    try {
      return (this.#program && this.#compiled(this.#program, pixels, count)) ?? this.#eager(pixels, count);
    } finally {
      done();
    }
  }

  /** Disposes of this too when it is disposed of itself: what was made of its network. */
  owns(part: { dispose(): void }): void {
    this.#parts.push(part);
  }

  dispose(): void {
    for (const part of this.#parts.splice(0)) part.dispose();
    this.#program?.dispose();
    this.#network.dispose();
  }

  #compiled(program: Program, pixels: Uint8Array, count: number): Float32Array | null {
    const name = `predict_${count}`;
    const { height, width, channels } = this.size;
    try {
      if (!program.has(name)) {
        const inputs = [{ name: 'pixels', type: 'uint8' as const, shape: [count, height, width, channels] }];
        const run = ([images]: readonly tf.Tensor[]) => [this.#forward(images as tf.Tensor4D)];
        program.add([{ name, inputs, run }]);
      }
    } catch (thrown) {
      if (!(thrown instanceof Untraceable)) throw thrown;
      this.#mode = { compiled: false, reason: thrown.message };
      this.#program = null;
      program.dispose();
      return null;
    }
    return (program.run(name, [pixels])[0] ?? new Float32Array()) as Float32Array;
  }

  #eager(pixels: Uint8Array, count: number): Float32Array {
    const { height, width, channels } = this.size;
    return tf.tidy(() => {
      const images = tf.tensor4d(Float32Array.from(pixels), [count, height, width, channels], 'float32');
      return this.#forward(images).dataSync<'float32'>();
    });
  }

  #forward(images: tf.Tensor4D): tf.Tensor2D {
    return this.#network.logits(images, { training: false });
  }
}

function inputSize(network: Network): InputSize {
  const [, height, width, channels] = network.layers.inputs[0]?.shape ?? [];
  if (!height || !width || !channels) {
    throw new AppError('model/wrong-input', 'The network does not say how large its images are.', {
      expected: 'height×width×channels',
      received: 'none',
    });
  }
  return { height, width, channels };
}
