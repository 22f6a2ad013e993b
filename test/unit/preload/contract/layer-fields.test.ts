import { expect, test } from 'vitest';
import { kerasName, layerFields, layerKinds, newLayer } from '#contract/layer-fields.ts';
import { layerSpec, networkSpec } from '#contract/network.ts';
import { presets } from '#engine/model/presets.ts';

test('every kind of layer has its fields', () => {
  const kinds = layerSpec.options.map((option) => option.shape.kind.value);
  expect(layerKinds.toSorted()).toEqual(kinds.toSorted());
});

test.each(layerSpec.options.map((option) => [option.shape.kind.value, Object.keys(option.shape)] as const))(
  'the fields of %s are its arguments, and its defaults are allowed',
  (kind, keys) => {
    const fields = layerFields[kind].map(({ field }) => field);
    expect([...fields, 'kind', 'name', 'inputs', 'trainable'].toSorted()).toEqual(keys.toSorted());
    expect(newLayer(kind, 'one')).toMatchObject({ kind, name: 'one' });
    for (const { field, keras } of layerFields[kind]) {
      const snake = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      expect(keras).toBe(field === 'keepDims' ? 'keepdims' : snake); // as Keras has it, in one word
    }
  },
);

test.each([
  ['Conv2D', 'conv2d'],
  ['Conv2DTranspose', 'conv2d_transpose'],
  ['GlobalMaxPooling2D', 'global_max_pooling2d'],
  ['LeakyReLU', 'leaky_re_lu'],
  ['PReLU', 'p_re_lu'],
  ['ELU', 'elu'],
] as const)('%s is called %s, as in Keras', (kind, name) => expect(kerasName(kind)).toBe(name));

test.each(presets.map((preset) => [preset.id, preset] as const))(
  '%s is a network as the schema has it',
  (_, preset) => {
    const { layersFor: _layersFor, ...spec } = preset;
    expect(networkSpec.parse(spec)).toEqual(spec);
  },
);
