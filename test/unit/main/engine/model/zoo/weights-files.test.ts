import { expect, test } from 'vitest';
import { matchWeights } from '#engine/model/formats/keras/reading/match-weights.ts';
import type { StoredLayer } from '#engine/model/formats/keras/reading/stored-weights.ts';
import { kerasOrder } from '#engine/model/formats/keras/writing/keras-order.ts';
import { placeLayers } from '#engine/model/placement.ts';
import { findDefinition, zoo } from '#engine/model/zoo/definitions.ts';

/** The layers of a model as its functional order has them. */
function layersOf(id: string) {
  const spec = findDefinition(id).network();
  const [height, width, channels] = spec.input;
  const placed = placeLayers(spec, { height, width, channels, classes: 1000 });
  return placed.map(({ layer, inputs, facts }) => ({ layer, inputs, weights: facts.weights }));
}

/** What a file is said to have, every array under a path that tells whose it is. */
function fileOf(id: string, layerName: (name: string) => string, weightName: (name: string) => string): StoredLayer[] {
  return kerasOrder(layersOf(id))
    .filter(({ weights }) => weights.length > 0)
    .map(({ layer, weights }) => {
      const name = layerName(layer.name);
      const arrays = weights.map(({ name: weight, shape }) => ({
        ...{ name: weightName(weight), path: `${layer.name}/${weight}`, shape },
      }));
      return { name, group: name, weights: arrays };
    });
}

const same = (name: string) => name;
const renamed = (names: Readonly<Record<string, string>>) => (name: string) => names[name] ?? name;
/** `conv2d` is the first of all here; where other models were made before it, it is `conv2d_95`. */
const later = (name: string) => {
  const [, family, number] = /^(conv2d|batch_normalization)(?:_(\d+))?$/.exec(name) ?? [];
  return family === undefined ? name : `${family}_${Number(number ?? 0) + 95}`;
};
const old = (name: string) => ({ kernel: 'W_1', bias: 'b_1' })[name] ?? `running_${name}`;

test.each([
  ...zoo.map(({ id }) => [id, 'as now', same, same] as const),
  ['vgg16', 'with the names of Keras 1', same, old] as const,
  ['vgg19', 'with the names of Keras 1', same, old] as const,
  ['resnet50', 'with its classifier called probs', renamed({ predictions: 'probs' }), same] as const,
  ['resnet152', 'with its classifier called probs', renamed({ predictions: 'probs' }), same] as const,
  ['densenet121', 'with its classifier called fc1000', renamed({ predictions: 'fc1000' }), same] as const,
  ['mobilenetv2', 'with its classifier called Logits', renamed({ predictions: 'Logits' }), same] as const,
  ['inceptionv3', 'numbered from elsewhere', later, same] as const,
  ['inceptionresnetv2', 'numbered from elsewhere', later, same] as const,
  [
    ...(['xception', 'with the names of Keras 1'] as const),
    (name: string) => later(name).replace('conv2d', 'convolution2d').replace('batch_norm', 'batchnorm'),
    same,
  ] as const,
])('a file of %s %s gives every layer its own weights', (id, _how, layerName, weightName) => {
  const wanted = layersOf(id);
  const found = matchWeights(wanted, fileOf(id, layerName, weightName), kerasOrder(wanted));
  expect(found.map(({ path }) => path)).toEqual(found.map(({ name }) => name));
  expect(found).toHaveLength(wanted.reduce((sum, { weights }) => sum + weights.length, 0));
});
