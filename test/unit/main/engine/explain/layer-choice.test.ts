import { describe, expect, test } from 'vitest';
import { chooseLayer, contributing, namedLayer, spatialLayers } from '#engine/explain/layer-choice.ts';
import { placeLayers } from '#engine/model/placement.ts';
import { presets } from '#engine/model/presets.ts';
import type { LayerSpec, NetworkSpec } from '#engine/model/spec.ts';
import { zoo } from '#engine/model/zoo/definitions.ts';

const places = (spec: NetworkSpec, classes = 10) => {
  const [height, width, channels] = spec.input;
  return contributing(placeLayers(spec, { height, width, channels, classes }));
};

/** For images of the size that the network is written for: layer, its height, after an addition. */
const expected: Record<string, readonly [layer: string, height: number, added: boolean] | null> = {
  'tutorial-mlp-raw': null,
  'tutorial-mlp-16': null,
  'tutorial-mlp-64': null,
  'fashion-mlp': null,
  'mnist-cnn': ['conv2d_1', 28, false],
  'tutorial-cnn': ['conv2d_3', 14, false],
  alexnet: ['conv5', 13, false],
  'vgg-11': ['block5_conv2', 14, false],
  'vgg-13': ['block5_conv2', 14, false],
  'vgg-16': ['block5_conv3', 14, false],
  'vgg-19': ['block5_conv4', 14, false],
  googlenet: ['inception_5b_output', 7, false],
  'inception-v3': ['mixed10', 8, false],
  'resnet-18': ['conv5_block2_out', 7, true],
  'resnet-34': ['conv5_block3_out', 7, true],
  'resnet-50': ['conv5_block3_out', 7, true],
  'efficientnet-lite0': ['top_relu6', 7, true],
  mobilenet: ['conv_pw_13_relu', 7, false],
  mobilenetv2: ['out_relu', 7, true],
  nasnetmobile: ['activation_187', 7, true],
  nasnetlarge: ['activation_259', 11, true],
  densenet121: ['relu', 7, false],
  resnet50: ['conv5_block3_out', 7, true],
  resnet101: ['conv5_block3_out', 7, true],
  resnet152: ['conv5_block3_out', 7, true],
  inceptionv3: ['mixed10', 8, false],
  xception: ['block14_sepconv2_act', 10, true],
  inceptionresnetv2: ['conv_7b_ac', 8, true],
  vgg16: ['block5_conv3', 14, false],
  vgg19: ['block5_conv4', 14, false],
};

const networks = [...presets, ...zoo.map((each) => each.network())];

test.each(networks.filter(({ id }) => id in expected))('$id is explained where its answer is formed', (spec) => {
  const chosen = chooseLayer(places(spec));
  const [name, height, added] = expected[spec.id] ?? [];
  if (name === undefined) expect(chosen).toBeNull();
  else {
    const reason = added ? 'last-activation-after-addition' : 'last-spatial-activation';
    expect(chosen).toMatchObject({ name, height, reason });
  }
});

test('every preset and every model of the zoo is in the table', () => {
  expect(networks.map(({ id }) => id).filter((id) => !(id in expected))).toEqual([]);
});

const conv = (name: string, activation: 'linear' | 'relu', inputs?: string[]): LayerSpec => ({
  ...{ kind: 'Conv2D', name, filters: 2, kernelSize: [3, 3], strides: [1, 1], padding: 'same', activation },
  ...(inputs && { inputs }),
});
const end: LayerSpec[] = [
  { kind: 'GlobalAveragePooling2D', name: 'mean' },
  { kind: 'Dense', name: 'answer', units: 'classes', activation: 'softmax' },
];
const of = (...layers: LayerSpec[]) =>
  places({ id: 'x', name: 'x', input: [8, 8, 2], preprocessing: 'none', source: 'a test', layers });

describe('of networks that are none of those', () => {
  test.each([
    ['no activation', [conv('a', 'linear'), conv('b', 'linear'), ...end], 'b', 'last-spatial'],
    [
      'an activation inside of a branch only',
      [conv('a', 'relu'), conv('b', 'relu'), { kind: 'Add', name: 'sum', inputs: ['a', 'b'] }, ...end],
      'a',
      'last-spatial-activation',
    ],
    [
      'branches of which one has none',
      [
        conv('a', 'relu', ['input']),
        conv('b', 'linear', ['input']),
        { kind: 'Concatenate', name: 'both', inputs: ['a', 'b'] },
        ...end,
      ],
      'a',
      'last-spatial-activation',
    ],
    [
      'one place at the end',
      [
        conv('a', 'relu'),
        { kind: 'MaxPooling2D', name: 'pool', poolSize: [8, 8], strides: [8, 8], padding: 'valid' },
        conv('b', 'relu'),
        { kind: 'Flatten', name: 'flat' },
        { kind: 'Dense', name: 'answer', units: 'classes', activation: 'softmax' },
      ],
      'a',
      'last-spatial-activation',
    ],
  ] as [string, LayerSpec[], string, string][])('%s', (_, layers, name, reason) => {
    expect(chooseLayer(of(...layers))).toMatchObject({ name, reason });
  });

  test('a layer asked for is taken, and what has no places is refused with those that have', () => {
    const layers = of(conv('a', 'relu'), conv('b', 'linear'), ...end);
    expect(namedLayer(layers, 'b')).toEqual({ name: 'b', kind: 'Conv2D', height: 8, width: 8, reason: 'asked-for' });
    expect(() => namedLayer(layers, 'mean')).toThrow('"mean" is no layer with a height and a width; there are a, b.');
    expect(spatialLayers(layers).map(({ name, channels }) => [name, channels])).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
  });

  test('what leads to an auxiliary output alone has no part in the answer', () => {
    const spec = presets.find(({ id }) => id === 'googlenet')!;
    const [height, width, channels] = spec.input;
    const placed = placeLayers(spec, { height, width, channels, classes: 10 });
    const names = contributing(placed).map(({ layer }) => layer.name);
    expect(names.length).toBeLessThan(placed.length);
    for (const { layer } of spec.auxiliary!) expect(names).not.toContain(layer);
  });
});
