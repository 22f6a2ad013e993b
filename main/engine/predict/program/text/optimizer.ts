import type { OptimizerSettings } from '#contract/training-settings.ts';
import { optimizerConfig } from '#engine/model/formats/keras/compile-config.ts';
import { call, literal, real } from './literal.ts';

/** Arguments that Keras wants as floats even where they are whole. */
const counts = new Set(['ema_overwrite_frequency', 'gradient_accumulation_steps']);

/** The optimizer with every argument written out. */
export function optimizerText(settings: OptimizerSettings): string[] {
  const { class_name: className, config } = optimizerConfig(settings);
  const args = Object.entries(config)
    .filter(([name]) => name !== 'name')
    .map(([name, value]) => {
      const number = typeof value === 'number' && !counts.has(name);
      return `${name}=${number ? real(value) : literal(value as string | number | boolean | null)}`;
    });
  return ['def make_optimizer():', `    ${call(`return keras.optimizers.${className}`, args, 4)}`];
}
