import { expect, test } from 'vitest';
import { layerFacts } from '#engine/model/layer-facts.ts';
import type { Conv2D, Dense, LayerSpec, MaxPooling2D } from '#engine/model/spec.ts';

const conv: Conv2D = {
  kind: 'Conv2D',
  name: 'conv',
  filters: 4,
  kernelSize: [3, 5],
  strides: [1, 1],
  padding: 'same',
  activation: 'relu',
};
const pool: MaxPooling2D = { kind: 'MaxPooling2D', name: 'pool', poolSize: [2, 2], strides: [2, 2], padding: 'valid' };
const dense: Dense = { kind: 'Dense', name: 'dense', units: 'classes', activation: 'linear' };

test.each<[string, LayerSpec, number[], number[]]>([
  ['same padding keeps the sides', conv, [7, 9, 2], [7, 9, 4]],
  ['valid padding takes the kernel off', { ...conv, padding: 'valid' }, [7, 9, 2], [5, 5, 4]],
  ['a stride with same padding rounds up', { ...conv, strides: [2, 2] }, [7, 9, 2], [4, 5, 4]],
  ['a stride with valid padding rounds down', { ...conv, strides: [2, 2], padding: 'valid' }, [8, 9, 2], [3, 3, 4]],
  ['valid pooling drops the odd row', pool, [7, 8, 3], [3, 4, 3]],
  ['same pooling keeps the odd row', { ...pool, padding: 'same' }, [7, 8, 3], [4, 4, 3]],
  ['flatten multiplies', { kind: 'Flatten', name: 'flatten' }, [3, 4, 2], [24]],
  ['dropout changes no shape', { kind: 'Dropout', name: 'dropout', rate: 0.5 }, [3, 4, 2], [3, 4, 2]],
  ['a dense layer for the classes', dense, [24], [6]],
])('%s', (_, layer, input, output) => {
  expect(layerFacts(layer, [input], 6).outputShape).toEqual(output);
});

test('weights come with their shapes, kernel first', () => {
  expect(layerFacts(conv, [[7, 9, 2]], 6).weights).toEqual([
    { name: 'kernel', shape: [3, 5, 2, 4], trainable: true },
    { name: 'bias', shape: [4], trainable: true },
  ]);
  expect(layerFacts(dense, [[24]], 6).weights.map(({ shape }) => shape)).toEqual([[24, 6], [6]]);
});

test.each<[string, LayerSpec, number[], string]>([
  ['a dense layer on an image', dense, [3, 4, 2], 'model/needs-row'],
  ['a convolution on a row', conv, [24], 'model/needs-image'],
  ['a kernel larger than the image', { ...conv, padding: 'valid' }, [2, 9, 2], 'model/too-small'],
])('%s is refused', (_, layer, input, code) => {
  expect(() => layerFacts(layer, [input], 6)).toThrow(
    expect.objectContaining({
      code,
      details: expect.objectContaining({
        layer: layer.name,
        received: input.slice(0, code === 'model/too-small' ? 2 : 3).join('×'),
      }),
    }),
  );
});
