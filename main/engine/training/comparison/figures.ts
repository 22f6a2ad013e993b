import type { ComparedRun } from '#contract/comparison.ts';
import type { EpochRecord } from '#contract/training.ts';

/** The figures of an epoch by their names (`figureName`). */
export function figuresOf(record: EpochRecord): Map<string, number> {
  const { loss, accuracy, valLoss, valAccuracy, learningRate } = record;
  const named = { loss, accuracy, valLoss, valAccuracy, learningRate };
  const figures = new Map<string, number>();
  for (const [name, value] of Object.entries(named)) if (value !== undefined) figures.set(name, value);
  for (const kind of ['metrics', 'valMetrics'] as const) {
    for (const [name, value] of Object.entries(record[kind] ?? {})) figures.set(`${kind}.${name}`, value);
  }
  for (const kind of ['outputs', 'valOutputs'] as const) {
    for (const [output, own] of Object.entries(record[kind] ?? {})) {
      figures.set(`${kind}.${output}.loss`, own.loss);
      figures.set(`${kind}.${output}.accuracy`, own.accuracy);
    }
  }
  return figures;
}

/** Losses are better when they are low. */
export const isLoss = (figure: string) => /loss$/i.test(figure);

/** The name of the same figure of held-out images; null where there is none. */
export function heldOutName(figure: string): string | null {
  if (figure === 'learningRate') return null;
  return `val${figure.charAt(0).toUpperCase()}${figure.slice(1)}`;
}

/** What a run's history says of it. */
export function figuresOfRun(history: readonly EpochRecord[]): Omit<ComparedRun, 'run' | 'size'> {
  const best: ComparedRun['best'] = {};
  for (const record of history) {
    for (const [name, value] of figuresOf(record)) {
      if (name === 'learningRate' || !Number.isFinite(value)) continue;
      const known = best[name];
      const better = !known || (isLoss(name) ? value < known.value : value > known.value);
      if (better) best[name] = { value, epoch: record.epoch };
    }
  }
  const last = history.at(-1);
  const final = last ? [...figuresOf(last)].filter(([, value]) => Number.isFinite(value)) : [];
  const times = history.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const middle = times[times.length >> 1];
  return {
    final: Object.fromEntries(final),
    best,
    ...(middle === undefined ? {} : { secondsPerEpoch: middle }),
    seconds: times.reduce((sum, time) => sum + time, 0),
  };
}
