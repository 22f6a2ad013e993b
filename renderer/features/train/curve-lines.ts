import type { BatchRecord, EpochRecord } from '#contract/training.ts';
import type { Line } from '#ui/line-data.ts';

export interface CurveChoice {
  readonly quantity: 'loss' | 'accuracy';
  readonly by: 'batch' | 'epoch';
  readonly axis: 'step' | 'epoch';
  /** To place an epoch's end on an axis of steps. */
  readonly stepsPerEpoch: number;
  readonly series: number;
  readonly names: { readonly train: string; readonly validation: string };
}

/**
 * The curves of a run. An epoch's figures stand where it ends; a batch stands where it ends within its epoch, so that
 * batch `n` of `n` of epoch 3 is at 3.
 */
export function curveLines(
  batches: readonly BatchRecord[],
  history: readonly EpochRecord[],
  { quantity, by, axis, stepsPerEpoch, series, names }: CurveChoice,
): Line[] {
  const epochX = (epoch: number) => (axis === 'epoch' ? epoch : epoch * stepsPerEpoch);
  const smoothed = true;
  const train: Line = {
    label: names.train,
    series,
    dashed: false,
    smoothed,
    ...(by === 'batch'
      ? {
          x: Float64Array.from(batches, (b) => (axis === 'epoch' ? b.epoch - 1 + b.batch / b.batches : b.step)),
          y: Float64Array.from(batches, (b) => b[quantity]),
        }
      : {
          x: Float64Array.from(history, (record) => epochX(record.epoch)),
          y: Float64Array.from(history, (record) => record[quantity]),
        }),
  };
  const measure = quantity === 'loss' ? 'valLoss' : 'valAccuracy';
  const measured = history.filter((record) => record[measure] !== undefined);
  if (measured.length === 0) return [train];
  const validation: Line = {
    label: names.validation,
    series,
    dashed: true,
    // A few points among thousands of batches are not smoothed with the batches' weight.
    smoothed: by === 'epoch',
    x: Float64Array.from(measured, (record) => epochX(record.epoch)),
    y: Float64Array.from(measured, (record) => record[measure] ?? NaN),
  };
  return [train, validation];
}
