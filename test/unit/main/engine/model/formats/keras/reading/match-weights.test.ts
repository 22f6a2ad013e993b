import { expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import { newLayer } from '#contract/layer-fields.ts';
import { matchWeights, type WantedLayer } from '#engine/model/formats/keras/reading/match-weights.ts';
import type { StoredLayer } from '#engine/model/formats/keras/reading/stored-weights.ts';

const wanted = (name: string, ...shape: number[]): WantedLayer => ({
  layer: newLayer('Conv2D', name),
  weights: [
    { name: 'kernel', shape, trainable: true },
    { name: 'bias', shape: [shape.at(-1)!], trainable: true },
  ],
});
const stored = (name: string, ...shape: number[]): StoredLayer => ({
  ...{ name, group: name },
  weights: [
    { name: 'kernel', path: `/${name}/kernel`, shape },
    { name: 'bias', path: `/${name}/bias`, shape: [shape.at(-1)!] },
  ],
});
const pairs = (network: WantedLayer[], file: StoredLayer[]) =>
  matchWeights(network, file)
    .filter(({ name }) => name.endsWith('kernel'))
    .map(({ name, path }) => `${name} ← ${path}`);

test('by the layers’ names, whatever their order', () => {
  expect(pairs([wanted('a', 2, 3), wanted('b', 2, 3)], [stored('b', 2, 3), stored('a', 2, 3)])).toEqual([
    'a/kernel ← /a/kernel',
    'b/kernel ← /b/kernel',
  ]);
});

test('by the numbers in names, where they begin elsewhere', () => {
  const file = [stored('conv2d_100', 2, 3), stored('conv2d_99', 2, 3), stored('dense_7', 4, 3)];
  expect(pairs([wanted('conv2d', 2, 3), wanted('conv2d_1', 2, 3), wanted('dense', 4, 3)], file)).toEqual([
    'conv2d/kernel ← /conv2d_99/kernel',
    'conv2d_1/kernel ← /conv2d_100/kernel',
    'dense/kernel ← /dense_7/kernel',
  ]);
});

test('by their order, where names say nothing', () => {
  expect(pairs([wanted('one', 2, 3), wanted('two', 3, 3)], [stored('x', 2, 3), stored('y', 3, 3)])).toEqual([
    'one/kernel ← /x/kernel',
    'two/kernel ← /y/kernel',
  ]);
});

test('Keras 2’s name of a depthwise kernel is known', () => {
  const file = {
    ...stored('a', 2, 3),
    weights: [{ name: 'depthwise_kernel', path: '/k', shape: [2, 3] }, stored('a', 2, 3).weights[1]!],
  };
  expect(pairs([wanted('a', 2, 3)], [file])).toEqual(['a/kernel ← /k']);
});

test.each([
  ['a shape', [stored('a', 2, 4), stored('b', 3, 3)], '“a/kernel” is 2×4 in the file and 2×3 in the network'],
  ['a layer that is missing', [stored('a', 2, 3)], 'no weights for layer “b”'],
  ['a layer too many', [stored('a', 2, 3), stored('b', 3, 3), stored('c', 3, 3)], 'a layer “c”'],
  [
    'an array that is missing',
    [{ ...stored('a', 2, 3), weights: stored('a', 2, 3).weights.slice(0, 1) }, stored('b', 3, 3)],
    'has no bias',
  ],
])('%s is named', (_, file, reason) => {
  const failure = (() => {
    try {
      return matchWeights([wanted('a', 2, 3), wanted('b', 3, 3)], file);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(failure).toBeInstanceOf(AppError);
  expect((failure as AppError).code).toBe('model/weights-differ');
  expect((failure as AppError).message).toContain(reason);
});
