import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { layerKinds, mergingKinds, newLayer } from '#contract/layer-fields.ts';
import type { LayerSpec, NetworkSpec } from '#engine/model/spec.ts';
import { tf } from '#engine/backend/tensors.ts';
import { networkOf } from '#engine/model/network.ts';
import { placeLayers } from '#engine/model/placement.ts';

const images = { height: 6, width: 5, channels: 3, classes: 4 };
const networkOfLayers = (...layers: LayerSpec[]): NetworkSpec => ({
  ...{ id: 'one', name: 'One', input: [6, 5, 3], preprocessing: 'minus-one-to-one', source: 'a test', layers },
});

let before = 0;
beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** Sizes that fit these images. */
const fitting: Partial<Record<LayerSpec['kind'], object>> = {
  Reshape: { targetShape: [5, -1] },
  Resizing: { height: 4, width: 4 },
  Dense: { units: 4, activation: 'gelu' },
  GroupNormalization: { groups: 3 },
};

test.each(layerKinds)('%s with its defaults works without TensorFlow, in training too', (kind) => {
  const layer = { ...newLayer(kind, 'layer'), ...fitting[kind] } as LayerSpec;
  const first = newLayer('Rescaling', 'first');
  const spec = networkOfLayers(
    ...(kind === 'Dense' ? [newLayer('Flatten', 'flatten')] : []),
    ...(mergingKinds.includes(kind) ? [first, { ...layer, inputs: ['input', 'first'] }] : [layer]),
  );
  const shape = placeLayers(spec, images).at(-1)?.facts.outputShape;
  const network = networkOf(spec, images, 1);
  tf.tidy(() => {
    const pixels = tf.fill([2, 6, 5, 3], 200) as tf.Tensor4D;
    for (const mode of [{ training: false }, { training: true, step: tf.scalar(1, 'int32') }] as const) {
      const out = network.logits(pixels, mode);
      expect(out.shape).toEqual([2, ...(shape ?? [])]);
      expect(out.dataSync().every(Number.isFinite)).toBe(true);
    }
  });
  network.dispose();
});

test('biases and kernels begin as they are told', () => {
  const conv = {
    ...newLayer('Conv2D', 'conv'),
    kernelInitializer: 'ones',
    biasInitializer: 'random_normal',
  } as LayerSpec;
  const network = networkOf(networkOfLayers(conv, newLayer('LayerNormalization', 'norm')), images, 1);
  const values = Object.fromEntries(network.variables.map(({ name, variable }) => [name, [...variable.dataSync()]]));
  expect(new Set(values['conv/kernel'])).toEqual(new Set([1]));
  expect(new Set(values['conv/bias']).size).toBe(32);
  expect(new Set(values['norm/gamma'])).toEqual(new Set([1]));
  expect(new Set(values['norm/beta'])).toEqual(new Set([0]));
  network.dispose();
});

test('two kernels of a layer begin differently, and the same for the same seed', () => {
  const layer = {
    ...newLayer('SeparableConv2D', 'one'),
    filters: 3,
    kernelSize: [1, 1],
    depthMultiplier: 1,
  } as LayerSpec;
  const [one, again] = [1, 1].map((seed) => networkOf(networkOfLayers(layer), images, seed));
  const of = (network: typeof one) => network!.variables.map(({ variable }) => [...variable.dataSync()]);
  const [depthwise, pointwise] = of(one);
  expect(depthwise).not.toEqual(pointwise!.slice(0, depthwise!.length));
  expect(of(again)).toEqual(of(one));
  one!.dispose();
  again!.dispose();
});
