import type { ClassName } from '#contract/models.ts';
import type { LossSettings, OptimizerSettings } from '#contract/training-settings.ts';
import type { Pixels } from './pixels.ts';
import type { NamedValues } from './safetensors.ts';
import type { NetworkData } from './spec.ts';

/** A model as it goes from hand to hand: all that a file can say of one, whatever its format. */
export interface PortableModel {
  /** For one size of images: `input` is theirs, every Dense has a number of units, models inside of it are flattened. */
  readonly spec: NetworkData;
  readonly pixels: Pixels;
  /** One for each output of the last layer; empty where nobody said what they are. */
  readonly classes: readonly ClassName[];
  /** One for each variable that `networkOf(spec)` has, in its order and by its names, `<layer>/<weight>`. */
  readonly weights: readonly NamedValues[];
  /** Where training stood. */
  readonly training?: PortableTraining;
}

export interface PortableTraining {
  readonly optimizer: OptimizerSettings;
  readonly loss?: LossSettings;
  /** Updates done. */
  readonly step: number;
  /** The optimizer's slots by the names that `makeOptimizer` gives them. */
  readonly slots: readonly NamedValues[];
}
