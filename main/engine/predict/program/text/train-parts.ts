import type { TrainingSettings } from '#contract/training-settings.ts';

/** What train.py is made of. A part of the program that a run does not need is not there. */
export interface TrainText {
  readonly name: string;
  readonly settings: TrainingSettings;
  /** As the run had it in the end: memory may have asked for less than the settings. */
  readonly batchSize: number;
  readonly endsIn: 'softmax' | 'linear';
  /** Weights of the auxiliary outputs' losses. */
  readonly auxiliary: readonly number[];
  /** Of each class, where the settings say so. */
  readonly classWeights: readonly number[] | undefined;
  /** Whether each training image has a weight of its own. */
  readonly weighted: boolean;
  /** Whether images are held out, and whether there are some to test with. */
  readonly held: boolean;
  readonly tested: boolean;
  /** Whether a layer takes statistics of the batch that it is trained on. */
  readonly normalizes: boolean;
  /** The layer that does to pixels what is done first, where it has a kernel, which nobody trains. */
  readonly pixelKernel: string | null;
  /** Whether it began with another model's weights: fresh ones would leave frozen layers at random. */
  readonly tuned: boolean;
  /** Weights that were written: those the run began with, and those it has. */
  readonly first: boolean;
  readonly kept: boolean;
}

/** How often the program sets the learning rate: before every step, before those that a rule is for, or never. */
export function ratesOf({ schedule }: TrainingSettings): 'every' | 'some' | 'never' {
  const warm = (schedule?.warmUpEpochs ?? 0) > 0;
  if (schedule?.kind === 'plateau') return warm ? 'some' : 'never';
  return warm || (schedule && schedule.kind !== 'constant') ? 'every' : 'never';
}

/** Rates of the penalty on kernels; null where there is none. */
export function penaltyOf({
  regularizer: rates,
}: TrainingSettings): { readonly l1: number; readonly l2: number } | null {
  return rates && (rates.l1 > 0 || rates.l2 > 0) ? rates : null;
}
