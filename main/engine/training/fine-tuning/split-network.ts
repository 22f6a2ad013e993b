import { tf } from '#engine/backend/tensors.ts';
import type { Mode, Network } from '#engine/model/network.ts';
import type { FrozenPart } from './frozen-part.ts';

/** A network in two: its frozen part, and what is trained. Both have the network's own layers and weights. */
export interface SplitNetwork {
  /** Inside tf.tidy. @param pixels [batch, height, width, channel], 0…255 @returns [batch, …] */
  features(pixels: tf.Tensor4D): tf.Tensor;
  /** Takes features for pixels; it has every variable of the whole. Disposed of before the network. */
  readonly tail: Network;
}

let made = 0;

export function splitNetwork(network: Network, { layer, shape, after }: FrozenPart): SplitNetwork {
  const cut = network.layers.getLayer(layer).output as tf.SymbolicTensor;
  const head = tf.model({ inputs: network.layers.inputs, outputs: cut, name: `frozen_${++made}` });
  const input = tf.input({ shape: [...shape], name: `features_${made}` });
  const outputs = new Map<string, tf.SymbolicTensor>([[layer, input]]);
  let last = input;
  for (const { layer, inputs } of after) {
    const taken = inputs.map((name) => outputs.get(name) as tf.SymbolicTensor);
    const [only] = taken;
    last = network.layers.getLayer(layer.name).apply(taken.length === 1 && only ? only : taken) as tf.SymbolicTensor;
    outputs.set(layer.name, last);
  }
  const layers = tf.model({ inputs: input, outputs: last, name: `trained_${made}` });
  const logits = (features: tf.Tensor, mode: Mode) => tf.tidy(() => layers.apply(features, { ...mode }) as tf.Tensor2D);
  return {
    features: (pixels) => head.apply(network.prepared(pixels), { training: false }) as tf.Tensor,
    tail: {
      ...network,
      layers,
      prepared: (features) => features,
      allLogits: (features, mode) => [logits(features, mode)],
      logits,
      // Its layers were counted once more when they were put together anew.
      dispose: () => void layers.dispose(),
    },
  };
}
