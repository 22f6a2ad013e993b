import { type tf } from '#engine/backend/tensors.ts';
import { activationMap, channelWeights } from './class-activation.ts';
import { refuseEndless, type Graphs } from './graphs.ts';
import type { NetworkParts } from './network-parts.ts';
import { gradientOf } from './scores.ts';

/** Graphs that look at a layer. Which class is asked about is an input of theirs: another one compiles nothing. */
export class ActivationMaps {
  readonly #parts: NetworkParts;
  readonly #graphs: Graphs;

  constructor(parts: NetworkParts, graphs: Graphs) {
    this.#parts = parts;
    this.#graphs = graphs;
  }

  /**
   * Scores and maps in one pass: up to the layer forward only, from there forward and back.
   *
   * @param pixels [count, height, width, channel], 0…255
   * @returns logits [count, class]; maps [count, height, width] of the layer, not divided
   */
  run(
    pixels: Uint8Array,
    classes: readonly (number | null)[],
    method: keyof typeof channelWeights,
    layer: string,
  ): { logits: Float32Array; maps: Float32Array } {
    const count = classes.length;
    refuseEndless(this.#parts.flops(layer) * count);
    const run = ([images, indices]: readonly tf.Tensor[]) => {
      const { output, rest } = this.#parts.cut(images as tf.Tensor4D, layer);
      const { logits, gradient } = gradientOf(output, indices as tf.Tensor1D, rest);
      return [logits, activationMap(output, channelWeights[method](output, gradient))];
    };
    const inputs = [this.#images(count), { name: 'classes', type: 'int32' as const, shape: [count] }];
    const task = { name: `${method.replaceAll(/\W/g, '_')}_${this.#number(layer)}_${count}`, inputs, run };
    const [logits, maps] = this.#graphs.run(task, [pixels, Int32Array.from(classes, (index) => index ?? -1)]);
    return { logits: logits ?? new Float32Array(), maps: maps ?? new Float32Array() };
  }

  /** A layer's output for one picture: [height, width, channel]. */
  activations(pixels: Uint8Array, layer: string): Float32Array {
    const run = ([images]: readonly tf.Tensor[]) => [this.#parts.cut(images as tf.Tensor4D, layer).output];
    const task = { name: `activations_${this.#number(layer)}`, inputs: [this.#images(1)], run };
    return this.#graphs.run(task, [pixels])[0] ?? new Float32Array();
  }

  logits(pixels: Uint8Array, count: number): Float32Array {
    const run = ([images]: readonly tf.Tensor[]) => [this.#parts.logits(images as tf.Tensor4D)];
    return (
      this.#graphs.run({ name: `logits_${count}`, inputs: [this.#images(count)], run }, [pixels])[0] ??
      new Float32Array()
    );
  }

  #images(count: number) {
    return { name: 'pixels', type: 'uint8' as const, shape: [count, ...this.#parts.shape] };
  }

  /** Names of layers may have signs that a graph's names do not. */
  #number(layer: string): number {
    return this.#parts.layers.findIndex((each) => each.layer.name === layer);
  }
}
