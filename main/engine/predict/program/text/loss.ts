import type { LossSettings } from '#contract/training-settings.ts';
import { lossConfig } from '#engine/model/formats/keras/compile-config.ts';
import { call, literal, real } from './literal.ts';

/** Losses that Keras finds from logits whatever it is given; the others take what they are given. */
const crossEntropies = new Set<string>([
  'sparse_categorical_crossentropy',
  'categorical_crossentropy',
  'binary_crossentropy',
]);

/** The loss of each image: `LOSS`, and `losses_of(labels, outputs)` where it is more. @param endsIn last activation of the network */
export function lossText(settings: LossSettings | undefined, endsIn: 'softmax' | 'linear'): string[] {
  const { class_name: className, config } = lossConfig(settings ?? usual, endsIn);
  const args = Object.entries(config)
    .filter(([name]) => name !== 'name' && name !== 'reduction' && name !== 'axis')
    // As Keras has them when nothing is said.
    .filter(([name, value]) => value !== (name === 'from_logits' ? false : name === 'label_smoothing' ? 0 : null))
    .map(([name, value]) => `${name}=${typeof value === 'number' ? real(value) : literal(value as string | boolean)}`);
  const made = [
    '# Of each image; the mean is taken over the whole batch, of all workers.',
    call(`LOSS = keras.losses.${className}`, [...args, 'reduction="none"']),
  ];
  if (isPlain(settings, endsIn)) return made;
  const { name } = settings ?? usual;
  return [
    ...made,
    '',
    '',
    'def losses_of(labels, outputs):',
    ...givenOf(settings ?? usual, endsIn).map((line) => `    ${line}`),
    name === usual.name
      ? '    return LOSS(labels, outputs)'
      : '    return LOSS(tf.one_hot(labels, len(CLASSES)), outputs)',
  ];
}

/** The losses of a batch as an expression. */
export const lossesOf = (settings: LossSettings | undefined, endsIn: 'softmax' | 'linear', outputs: string): string =>
  `${isPlain(settings, endsIn) ? 'LOSS' : 'losses_of'}(labels, ${outputs})`;

const usual: LossSettings = { name: 'sparse_categorical_crossentropy' };

/** Whether Keras' loss takes labels and outputs as they are. */
const isPlain = (settings: LossSettings = usual, endsIn: 'softmax' | 'linear') =>
  settings.name === usual.name && givenOf(settings, endsIn).length === 0;

/** What is done to outputs first. */
function givenOf({ name, fromLogits }: LossSettings, endsIn: 'softmax' | 'linear'): string[] {
  const logits = fromLogits ?? endsIn === 'linear';
  if (crossEntropies.has(name) || logits === (endsIn === 'linear')) return [];
  return logits
    ? ['outputs = outputs._keras_logits  # what the softmax was given']
    : ['outputs = tf.nn.softmax(outputs)'];
}
