import { expect, test } from 'vitest';
import { checkNetwork } from '#engine/model/summary.ts';
import { refuseWrong } from '#engine/model/placement.ts';
import { presets } from '#engine/model/presets.ts';
import type { LayerSpec, NetworkSpec } from '#engine/model/spec.ts';

const images = { height: 8, width: 8, channels: 3, classes: 4 };
const conv = (name: string, more: object = {}): LayerSpec =>
  ({
    ...{ kind: 'Conv2D', name, filters: 6, kernelSize: [3, 3], strides: [1, 1], padding: 'same', activation: 'relu' },
    ...more,
  }) as LayerSpec;
const pool: LayerSpec = { kind: 'GlobalAveragePooling2D', name: 'pool' };
const out: LayerSpec = { kind: 'Dense', name: 'out', units: 'classes', activation: 'softmax' };
const add = (...inputs: string[]): LayerSpec => ({ kind: 'Add', name: 'add', inputs });
const network = (...layers: LayerSpec[]): NetworkSpec => ({
  ...{ id: 'own-one', name: 'One', input: [8, 8, 3], preprocessing: 'none', source: 'a test', layers },
});

test.each<[string, LayerSpec[], [layer: string, code: string][]]>([
  ['nothing is wrong', [conv('a'), pool, out], []],
  ['branches that join', [conv('a'), conv('b', { inputs: ['a'] }), add('a', 'b'), pool, out], []],
  ['no layers', [], [['', 'model/no-layers']]],
  ['an input that is not there', [conv('a', { inputs: ['gone'] }), pool, out], [['a', 'model/unknown-input']]],
  ['an input that comes later', [conv('a', { inputs: ['b'] }), conv('b'), pool, out], [['a', 'model/late-input']]],
  ['an input that is itself', [conv('a', { inputs: ['a'] }), pool, out], [['a', 'model/late-input']]],
  ['two of one name', [conv('a'), conv('a'), pool, out], [['a', 'model/same-name']]],
  ['a sum of one', [conv('a'), add('a'), pool, out], [['add', 'model/input-count']]],
  ['a pooling of two', [conv('a'), conv('b'), { ...pool, inputs: ['a', 'b'] }, out], [['pool', 'model/input-count']]],
  [
    'a sum of shapes that differ',
    [conv('a', { filters: 5 }), conv('b'), add('a', 'b'), pool, out],
    [['add', 'model/shapes-differ']],
  ],
  ['nothing left', [conv('a', { padding: 'valid', kernelSize: [9, 9] }), pool, out], [['a', 'model/too-small']]],
  [
    'strides and dilation',
    [conv('a', { strides: [2, 2], dilationRate: [2, 2] }), pool, out],
    [['a', 'model/wrong-setting']],
  ],
  ['an image for a dense layer', [conv('a'), out], [['out', 'model/needs-row']]],
  ['a row for a convolution', [pool, conv('a'), out], [['a', 'model/needs-image']]],
  ['a branch that leads nowhere', [conv('a'), conv('b'), { ...pool, inputs: ['a'] }, out], [['b', 'model/loose-end']]],
  ['no classifier', [conv('a'), pool], [['pool', 'model/wrong-output']]],
  ['a classifier of other classes', [pool, { ...out, units: 7 } as LayerSpec], [['out', 'model/wrong-output']]],
  [
    'another last activation',
    [pool, { ...out, activation: 'sigmoid' } as LayerSpec],
    [['out', 'model/last-activation']],
  ],
])('%s', (_, layers, errors) => {
  const checked = checkNetwork(network(...layers), images);
  expect(checked.errors.map(({ layer, code }) => [layer, code])).toEqual(errors);
  expect(checked.summary !== undefined).toBe(errors.length === 0);
  const wrong = errors.map(([layer]) => layer);
  const first = layers.findIndex(({ name }) => wrong.includes(name));
  // What comes before the first error is known.
  for (const { facts } of checked.layers.slice(0, Math.max(0, first))) expect(facts).toBeDefined();
  if (errors.length === 0) refuseWrong(network(...layers), images);
  else expect(() => refuseWrong(network(...layers), images)).toThrow(expect.objectContaining({ code: errors[0]![1] }));
});

test('several errors are told at once', () => {
  const { errors } = checkNetwork(
    network(conv('a', { inputs: ['gone'] }), conv('b', { inputs: ['input'] }), out),
    images,
  );
  expect(errors.map(({ layer }) => layer)).toEqual(['a', 'out', 'a']);
});

test.each(presets.map((preset) => [preset.id, preset] as const))('%s is in order', (_, preset) => {
  const [height, width, channels] = preset.input;
  refuseWrong(preset, { height, width, channels, classes: 10 });
});
