import type { TrainingSettings, TunedFrom } from '#contract/training.ts';
import { placeLayers, type PlacedLayer } from '#engine/model/placement.ts';
import { inputName, type ImageShape, type LayerSpec, type NetworkSpec } from '#engine/model/spec.ts';

/** Where a network is cut: what its layers up to this one give is always the same for an image. */
export interface FrozenPart {
  readonly layer: string;
  readonly shape: readonly number[];
  /** The layers up to it, and those after it. */
  readonly before: readonly PlacedLayer[];
  readonly after: readonly PlacedLayer[];
}

export type Whole = NonNullable<TunedFrom['whole']>;

/** The largest part that can be computed once and for all, or why there is none. */
export function frozenPart(spec: NetworkSpec, images: ImageShape, settings: TrainingSettings): FrozenPart | Whole {
  if (settings.fineTuning?.reuseFeatures === false) return 'off';
  if (settings.augmentation && settings.augmentation.ops.length > 0) return 'augmentation';
  if (spec.auxiliary && spec.auxiliary.length > 0) return 'several-outputs';
  const placed = placeLayers(spec, images);
  const changing = placed.findIndex(({ layer, facts }) => changes(layer, facts));
  const still = changing < 0 ? placed.length - 1 : changing;
  for (let end = still; end > 0; end--) {
    const [before, after] = [placed.slice(0, end), placed.slice(end)];
    const last = before.at(-1);
    if (!last || !before.some(({ facts }) => facts.weights.length > 0)) break;
    const made = new Set([...after.map(({ layer }) => layer.name), last.layer.name]);
    if (!after.every(({ inputs }) => inputs.every((name) => name !== inputName && made.has(name)))) continue;
    return { layer: last.layer.name, shape: last.facts.outputShape, before, after };
  }
  return 'nothing-frozen';
}

/** Its output for an image is another one from step to step. */
function changes(layer: LayerSpec, { weights }: PlacedLayer['facts']): boolean {
  switch (layer.kind) {
    case 'Dropout':
    case 'SpatialDropout2D':
      return layer.rate > 0;
    case 'GaussianNoise':
      return layer.stddev > 0;
    case 'BatchNormalization':
      return layer.trainable !== false;
    default:
      return weights.some(({ trainable }) => trainable);
  }
}
