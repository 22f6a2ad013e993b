import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activation, LayerSpec } from '#contract/network.ts';
import { newLayer } from '#contract/layer-fields.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { tfjsWriter } from '#engine/model/formats/tfjs/write-tfjs.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { readTfjs } from '#engine/predict/export/read-tfjs.ts';
import { answersOf, furthest, portableOf, portablePreset, seededImages } from '#test/support/portable-models.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-tfjs-'));
const size = { height: 12, width: 10, channels: 3, classes: 5 };
let written = 0;

beforeAll(() => loadBackend('tensorflow'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How far TensorFlow.js and our reader are from the app. */
async function distances(model: PortableModel, pixels: 'inside' | 'beside') {
  const at = path.join(folder, String(++written));
  await tfjsWriter.write(model, at, { pixels, optimizer: false, weights: 'variables' });
  const images = seededImages(model, 4);
  const ours = answersOf(model, images, 4);
  const before = tf.memory().numTensors;
  const read = (await readTfjs(at, model))!;
  const theirs = read.answers(images, 4);
  read.dispose();
  expect(tf.memory().numTensors).toBe(before);
  const again = await readModelFile(path.join(at, 'model.json'));
  return { tfjs: furthest(ours, theirs), here: furthest(ours, answersOf(again.model!, images, 4)) };
}

function network(layers: LayerSpec[]): PortableModel {
  const last = layers.at(-1)?.name ?? 'input';
  const ended: LayerSpec[] = [
    { kind: 'GlobalAveragePooling2D', name: 'pool', inputs: [last] },
    { kind: 'Dense', name: 'out', units: 'classes', activation: 'softmax' },
  ];
  const spec: NetworkSpec = {
    ...{ id: 'try', name: 'Try', input: [12, 10, 3], preprocessing: 'minus-one-to-one', source: 'test' },
    layers: [...layers, ...ended],
  };
  return portableOf(spec, size, 9);
}

const activations: Activation[] = [
  ...(['linear', 'relu', 'elu', 'selu', 'gelu', 'silu', 'tanh', 'sigmoid', 'softplus', 'softsign'] as const),
  ...(['hard_sigmoid', 'hard_silu', 'relu6', 'leaky_relu', 'mish'] as const),
];
const conv = (name: string, activation: Activation): LayerSpec => ({
  ...(newLayer('Conv2D', name) as LayerSpec & { kind: 'Conv2D' }),
  ...{ filters: 4, activation },
});

test.each(activations)('a convolution with %s answers the same in TensorFlow.js', async (activation) => {
  const { tfjs, here } = await distances(network([conv('conv', activation)]), 'inside');
  expect(tfjs).toBeLessThan(2e-5);
  expect(here).toBeLessThan(2e-5);
});

const kinds = [
  ...(['DepthwiseConv2D', 'SeparableConv2D', 'Conv2DTranspose', 'MaxPooling2D', 'AveragePooling2D'] as const),
  ...(['BatchNormalization', 'LayerNormalization', 'Normalization', 'Dropout', 'SpatialDropout2D'] as const),
  ...(['GaussianNoise', 'Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ZeroPadding2D', 'Cropping2D'] as const),
  ...(['UpSampling2D', 'Rescaling'] as const),
];

test.each(kinds)('%s answers the same in TensorFlow.js', async (kind) => {
  const layer = newLayer(kind, 'layer');
  const { tfjs } = await distances(network([conv('conv', 'tanh'), layer]), 'inside');
  expect(tfjs).toBeLessThan(2e-5);
});

const merging = ['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate'] as const;
test.each(merging)('%s answers the same in TensorFlow.js', async (kind) => {
  const layers: LayerSpec[] = [
    conv('one', 'relu'),
    { ...conv('two', 'tanh'), inputs: ['input'] },
    { kind, name: 'both', inputs: ['one', 'two'] },
  ];
  expect((await distances(network(layers), 'inside')).tfjs).toBeLessThan(2e-5);
});

test('presets, pixels inside and beside', async () => {
  for (const pixels of ['inside', 'beside'] as const) {
    const model = portablePreset('resnet-18', { height: 40, width: 40, channels: 3, classes: 7 }, 4, { kind: 'torch' });
    const { tfjs, here } = await distances(model, pixels);
    expect(tfjs).toBeLessThan(2e-5);
    expect(here).toBeLessThan(2e-5);
  }
  const caffe = portablePreset('tutorial-cnn', { height: 28, width: 28, channels: 3, classes: 7 }, 4, {
    kind: 'caffe',
  });
  expect((await distances(caffe, 'inside')).tfjs).toBeLessThan(2e-5);
}, 60_000);

test.each<LayerSpec>([
  newLayer('GroupNormalization', 'odd'),
  newLayer('UnitNormalization', 'odd'),
  { ...(newLayer('ELU', 'odd') as LayerSpec & { kind: 'ELU' }), alpha: 0.5 },
  { ...(newLayer('UpSampling2D', 'odd') as LayerSpec & { kind: 'UpSampling2D' }), interpolation: 'bilinear' },
  { ...(newLayer('DepthwiseConv2D', 'odd') as LayerSpec & { kind: 'DepthwiseConv2D' }), dilationRate: [2, 2] },
  newLayer('Resizing', 'odd'),
])('$kind, which TensorFlow.js has otherwise or not at all, is refused by name', async (layer) => {
  const fixed = layer.kind === 'GroupNormalization' ? { ...layer, groups: 2 } : layer;
  const model = network([conv('conv', 'relu'), fixed]);
  const writing = tfjsWriter.write(model, path.join(folder, 'refused'), {
    ...{ pixels: 'inside', optimizer: false, weights: 'variables' },
  });
  await expect(writing).rejects.toMatchObject({ code: 'model/cannot-write', details: { layer: 'odd' } });
});
