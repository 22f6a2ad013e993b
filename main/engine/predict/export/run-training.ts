import type { RunSummary } from '#contract/training.ts';
import type { PortableTraining } from '#engine/model/portable.ts';
import type { NamedValues } from '#engine/model/safetensors.ts';
import { CheckpointFolder } from '#engine/training/checkpoint-folder.ts';

/**
 * Where a run's training stood, for weights that are those of its newest checkpoint; null where they are others (of an
 * earlier epoch, or where nothing was kept), whose optimizer nobody remembers.
 * @param folder the run's own
 */
export async function runTraining(
  { settings }: RunSummary,
  folder: string,
  weights: readonly NamedValues[],
): Promise<PortableTraining | null> {
  const { found } = await new CheckpointFolder(folder).newest().catch(() => ({ found: null }));
  if (!found) return null;
  const state = new Map(found.state.map((array) => [array.name, array]));
  if (!weights.every(({ name, values }) => equal(values, state.get(name)?.values))) return null;
  const own = new Set(weights.map(({ name }) => name));
  const { optimizer, loss } = settings;
  return {
    ...{ optimizer, step: found.facts.place.step, ...(loss && { loss }) },
    slots: found.state.filter(({ name }) => !own.has(name)),
  };
}

function equal(a: Float32Array, b: Float32Array | undefined): boolean {
  return b?.length === a.length && a.every((value, place) => value === b[place]);
}
