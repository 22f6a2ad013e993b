import { tf } from '#engine/backend/tensors.ts';
import { BatchNormalization } from './batch-normalization.ts';
import { initialValues } from './initial-weights.ts';
import type { LayerFacts, WeightFacts } from './layer-facts.ts';
import { writtenKind } from './layers/kinds.ts';
import { WrittenLayer } from './layers/written.ts';
import { prepare, type Pixels } from './pixels.ts';
import { findPreset } from './presets.ts';
import { Resizing } from './resizing.ts';
import type { NamedValues } from './safetensors.ts';
import { SeededDropout } from './seeded-dropout.ts';
import {
  inputName,
  type Activation,
  type ImageShape,
  type Initializer,
  type LayerSpec,
  type NetworkSpec,
} from './spec.ts';
import { placeLayers } from './placement.ts';

export interface NamedVariable {
  /** `<layer>/<kernel|bias|gamma|…>`, as in Keras' files. */
  readonly name: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
}

/** What a forward pass is for. In training a step is needed where masks are drawn: scalar, int32, from 1. */
export type Mode = { readonly training: false } | { readonly training: true; readonly step: tf.Scalar };

/** A network with its weights. It owns them: whoever built it disposes it. */
export interface Network {
  readonly spec: NetworkSpec;
  /** From prepared pixels to logits: the last layer's activation is left off and applied where probabilities are needed. */
  readonly layers: tf.LayersModel;
  readonly variables: readonly NamedVariable[];
  readonly parameters: number;
  /** The one that predicts first; auxiliary classifiers after it. */
  readonly outputs: readonly { readonly name: string; readonly lossWeight: number }[];
  /** The last layer's activation as the network was written. */
  readonly endsIn: 'softmax' | 'linear';
  /** The pixels as the first layer takes them; 0…255, [batch, height, width, channel]. */
  prepared(pixels: tf.Tensor4D): tf.Tensor4D;
  /** Of every output, in order. */
  allLogits(pixels: tf.Tensor4D, mode: Mode): tf.Tensor2D[];
  /**
   * @param pixels [batch, height, width, channel], 0…255, float32
   * @returns [batch, class]; the caller disposes it
   */
  logits(pixels: tf.Tensor4D, mode: Mode): tf.Tensor2D;
  dispose(): void;
}

/** Streams of the run's seed for the layers' weights: above the epochs', below those of the data's classes. */
const firstStream = 2 ** 30;
/** More than a network may have layers. */
const streamsApart = 2 ** 20;

let built = 0;

/**
 * A preset with fresh weights for images of this shape. The same seed gives the same weights.
 * Fails: `model/unknown-preset`, `model/wrong-input`.
 */
export function buildNetwork(preset: string, images: ImageShape, seed: number): Network {
  return networkOf(findPreset(preset), images, seed);
}

/**
 * The same from layers that are no preset. Fails: `model/…`, naming the layer.
 * @param pixels what is done to them first; absent = what the network says
 * @param given weights to begin with, in the place of those drawn from the seed: where name and shape agree
 */
export function networkOf(
  spec: NetworkSpec,
  images: ImageShape,
  seed: number,
  pixels: Pixels = { kind: spec.preprocessing },
  given?: readonly NamedValues[],
): Network {
  const known = new Map(given?.map((each) => [each.name, each]));
  const placed = placeLayers(spec, images);
  const input = tf.input({ shape: [images.height, images.width, images.channels], name: `input_${++built}` });
  const main = placed.at(-1)?.layer;
  if (!main) throw new Error(`${spec.name} has no layers.`);
  const outputs = [{ layer: main.name, lossWeight: 1 }, ...(spec.auxiliary ?? [])];
  const ends = new Set(outputs.map(({ layer }) => layer));
  const made = new Map<string, tf.SymbolicTensor>([[inputName, input]]);
  const variables: NamedVariable[] = [];
  for (const [place, { layer, inputs, facts }] of placed.entries()) {
    const layerMade = makeLayer(layer, facts, images.classes, ends.has(layer.name), layerKey(seed, place));
    const taken = inputs.map((name) => made.get(name) as tf.SymbolicTensor);
    const [only] = taken;
    made.set(layer.name, layerMade.apply(taken.length === 1 && only ? only : taken) as tf.SymbolicTensor);
    for (const [slot, { name, shape, trainable }] of facts.weights.entries()) {
      const variable = layerMade.weights[slot]?.read() as tf.Variable;
      // Streams of the first weights are those of the layers; a second of a layer has its own, far behind.
      const stream = firstStream + place + slot * streamsApart;
      const begun = known.get(`${layer.name}/${name}`);
      const values =
        begun?.shape.join() === shape.join()
          ? begun.values
          : initialValues(initializerOf(layer, name), shape, seed, stream);
      tf.tidy(() => variable.assign(tf.tensor(values, [...shape])));
      variables.push({ name: `${layer.name}/${name}`, variable, trainable });
    }
  }
  const symbols = outputs.map(({ layer }) => made.get(layer) as tf.SymbolicTensor);
  // Prediction sees the first output alone: what only the others need is not computed.
  const layers = tf.model({ inputs: input, outputs: symbols[0] as tf.SymbolicTensor, name: spec.id });
  const whole =
    symbols.length > 1 ? tf.model({ inputs: input, outputs: symbols, name: `${spec.id}-training` }) : layers;
  const apply = (model: tf.LayersModel, images: tf.Tensor4D, mode: Mode) =>
    tf.tidy(() => [model.apply(prepare(images, pixels), { ...mode })].flat() as tf.Tensor2D[]);
  return {
    spec,
    layers,
    variables,
    parameters: variables.reduce((sum, { variable }) => sum + variable.size, 0),
    outputs: outputs.map(({ layer, lossWeight }) => ({ name: layer, lossWeight })),
    endsIn: 'activation' in main && main.activation === 'softmax' ? 'softmax' : 'linear',
    prepared: (images) => prepare(images, pixels),
    allLogits: (images, mode) => apply(whole, images, mode),
    logits: (images, mode) => apply(layers, images, mode)[0] as tf.Tensor2D,
    // It has every layer of the other.
    dispose: () => void whole.dispose(),
  };
}

/** Kernels by their initializer or glorot uniform, scales and variances one, all else zero. */
function initializerOf(layer: LayerSpec, name: WeightFacts['name']): Initializer {
  const said = writtenKind(layer)?.starts?.(layer)[name];
  if (said) return said;
  if (name.endsWith('kernel')) return 'glorot_uniform';
  return name === 'gamma' || name === 'moving_variance' ? 'ones' : 'zeros';
}

function makeLayer(layer: LayerSpec, facts: LayerFacts, classes: number, last: boolean, key: number): tf.layers.Layer {
  const { name } = layer;
  // Our initial values follow; zeros cost nothing, where tfjs' default would draw first.
  const start = { kernelInitializer: 'zeros', biasInitializer: 'zeros', useBias: true } as const;
  const wanted = 'activation' in layer ? unlessLast(layer.activation, last) : 'linear';
  const written = (of: LayerSpec) => {
    const kind = writtenKind(of);
    if (!kind) throw new Error(`Nothing says how ${of.kind} is computed.`);
    return new WrittenLayer(kind, of, facts, key);
  };
  // tfjs has these two as Keras has them, and joined to the operation before.
  const activation = wanted === 'linear' || wanted === 'relu' ? wanted : null;
  switch (layer.kind) {
    case 'Conv2D': {
      const { filters, padding, dilationRate = [1, 1] } = layer;
      if (!activation || dilationRate.some((rate) => rate > 1)) return written({ ...layer, activation: wanted });
      const kernelSize: [number, number] = [...layer.kernelSize];
      const strides: [number, number] = [...layer.strides];
      const useBias = layer.useBias ?? true;
      return tf.layers.conv2d({ name, filters, kernelSize, strides, padding, activation, ...start, useBias });
    }
    case 'MaxPooling2D': {
      const poolSize: [number, number] = [...layer.poolSize];
      const strides: [number, number] = [...layer.strides];
      return tf.layers.maxPooling2d({ name, poolSize, strides, padding: layer.padding });
    }
    case 'AveragePooling2D': {
      const poolSize: [number, number] = [...layer.poolSize];
      const strides: [number, number] = [...layer.strides];
      return tf.layers.averagePooling2d({ name, poolSize, strides, padding: layer.padding });
    }
    case 'GlobalAveragePooling2D':
      if (layer.keepDims) return written(layer);
      return tf.layers.globalAveragePooling2d({ name, dataFormat: 'channelsLast' });
    case 'ZeroPadding2D': {
      const [vertical, horizontal] = layer.padding;
      return tf.layers.zeroPadding2d({ name, padding: [[...vertical], [...horizontal]] });
    }
    case 'BatchNormalization':
      return new BatchNormalization(layer);
    case 'Resizing':
      return new Resizing(layer);
    case 'Activation':
      return activation ? tf.layers.activation({ name, activation }) : written({ ...layer, activation: wanted });
    case 'Add':
      return tf.layers.add({ name });
    case 'Concatenate':
      return tf.layers.concatenate({ name, axis: -1 });
    case 'Dropout':
      return new SeededDropout(name, layer.rate, key);
    case 'Flatten':
      return tf.layers.flatten({ name });
    case 'Dense': {
      const units = layer.units === 'classes' ? classes : layer.units;
      if (!activation) return written({ ...layer, activation: wanted });
      return tf.layers.dense({ name, units, activation, ...start, useBias: layer.useBias ?? true });
    }
    default:
      return written('activation' in layer ? { ...layer, activation: wanted } : layer);
  }
}

/** Softmax of what predicts is left to the loss and to whom wants probabilities. */
const unlessLast = (activation: Activation, last: boolean) =>
  last && activation === 'softmax' ? 'linear' : activation;

/** One int32 for a layer's masks, mixed so that neighbouring seeds and layers share nothing (Knuth's multiplier). */
function layerKey(seed: number, place: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 2654435761) ^ Math.imul(place + 1, 40503)) | 0;
}
