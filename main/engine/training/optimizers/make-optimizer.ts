import { optimizerDefaults, type OptimizerSettings } from '#contract/training.ts';
import type { NamedVariable } from '#engine/model/network.ts';
import { adadelta, type AdadeltaSettings } from './adadelta.ts';
import { adagrad, type AdagradSettings } from './adagrad.ts';
import { adam, type AdamSettings } from './adam.ts';
import type { Optimizer } from './optimizer.ts';
import { rmsprop, type RmspropSettings } from './rmsprop.ts';
import { sgd, type SgdSettings } from './sgd.ts';

type AllSettings = SgdSettings & RmspropSettings & AdagradSettings & AdadeltaSettings & AdamSettings;

/** The optimizer that the settings name; what they leave out takes Keras' default. */
export function makeOptimizer(settings: OptimizerSettings, weights: readonly NamedVariable[]): Optimizer {
  // Values left out are absent or undefined; neither may hide a default.
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  const all = { ...optimizerDefaults[settings.name], ...Object.fromEntries(given) } as unknown as AllSettings;
  const makers = { sgd, rmsprop, adagrad, adadelta, adam };
  return makers[settings.name](weights, all);
}
