import { beforeAll, expect, test } from 'vitest';
import { optimizerDefaults, type OptimizerName, type OptimizerSettings } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';

beforeAll(() => tf.setBackend('cpu'));

/** Where one weight of 1 goes under gradients 0.5, −0.2, 0.1. */
function path(settings: OptimizerSettings): number[] {
  const variable = tf.tidy(() => tf.variable(tf.tensor1d([1])));
  const optimizer = makeOptimizer(settings, [{ name: 'w', variable, trainable: true }]);
  const places = [0.5, -0.2, 0.1].map((gradient, place) => {
    tf.tidy(() => optimizer.apply([tf.tensor1d([gradient])], tf.scalar(place + 1)));
    return variable.dataSync()[0]!;
  });
  optimizer.dispose();
  variable.dispose();
  return places;
}

test.each(Object.keys(optimizerDefaults) as OptimizerName[])(
  '%s: what is left out, or undefined, takes the default',
  (name) => {
    const whole = { ...optimizerDefaults[name], learningRate: 0.5 };
    expect(path({ name, learningRate: 0.5 })).toEqual(path(whole));
    const blank = Object.fromEntries(Object.keys(whole).map((key) => [key, undefined]));
    expect(path({ ...blank, name, learningRate: 0.5 } as OptimizerSettings)).toEqual(path(whole));
  },
);

test.each<[OptimizerName, Partial<OptimizerSettings>]>([
  ['sgd', { momentum: 0.9 }],
  ['rmsprop', { rho: 0.5 }],
  ['rmsprop', { centered: true }],
  ['rmsprop', { momentum: 0.5 }],
  ['adagrad', { initialAccumulator: 2 }],
  ['adadelta', { rho: 0.5 }],
  ['adam', { beta1: 0.5 }],
  ['adam', { beta2: 0.5 }],
  ['adam', { epsilon: 0.1 }],
])('%s heeds %j', (name, change) => {
  const base = { name, learningRate: 0.5 };
  expect(path({ ...base, ...change })).not.toEqual(path(base));
});

test.each(Object.keys(optimizerDefaults) as OptimizerName[])('%s leaves no tensor behind', (name) => {
  const before = tf.memory().numTensors;
  path({ name, learningRate: 0.1 });
  expect(tf.memory().numTensors).toBe(before);
});

test('plain SGD by hand', () => {
  const places = path({ name: 'sgd', learningRate: 0.5 });
  for (const [place, expected] of [0.75, 0.85, 0.8].entries()) expect(places[place]).toBeCloseTo(expected, 6);
});
