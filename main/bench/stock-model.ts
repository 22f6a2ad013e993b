import { tf } from '#engine/backend/tensors.ts';
import { inputName, type ImageShape, type NetworkSpec } from '#engine/model/spec.ts';
import { placeLayers, type PlacedLayer } from '#engine/model/summary.ts';

type Layer = PlacedLayer['layer'];

/** The network from TensorFlow.js' own layers, as somebody writes it who has nothing else. Auxiliary outputs last. */
export function stockModel(spec: NetworkSpec, images: ImageShape): tf.LayersModel {
  const placed = placeLayers(spec, images);
  const input = tf.input({ shape: [images.height, images.width, images.channels] });
  const made = new Map<string, tf.SymbolicTensor>([[inputName, input]]);
  const at = (name: string) => made.get(name) as tf.SymbolicTensor;
  for (const { layer, inputs } of placed) {
    const taken = inputs.map(at);
    const [only] = taken;
    // Images have the right size already.
    if (layer.kind === 'Resizing') made.set(layer.name, only as tf.SymbolicTensor);
    else {
      const given = taken.length === 1 && only ? only : taken;
      made.set(layer.name, stockLayer(layer, images.classes).apply(given) as tf.SymbolicTensor);
    }
  }
  const last = placed.at(-1)?.layer.name ?? inputName;
  const outputs = [last, ...(spec.auxiliary ?? []).map(({ layer }) => layer)].map(at);
  return tf.model({ inputs: input, outputs: outputs.length === 1 ? at(last) : outputs });
}

function stockLayer(layer: Exclude<Layer, { kind: 'Resizing' }>, classes: number): tf.layers.Layer {
  const { name } = layer;
  const pair = ([a, b]: readonly [number, number]): [number, number] => [a, b];
  switch (layer.kind) {
    case 'Conv2D':
      return tf.layers.conv2d({
        name,
        filters: layer.filters,
        kernelSize: pair(layer.kernelSize),
        strides: pair(layer.strides),
        padding: layer.padding,
        activation: stockActivation(layer.activation),
        useBias: layer.useBias ?? true,
        // TensorFlow.js draws its defaults in JavaScript, for minutes in large networks; values do not change the speed.
        kernelInitializer: tf.initializers.constant({ value: 0.01 }),
      });
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const settings = {
        name,
        poolSize: pair(layer.poolSize),
        strides: pair(layer.strides),
        padding: layer.padding,
      };
      return layer.kind === 'MaxPooling2D' ? tf.layers.maxPooling2d(settings) : tf.layers.averagePooling2d(settings);
    }
    case 'GlobalAveragePooling2D':
      return tf.layers.globalAveragePooling2d({ name, dataFormat: 'channelsLast' });
    case 'ZeroPadding2D': {
      const [vertical, horizontal] = layer.padding;
      return tf.layers.zeroPadding2d({ name, padding: [pair(vertical), pair(horizontal)] });
    }
    case 'BatchNormalization':
      return tf.layers.batchNormalization({
        name,
        momentum: layer.momentum,
        epsilon: layer.epsilon,
        scale: layer.scale,
      });
    case 'Activation':
      return tf.layers.activation({ name, activation: stockActivation(layer.activation) });
    case 'Add':
      return tf.layers.add({ name });
    case 'Concatenate':
      return tf.layers.concatenate({ name, axis: -1 });
    case 'Dropout':
      return tf.layers.dropout({ name, rate: layer.rate });
    case 'Flatten':
      return tf.layers.flatten({ name });
    case 'Dense':
      return tf.layers.dense({
        name,
        units: layer.units === 'classes' ? classes : layer.units,
        activation: stockActivation(layer.activation),
        kernelInitializer: tf.initializers.constant({ value: 0.01 }),
      });
    default:
      throw new Error(`No preset has ${layer.kind}.`);
  }
}

/** Those of the presets have the same names. */
function stockActivation(activation: string): 'linear' | 'relu' | 'softmax' {
  if (activation === 'linear' || activation === 'relu' || activation === 'softmax') return activation;
  throw new Error(`No preset has ${activation}.`);
}
