import type { EpochRecord } from '#contract/training.ts';
import type { TableData } from '#ui/table-save.ts';

const figures = ['loss', 'accuracy', 'valLoss', 'valAccuracy', 'learningRate'] as const;
const costs = ['seconds', 'imagesPerSecond', 'tensors', 'memory'] as const;

/** Every epoch with full figures, under the names of `history.jsonl`; held-out metrics as Keras names them. */
export function epochData(history: readonly EpochRecord[]): TableData {
  const metrics = Object.keys(history.at(-1)?.metrics ?? {});
  return {
    columns: ['epoch', ...figures, ...metrics.flatMap((name) => [name, `val_${name}`]), ...costs],
    rows: history.map((record) => [
      record.epoch,
      ...figures.map((name) => record[name] ?? null),
      ...metrics.flatMap((name) => [record.metrics?.[name] ?? null, record.valMetrics?.[name] ?? null]),
      ...costs.map((name) => record[name]),
    ]),
  };
}
