import { AppError } from '#contract/failures.ts';
import type { TrainingSettings } from '#contract/training.ts';
import type { Backend } from '#engine/backend/load.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { planRun, type Plan } from '../plan.ts';
import { beginningOf, freshLayers } from './beginning.ts';
import type { FindBase } from './find-beginning.ts';
import { frozenPart } from './frozen-part.ts';
import { tunedNetwork } from './tuned-network.ts';

interface TunedParts {
  readonly settings: TrainingSettings;
  readonly data: DataSet;
  readonly backend: Pick<Backend, 'name' | 'trains'>;
  readonly base: FindBase | undefined;
}

/** A run that begins with another model's weights. Fails: as `planRun` and `FindBase`, `train/base-unfit`. */
export async function planTuned({ settings, data, backend, base: find }: TunedParts): Promise<Plan> {
  const { fineTuning } = settings;
  if (!fineTuning || !find) throw new AppError('model/unknown', 'There is no base.', { model: settings.preset });
  const base = await find(fineTuning.base);
  const images = { height: data.height, width: data.width, channels: data.channels, classes: data.classes.length };
  const tuned = tunedNetwork(base, fineTuning, images);
  const plan = planRun(settings, data, backend, tuned.spec);
  const part = frozenPart(tuned.spec, images, settings);
  const facts = {
    base: base.spec.name,
    trained: plan.model.trainable,
    frozen: plan.model.parameters - plan.model.trainable,
    fresh: freshLayers(tuned.spec, images, beginningOf(base, tuned, settings).weights),
    ...(typeof part === 'string' ? { whole: part } : { layer: part.layer }),
  };
  return { ...plan, tuned: { facts, statistics: tuned.statistics } };
}
