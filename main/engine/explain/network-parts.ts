import { type tf } from '#engine/backend/tensors.ts';
import type { Network } from '#engine/model/network.ts';
import { placeLayers, type PlacedLayer } from '#engine/model/placement.ts';
import { inputName } from '#engine/model/spec.ts';
import { contributing } from './layer-choice.ts';

/** Values of layers by their names; `input` = the prepared pixels. */
type Values = Map<string, tf.Tensor>;

/**
 * A network cut in two at a layer: what comes before it is computed once, and only what comes after it is differentiated.
 * Both run inside tf.tidy, in inference mode, and end at the logits: the last layer's activation is left off.
 */
export class NetworkParts {
  readonly layers: readonly PlacedLayer[];
  /** [height, width, channel] of a picture. */
  readonly shape: readonly [number, number, number];
  readonly classes: number;
  readonly #network: Network;

  constructor(network: Network) {
    const [height = 0, width = 0, channels = 0] = (network.layers.inputs[0]?.shape ?? []).slice(1).map(Number);
    const classes = Number(network.layers.outputs[0]?.shape.at(-1));
    this.layers = contributing(placeLayers(network.spec, { height, width, channels, classes }));
    this.shape = [height, width, channels];
    this.classes = classes;
    this.#network = network;
  }

  /** @param pixels [batch, height, width, channel], 0…255 @returns [batch, class] */
  logits(pixels: tf.Tensor4D): tf.Tensor2D {
    return this.#network.logits(pixels, { training: false });
  }

  /**
   * @returns the layer's output [batch, height, width, channel] and what makes logits of such
   */
  cut(pixels: tf.Tensor4D, layer: string): { output: tf.Tensor4D; rest: (output: tf.Tensor4D) => tf.Tensor2D } {
    const after = this.#after(layer);
    const values: Values = new Map([[inputName, this.#network.prepared(pixels)]]);
    const before = this.layers.filter((each) => !after.includes(each));
    const wanted = new Set([layer, ...after.flatMap(({ inputs }) => inputs)]);
    this.#run(before, values, wanted);
    const rest = (output: tf.Tensor4D) => {
      const all: Values = new Map([...values, [layer, output]]);
      this.#run(after, all, null);
      return all.get(this.layers.at(-1)?.layer.name ?? '') as tf.Tensor2D;
    };
    return { output: values.get(layer) as tf.Tensor4D, rest };
  }

  /** Floating-point operations of a picture behind a layer; of the whole network without one. */
  flops(layer?: string): number {
    const layers = layer === undefined ? this.layers : this.#after(layer);
    return layers.reduce((sum, { facts }) => sum + facts.flops, 0);
  }

  /** Those that a layer has an influence on. */
  #after(layer: string): PlacedLayer[] {
    const reached = new Set([layer]);
    return this.layers.filter(({ layer: { name }, inputs }) => {
      const after = inputs.some((input) => reached.has(input));
      if (after) reached.add(name);
      return after;
    });
  }

  /** @param wanted what is still needed afterwards; null = all, as a gradient needs it */
  #run(layers: readonly PlacedLayer[], values: Values, wanted: ReadonlySet<string> | null): void {
    const uses = new Map<string, number>();
    for (const { inputs } of layers) for (const name of inputs) uses.set(name, (uses.get(name) ?? 0) + 1);
    for (const { layer, inputs } of layers) {
      const taken = inputs.map((name) => values.get(name) as tf.Tensor);
      const [only] = taken;
      const given = taken.length === 1 && only ? only : taken;
      const made = this.#network.layers.getLayer(layer.name).apply(given, { training: false }) as tf.Tensor;
      values.set(layer.name, made);
      if (!wanted) continue;
      for (const name of inputs) {
        const left = (uses.get(name) ?? 0) - 1;
        uses.set(name, left);
        const value = values.get(name);
        if (left > 0 || wanted.has(name) || value === made) continue;
        value?.dispose();
        values.delete(name);
      }
    }
  }
}
