import { describe, expect, test } from 'vitest';
import { readNetwork } from '#engine/model/formats/keras/reading/read-network.ts';

type Json = Record<string, unknown>;

const layer = (kind: string, name: string, config: Json = {}): Json => ({
  ...{ module: 'keras.layers', class_name: kind, config: { name, ...config }, registered_name: null },
});
const tensor = (name: string, output = 0) => ({
  class_name: '__keras_tensor__',
  config: { keras_history: [name, 0, output] },
});
const after = (of: Json, ...names: string[]): Json => ({
  ...of,
  name: (of['config'] as Json)['name'],
  inbound_nodes: [{ args: names.length > 1 ? [names.map((name) => tensor(name))] : [tensor(names[0]!)], kwargs: {} }],
});
const images = (shape: unknown = [null, 8, 8, 3]): Json => ({
  ...layer('InputLayer', 'images', { batch_shape: shape }),
  ...{ name: 'images', inbound_nodes: [] },
});
const scores = layer('Dense', 'scores', { units: 2, activation: 'softmax' });
const sequential = (...layers: Json[]): Json => ({ class_name: 'Sequential', config: { name: 'net', layers } });
const functional = (layers: Json[], more: Json = {}): Json => ({
  class_name: 'Functional',
  config: { name: 'net', layers, input_layers: ['images', 0, 0], output_layers: ['scores', 0, 0], ...more },
});
const read = (model: Json) => {
  const notes = new Set<string>();
  return { ...readNetwork(model, notes), notes: [...notes].join(' ') };
};

describe('what is not a network of ours is refused with its reason', () => {
  const flat = layer('Flatten', 'flat');
  const conv = (config: Json) =>
    sequential(images(), layer('Conv2D', 'conv', { filters: 4, kernel_size: 3, ...config }), flat, scores);
  const twice = after(layer('Dense', 'shared', { units: 2 }), 'flat');
  const cases: [string, Json, RegExp][] = [
    [
      'endless images',
      sequential(images([null, 2, 2, 2e9]), layer('Normalization', 'n', { mean: 0, variance: 1 })),
      /2×2×2000000000/,
    ],
    ['endless filters', conv({ filters: 2e9 }), /“conv” has a setting beyond its range/],
    [
      'endless weights',
      sequential(images([null, 6e4, 6e4, 3]), flat, layer('Dense', 'd', { units: 6e4 }), scores),
      /fit in 4 GiB/,
    ],
    [
      'endless arguments',
      sequential(
        images([null, 6e4, 6e4, 3]),
        layer('Reshape', 'r', { target_shape: [1, -1] }),
        layer('Normalization', 'n', { mean: 0, variance: 1 }),
      ),
      /fit in 4 GiB/,
    ],
    ['images of any size', sequential(images([null, null, null, 3]), flat, scores), /images of any size \(\?×\?×3\)/],
    ['rows of values', sequential(images([null, 20]), scores), /not images of height×width×channels/],
    ['no size', sequential(flat, scores), /how large its images are/],
    ['a group of channels alone', conv({ groups: 3 }), /has groups 3/],
    ['channels first', conv({ data_format: 'channels_first' }), /data_format "channels_first"/],
    ['causal padding', conv({ padding: 'causal' }), /has padding "causal"/],
    ['filters that are none', conv({ filters: null }), /has filters/],
    ['an unknown layer', sequential(images(), layer('LSTM', 'long', { units: 3 })), /“long” \(LSTM\) is of a kind/],
    ['another module', sequential(images(), { ...flat, module: 'keras_hub.layers' }), /module keras_hub.layers/],
    ['a name like Keras', sequential(images(), { ...flat, module: 'keras_evil' }), /not Keras’ own/],
    ['an end that is no class', sequential(images(), layer('MaxPooling2D', 'pool')), /gives 4×4×3 values/],
    [
      'an end in sigmoid',
      sequential(images(), flat, layer('Dense', 'one', { units: 1, activation: 'sigmoid' })),
      /sigmoid/,
    ],
    [
      'a layer used twice',
      functional([
        ...[images(), after(flat, 'images')],
        { ...twice, inbound_nodes: [...(twice['inbound_nodes'] as []), ...(twice['inbound_nodes'] as [])] },
        after(scores, 'shared'),
      ]),
      /“shared” is used 2 times/,
    ],
    [
      'two inputs',
      functional([images(), { ...images(), name: 'more' }, after(flat, 'images'), after(scores, 'flat')], {
        input_layers: [
          ['images', 0, 0],
          ['more', 0, 0],
        ],
      }),
      /has 2 inputs/,
    ],
    [
      'two outputs',
      functional([images(), after(flat, 'images'), after(scores, 'flat')], {
        output_layers: [
          ['flat', 0, 0],
          ['scores', 0, 0],
        ],
      }),
      /has 2 outputs/,
    ],
    [
      'two layers of one name',
      functional([images(), after(flat, 'images'), after(flat, 'images')]),
      /two layers called “flat”/,
    ],
    ['a layer that is not there', functional([images(), after(scores, 'gone')]), /not there/],
    [
      'Keras 2’s hard_sigmoid',
      {
        class_name: 'Sequential',
        config: {
          name: 'net',
          layers: [
            { class_name: 'Flatten', config: { name: 'flat', batch_input_shape: [null, 8, 8, 3] } },
            { class_name: 'Dense', config: { name: 'scores', units: 2, activation: 'hard_sigmoid' } },
          ],
        },
      },
      /hard_sigmoid of Keras 2/,
    ],
  ];
  test.each(cases)('%s', (_, model, reason) => {
    expect(() => read(model)).toThrow(reason);
  });
});

test('names that Heatlens does not allow are changed, with a note; layers of training go', () => {
  const { spec, notes } = read(
    sequential(
      images(),
      layer('RandomRotation', 'turn', { factor: 0.1 }),
      layer('Flatten', 'a flat/one'),
      layer('Dense', 'input', { units: 3, kernel_regularizer: { class_name: 'L2', config: { l2: 0.1 } } }),
      scores,
    ),
  );
  expect(spec.layers.map(({ name }) => name)).toEqual(['a_flat_one', 'input_2', 'scores']);
  expect(notes).toMatch(/“a flat\/one” is called “a_flat_one”.*“turn”.*left out|left out/);
  expect(notes).toContain('regularizers');
});

test('the layers of models inside of it are its own, by names of their own', () => {
  const config = {
    name: 'base',
    layers: [images(), layer('Conv2D', 'conv', { filters: 2, kernel_size: [3, 3], trainable: false })],
  };
  const inner = { module: 'keras', class_name: 'Sequential', registered_name: 'Sequential', config };
  const { spec, wanted } = read(
    sequential(
      images(),
      layer('Conv2D', 'conv', { filters: 3, kernel_size: 1 }),
      inner,
      layer('GlobalAveragePooling2D', 'mean'),
      scores,
    ),
  );
  expect(spec.layers.map(({ name }) => name)).toEqual(['conv', 'base_conv', 'mean', 'scores']);
  expect(spec.layers[1]).toMatchObject({ kind: 'Conv2D', trainable: false });
  expect(wanted[1]).toMatchObject({ path: ['base', 'conv'], place: 'layers/sequential/layers/conv2d' });
});
