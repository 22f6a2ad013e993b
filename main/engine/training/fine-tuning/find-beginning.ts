import type { ModelRef } from '#contract/models.ts';
import type { TrainingSettings } from '#contract/training.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { beginningOf, type Beginning } from './beginning.ts';
import { tunedNetwork } from './tuned-network.ts';

/** Fails: `model/unknown`, `run/no-weights`, `run/torn`, `model/file-damaged`. */
export type FindBase = (ref: ModelRef) => Promise<PortableModel>;

/** Of a run that begins with another model's weights; null for others. Fails: as `FindBase`, `train/base-unfit`. */
export async function findBeginning(
  settings: TrainingSettings,
  { height, width, channels, classes }: Pick<DataSet, 'height' | 'width' | 'channels' | 'classes'>,
  find: FindBase | undefined,
): Promise<Beginning | null> {
  const { fineTuning } = settings;
  if (!fineTuning || !find) return null;
  const base = await find(fineTuning.base);
  const tuned = tunedNetwork(base, fineTuning, { height, width, channels, classes: classes.length });
  return beginningOf(base, tuned, settings);
}
