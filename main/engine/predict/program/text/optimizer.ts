import type { OptimizerSettings } from '#contract/training-settings.ts';
import { optimizerConfig } from '#engine/model/formats/keras/compile-config.ts';
import { call, real } from './literal.ts';

/** Of moving averages of weights, which no run has. */
const unused = new Set(['ema_momentum']);

const clips = new Set(['clipnorm', 'global_clipnorm', 'clipvalue']);

export const isClipped = ({ clipNorm, clipValue, globalClipNorm }: OptimizerSettings): boolean =>
  Boolean(clipNorm ?? clipValue ?? globalClipNorm);

/**
 * `make_optimizer`, with every number written out; what is switched off is so in Keras as well. Limits of gradients are for
 * a replica's part of the whole one.
 */
export function optimizerText(settings: OptimizerSettings): string[] {
  const { class_name: className, config } = optimizerConfig(settings);
  const args = Object.entries(config).flatMap(([name, value]) => {
    if (name === 'learning_rate') return ['learning_rate=LEARNING_RATE'];
    if (value === true) return [`${name}=True`];
    if (typeof value !== 'number' || unused.has(name)) return [];
    return [`${name}=${real(value)}${clips.has(name) ? ' / replicas' : ''}`];
  });
  const clipped = isClipped(settings);
  return [
    `def make_optimizer(${clipped ? 'replicas' : ''}):`,
    ...(clipped
      ? [
          '    # Keras clips what a replica gives before it adds up what all give: a part of the whole',
          '    # gradient, within a part of the limit.',
        ]
      : []),
    `    ${call(`return keras.optimizers.${className}`, args, 4)}`,
  ];
}
