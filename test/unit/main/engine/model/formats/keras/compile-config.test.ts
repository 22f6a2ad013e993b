import { expect, test } from 'vitest';
import { lossName, optimizerDefaults, optimizerName, type LossSettings } from '#contract/training-settings.ts';
import { lossConfig, lossFrom, optimizerConfig, optimizerFrom } from '#engine/model/formats/keras/compile-config.ts';

test.each(optimizerName.options)('%s comes back with every argument', (name) => {
  const settings = { ...optimizerDefaults[name], learningRate: 0.02, weightDecay: 0.01, globalClipNorm: 2 };
  expect(optimizerFrom(optimizerConfig(settings))).toEqual({ settings, notes: [] });
});

test('AdamW without decay is told from AdamW with Keras’ own', () => {
  const none = optimizerConfig({ name: 'adamw', learningRate: 0.1, weightDecay: 0 });
  expect(none.config['weight_decay']).toBe(0); // Keras refuses to make one of null
  expect(optimizerFrom(none)?.settings.weightDecay).toBe(0);
  expect(optimizerConfig({ name: 'adamw', learningRate: 0.1 }).config['weight_decay']).toBe(0.004);
});

test('what we do not have is said; what we know nothing like is no optimizer', () => {
  const { config } = optimizerConfig(optimizerDefaults.adam);
  const schedule = { class_name: 'ExponentialDecay', config: {} };
  const found = optimizerFrom({ class_name: 'Adam', config: { ...config, learning_rate: schedule, amsgrad: true } });
  expect(found?.notes).toEqual(['The learning-rate schedule is not taken over.', 'AMSGrad is not taken over.']);
  expect(optimizerFrom({ class_name: 'Lion', config: {} })).toBeNull();
  expect(optimizerFrom({ class_name: 'Adam', config: { learning_rate: 'fast', beta_1: 7 } })).toBeNull();
});

test.each(lossName.options)('%s comes back', (name) => {
  const loss: LossSettings = { name };
  const found = lossFrom(lossConfig(loss, 'softmax'));
  expect(found).toMatchObject(loss);
  expect(found?.fromLogits ?? false).toBe(false);
  expect(lossFrom(name)).toEqual({ name });
});

test('a network that ends in logits has a loss of logits', () => {
  const { config } = lossConfig({ name: 'categorical_crossentropy', labelSmoothing: 0.1 }, 'linear');
  expect(config).toMatchObject({ from_logits: true, label_smoothing: 0.1 });
});

test.each([null, undefined, 7, 'my_loss', { class_name: 'Mine', config: {} }, [{ class_name: 'Hinge' }]])(
  '%j is no loss of ours',
  (loss) => expect(lossFrom(loss)).toBeNull(),
);
