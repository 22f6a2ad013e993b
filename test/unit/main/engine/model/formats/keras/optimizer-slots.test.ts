import { describe, expect, test } from 'vitest';
import { optimizerDefaults, optimizerName, type OptimizerSettings } from '#contract/training-settings.ts';
import { slotPairs } from '#engine/model/formats/keras/optimizer-slots.ts';

const weights = ['conv/kernel', 'conv/bias'];
const keras = (settings: OptimizerSettings) => slotPairs(settings, weights).map((pair) => pair.keras);
const ours = (settings: OptimizerSettings) => slotPairs(settings, weights).map(({ slot }) => slot);

// `[variable.path for variable in optimizer.variables]` of Keras 3.15 after a step.
describe('Keras’ variables in their order', () => {
  test.each<{ settings: OptimizerSettings; want: string[] }>([
    { settings: { name: 'sgd', learningRate: 0.1 }, want: [] },
    { settings: { name: 'sgd', learningRate: 0.1, momentum: 0.9 }, want: ['kernel_momentum', 'bias_momentum'] },
    { settings: { name: 'rmsprop', learningRate: 0.1 }, want: ['kernel_velocity', 'bias_velocity'] },
    {
      settings: { name: 'rmsprop', learningRate: 0.1, momentum: 0.5, centered: true },
      want: [
        ...['kernel_velocity', 'bias_velocity', 'kernel_momentum', 'bias_momentum'],
        ...['kernel_average_gradient', 'bias_average_gradient'],
      ],
    },
    { settings: { name: 'adagrad', learningRate: 0.1 }, want: ['kernel_accumulator', 'bias_accumulator'] },
    {
      settings: { name: 'adadelta', learningRate: 0.1 },
      want: [
        ...['kernel_accumulated_grad', 'kernel_accumulated_delta_var'],
        ...['bias_accumulated_grad', 'bias_accumulated_delta_var'],
      ],
    },
    {
      settings: { name: 'adam', learningRate: 0.1 },
      want: ['kernel_momentum', 'kernel_velocity', 'bias_momentum', 'bias_velocity'],
    },
    {
      settings: { name: 'adamax', learningRate: 0.1 },
      want: ['kernel_momentum', 'kernel_norm', 'bias_momentum', 'bias_norm'],
    },
  ])('$settings.name', ({ settings, want }) => {
    expect(keras(settings)).toEqual(want.map((name) => `conv_${name}`));
  });

  test('Nadam’s product comes last and belongs to no weight', () => {
    const pairs = slotPairs({ name: 'nadam', learningRate: 0.1 }, weights);
    expect(pairs).toHaveLength(5);
    expect(pairs.at(-1)).toEqual({ keras: 'variable', slot: 'nadam/product', weight: null });
  });
});

test.each(optimizerName.options)('%s: our names are those of its slots, each once', (name) => {
  const names = ours(optimizerDefaults[name]);
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((slot) => /^(conv\/(kernel|bias)\/[a-zA-Z]+|nadam\/product)$/.test(slot))).toBe(true);
});
