import { tf } from '#engine/backend/tensors.ts';
import { Program } from '#engine/graph/program.ts';
import { Untraceable } from '#engine/graph/tracer.ts';
import type { Network } from '#engine/model/network.ts';
import type { FrozenPart } from './frozen-part.ts';
import type { SplitNetwork } from './split-network.ts';

/** Bytes of weights that go into a graph as constants; TensorFlow takes no graph of 2 GB. */
const mostConstant = 2 ** 30;

/** The frozen part of a network as a TensorFlow graph where that can be done: one for each number of images at once. */
export class FeatureGraph {
  readonly #split: Pick<SplitNetwork, 'features'>;
  readonly #image: readonly number[];
  #program: Program | null = null;

  constructor(network: Network, split: Pick<SplitNetwork, 'features'>, { before }: FrozenPart) {
    this.#split = split;
    this.#image = (network.layers.inputs[0]?.shape ?? []).slice(1).map(Number);
    if (tf.getBackend() !== 'tensorflow') return;
    const names = new Set(before.map(({ layer }) => layer.name));
    const variables = network.variables.filter(({ name }) => names.has(name.slice(0, name.lastIndexOf('/'))));
    const bytes = variables.reduce((sum, { variable }) => sum + 4 * variable.size, 0);
    this.#program = new Program(
      variables.map(({ variable }) => variable),
      { frozen: bytes < mostConstant },
    );
  }

  /** @param pixels [images, height, width, channel], 0…255 @returns [images, …] */
  run(pixels: Uint8Array, images: number): Float32Array {
    return (this.#program && this.#compiled(this.#program, pixels, images)) ?? this.#eager(pixels, images);
  }

  dispose(): void {
    this.#program?.dispose();
    this.#program = null;
  }

  #compiled(program: Program, pixels: Uint8Array, images: number): Float32Array | null {
    const name = `features_${images}`;
    try {
      if (!program.has(name)) {
        const inputs = [{ name: 'pixels', type: 'uint8' as const, shape: [images, ...this.#image] }];
        program.add([{ name, inputs, run: ([given]) => [this.#split.features(given as tf.Tensor4D)] }]);
      }
    } catch (thrown) {
      if (!(thrown instanceof Untraceable)) throw thrown;
      this.dispose();
      return null;
    }
    return (program.run(name, [pixels])[0] ?? new Float32Array()) as Float32Array;
  }

  #eager(pixels: Uint8Array, images: number): Float32Array {
    return tf.tidy(() => {
      const [height = 0, width = 0, channels = 0] = this.#image;
      const given = tf.tensor4d(Float32Array.from(pixels), [images, height, width, channels], 'float32');
      return this.#split.features(given).dataSync<'float32'>().slice();
    });
  }
}
