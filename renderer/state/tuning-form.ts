import type { FineTuningSettings, RunSummary, TrainingSettings } from '#contract/training.ts';
import { usualModel } from './models.svelte.ts';

/** How a ready model is taught new classes, while it is being chosen. */
export interface TuningForm {
  /** A model's reference. */
  base: string;
  head: FineTuningSettings['head'];
  dropout: string;
  /** Blocks, or `all`. */
  unfreeze: string;
  reuse: boolean;
}

export const usualTuning: TuningForm = {
  base: usualModel,
  head: 'global-average',
  dropout: '0.2',
  unfreeze: '0',
  reuse: true,
};

/** Steps of a first phase: only the head learns, so that it may learn quickly. */
export const firstPhase = {
  epochs: '8',
  batchSize: '32',
  optimizer: 'adam',
  learningRate: '0.001',
} as const;
/** Of a second one: what the base knows must not be swept away. */
export const secondRate = '0.00001';

/** How the rate goes with what is trained: of the head alone, or of layers that already know something. */
export const rateFor = ({ unfreeze }: Pick<TuningForm, 'unfreeze'>): string =>
  unfreeze.trim() === '0' ? '0.001' : secondRate;

export function tuningOf({ fineTuning }: TrainingSettings): TuningForm | null {
  if (!fineTuning) return null;
  const { base, head, dropout, unfreeze, reuseFeatures = true } = fineTuning;
  return {
    ...{ base, head, reuse: reuseFeatures },
    dropout: dropout === undefined ? '' : String(dropout),
    unfreeze: String(unfreeze),
  };
}

/** The settings that go on from a run: the same head, its last blocks no longer frozen, a low rate. */
export function unfrozen(run: Pick<RunSummary, 'id' | 'settings'>): TrainingSettings {
  const { name: _, fineTuning, ...settings } = run.settings;
  const before = fineTuning?.unfreeze === 'all' ? 0 : (fineTuning?.unfreeze ?? 0);
  return {
    ...settings,
    preset: run.id,
    optimizer: { ...settings.optimizer, learningRate: Number(secondRate) },
    fineTuning: { base: run.id, head: 'keep', unfreeze: before + 2 },
  };
}

interface Readers {
  whole(field: 'unfreeze', text: string, low: number, high: number): number;
  real(field: 'dropout', text: string, low: number, high: number, open: boolean): number;
}

export function readTuning({ base, head, dropout, unfreeze, reuse }: TuningForm, read: Readers): FineTuningSettings {
  const rate = dropout.trim() === '' || head === 'keep' ? 0 : read.real('dropout', dropout, 0, 0.99, false);
  return {
    ...{ base, head },
    unfreeze: unfreeze.trim() === 'all' ? 'all' : read.whole('unfreeze', unfreeze, 0, 10_000),
    ...(rate > 0 && { dropout: rate }),
    ...(!reuse && { reuseFeatures: false }),
  };
}
