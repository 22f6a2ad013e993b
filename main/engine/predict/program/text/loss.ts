import type { LossSettings } from '#contract/training-settings.ts';
import { lossConfig } from '#engine/model/formats/keras/compile-config.ts';
import { call, literal, real } from './literal.ts';

/** Losses that Keras finds from logits whatever it is given; the others take what they are given. */
const crossEntropies = new Set<string>([
  'sparse_categorical_crossentropy',
  'categorical_crossentropy',
  'binary_crossentropy',
]);

/** The loss of each image: `LOSS` and `losses_of(labels, outputs)`. @param endsIn last activation of the network */
export function lossText(
  settings: LossSettings = { name: 'sparse_categorical_crossentropy' },
  endsIn: 'softmax' | 'linear',
): string[] {
  const { class_name: className, config } = lossConfig(settings, endsIn);
  const args = Object.entries(config)
    .filter(([name]) => name !== 'name' && name !== 'reduction' && name !== 'axis')
    .map(([name, value]) => {
      return `${name}=${typeof value === 'number' ? real(value) : literal(value as string | boolean)}`;
    });
  const sparse = settings.name === 'sparse_categorical_crossentropy';
  const given = givenOf(settings, endsIn);
  return [
    '# Of each image: the mean is taken over the whole batch, of all workers.',
    call(`LOSS = keras.losses.${className}`, [...args, 'reduction="none"']),
    '',
    '',
    'def losses_of(labels, outputs):',
    '    """The loss of each image. labels: [image]; outputs: [image, class]."""',
    ...given.map((line) => `    ${line}`),
    ...(sparse
      ? ['    return LOSS(labels, outputs)']
      : ['    return LOSS(tf.one_hot(labels, outputs.shape[-1]), outputs)']),
  ];
}

function givenOf({ name, fromLogits }: LossSettings, endsIn: 'softmax' | 'linear'): string[] {
  const logits = fromLogits ?? endsIn === 'linear';
  if (crossEntropies.has(name) || logits === (endsIn === 'linear')) return [];
  return logits
    ? ['outputs = outputs._keras_logits  # what the softmax was given']
    : ['outputs = tf.nn.softmax(outputs)'];
}
