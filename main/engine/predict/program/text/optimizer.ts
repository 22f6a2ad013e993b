import type { OptimizerSettings } from '#contract/training-settings.ts';
import { optimizerConfig } from '#engine/model/formats/keras/compile-config.ts';
import { call, literal, real } from './literal.ts';

/** Arguments that Keras wants as floats even where they are whole. */
const counts = new Set(['ema_overwrite_frequency', 'gradient_accumulation_steps']);

const clips = new Set(['clipnorm', 'global_clipnorm', 'clipvalue']);

export const isClipped = ({ clipNorm, clipValue, globalClipNorm }: OptimizerSettings): boolean =>
  Boolean(clipNorm ?? clipValue ?? globalClipNorm);

/** `make_optimizer`, with every argument written out. Limits of gradients are for a replica's part of the whole one. */
export function optimizerText(settings: OptimizerSettings): string[] {
  const { class_name: className, config } = optimizerConfig(settings);
  const args = Object.entries(config)
    .filter(([name]) => name !== 'name')
    .map(([name, value]) => {
      const number = typeof value === 'number' && !counts.has(name);
      const written = number ? real(value) : literal(value as string | number | boolean | null);
      return `${name}=${written}${clips.has(name) && value !== null ? ' / replicas' : ''}`;
    });
  return [
    `def make_optimizer(${isClipped(settings) ? 'replicas' : ''}):`,
    ...(isClipped(settings)
      ? [
          '    # Keras clips what a replica gives before it adds up what all give: a part of the whole',
          '    # gradient, within a part of the limit.',
        ]
      : []),
    `    ${call(`return keras.optimizers.${className}`, args, 4)}`,
  ];
}
