import type { TrainingSettings } from '#contract/training.ts';
import { placeLayers } from '#engine/model/placement.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import type { NamedShape, NamedValues } from '#engine/model/safetensors.ts';
import type { ImageShape, NetworkData } from '#engine/model/spec.ts';
import type { TunedNetwork } from './tuned-network.ts';

/** What a run's weights begin with. */
export interface Beginning {
  /** Those of the base whose name and shape are also the network's; the others are drawn from the seed. */
  readonly weights: readonly NamedValues[];
  /** The base's optimizer, where the run goes on with it: updates done, and its slots. */
  readonly optimizer: { readonly step: number; readonly slots: readonly NamedValues[] } | null;
}

export function beginningOf(
  base: PortableModel,
  { added }: Pick<TunedNetwork, 'added'>,
  { fineTuning, optimizer }: Pick<TrainingSettings, 'fineTuning' | 'optimizer'>,
): Beginning {
  const asItIs = fineTuning?.head === 'keep' && fineTuning.unfreeze === 'all';
  const { training } = base;
  const goesOn =
    asItIs && training !== undefined && training.slots.length > 0 && training.optimizer.name === optimizer.name;
  return {
    weights: [...base.weights, ...added],
    optimizer: goesOn ? { step: training.step, slots: training.slots } : null,
  };
}

/** Layers none of whose weights the base has. */
export function freshLayers(spec: NetworkData, images: ImageShape, given: readonly NamedShape[]): string[] {
  const known = new Map(given.map(({ name, shape }) => [name, shape.join()]));
  return placeLayers(spec, images)
    .filter(({ facts: { weights } }) => weights.length > 0)
    .filter(
      ({ layer, facts }) =>
        !facts.weights.some((each) => known.get(`${layer.name}/${each.name}`) === each.shape.join()),
    )
    .map(({ layer }) => layer.name);
}
