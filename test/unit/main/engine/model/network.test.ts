import { beforeAll, expect, test } from 'vitest';
import { tf } from '#engine/backend/tensors.ts';
import { buildNetwork, networkOf, type Mode, type Network } from '#engine/model/network.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';

beforeAll(() => tf.setBackend('cpu'));

const images = { height: 3, width: 2, channels: 1, classes: 4 };
const withDropout: NetworkSpec = {
  id: 'with-dropout',
  name: 'With dropout',
  input: [3, 2, 1],
  preprocessing: 'divide-255',
  source: 'this test',
  layers: [
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'hidden', units: 64, activation: 'relu' },
    { kind: 'Dropout', name: 'dropout', rate: 0.5 },
    { kind: 'Dense', name: 'out', units: 'classes', activation: 'softmax' },
  ],
};

const weights = (network: Network) => network.variables.map(({ variable }) => [...variable.dataSync()]);

function answer(network: Network, step?: number): number[] {
  return tf.tidy(() => {
    const pixels = tf.tensor4d([0, 51, 102, 153, 204, 255], [1, 3, 2, 1]);
    const mode: Mode = step === undefined ? { training: false } : { training: true, step: tf.scalar(step, 'int32') };
    return [...network.logits(pixels, mode).dataSync()];
  }) as unknown as number[];
}

test('logits are those of the layers by hand: pixels divided, no softmax at the end', () => {
  const network = buildNetwork('tutorial-mlp-16', images, 1);
  const [w0, b0, w1, b1, w2, b2] = weights(network) as [number[], number[], number[], number[], number[], number[]];
  const layer = (x: number[], w: number[], b: number[], relu = true) =>
    b.map((bias, unit) => {
      const sum = x.reduce((total, value, place) => total + value * w[place * b.length + unit]!, bias);
      return relu ? Math.max(0, sum) : sum;
    });
  const hidden = layer(layer([0, 0.2, 0.4, 0.6, 0.8, 1], w0, b0), w1, b1);
  const expected = layer(hidden, w2, b2, false);
  for (const [place, logit] of answer(network).entries()) expect(logit).toBeCloseTo(expected[place]!, 5);
  network.dispose();
});

test('a seed gives the same weights again; biases start at zero', () => {
  const [one, again, other] = [1, 1, 2].map((seed) => buildNetwork('tutorial-mlp-16', images, seed));
  expect(weights(one!)).toEqual(weights(again!));
  expect(weights(one!)).not.toEqual(weights(other!));
  expect(new Set(weights(one!)[1])).toEqual(new Set([0]));
  for (const network of [one, again, other]) network!.dispose();
});

test('weights are named as in files of Keras', () => {
  const network = buildNetwork('fashion-mlp', images, 1);
  expect(network.variables.map(({ name, variable }) => [name, variable.shape])).toEqual([
    ['dense/kernel', [6, 128]],
    ['dense/bias', [128]],
    ['dense_1/kernel', [128, 4]],
    ['dense_1/bias', [4]],
  ]);
  expect(network.parameters).toBe(6 * 128 + 128 + 128 * 4 + 4);
  network.dispose();
});

test('dropout draws a new mask each step, the same for the same step, none outside training', () => {
  const network = networkOf(withDropout, images, 1);
  expect(answer(network, 1)).toEqual(answer(network, 1));
  expect(answer(network, 2)).not.toEqual(answer(network, 1));
  expect(answer(network)).toEqual(answer(network));
  expect(answer(network)).not.toEqual(answer(network, 1));
  network.dispose();
});

test('a network leaves no tensor behind', () => {
  const before = tf.memory().numTensors;
  const network = networkOf(withDropout, images, 1);
  const built = tf.memory().numTensors;
  expect(built - before).toBe(network.variables.length);
  for (let step = 1; step < 4; step++) answer(network, step);
  expect(tf.memory().numTensors).toBe(built);
  network.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
