import type { ComparedRun } from '#contract/comparison.ts';
import { optimizerDefaults, type RunSummary } from '#contract/training.ts';
import type { ComparedRow } from '#features/compare/compared-columns.ts';

export const runNamed = (id: string, facts: Partial<RunSummary> = {}): RunSummary => ({
  ...{ id, name: id, state: 'done', created: '2026-11-21T10:00:00.000Z', datasetName: 'MNIST', presetName: 'CNN' },
  settings: {
    ...{ dataset: 'mnist', preset: 'mnist-cnn', epochs: 3, batchSize: 32, seed: 1 },
    ...{ optimizer: optimizerDefaults.adam, validation: { amount: 'none', pick: 'last' } },
  },
  ...{ classes: ['0', '1'], parameters: 1000, epochsDone: 3, revision: '1', ...facts },
});

export const comparedNamed = (run: string, facts: Partial<ComparedRun> = {}): ComparedRun => ({
  ...{ run, final: {}, best: {}, seconds: 3, size: 1000, ...facts },
});

export const rowNamed = (
  id: string,
  facts: Partial<RunSummary> = {},
  compared: Partial<ComparedRun> = {},
): ComparedRow => ({ run: runNamed(id, facts), compared: comparedNamed(id, compared), settings: new Map() });
