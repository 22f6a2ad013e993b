import type { ConfusionMatrix } from '#contract/evaluation.ts';
import { AppError } from '#contract/failures.ts';

/** How often each true class (row) was taken for each class (column). Fails: `data/label-range`. */
export function confusionOf(labels: Uint16Array, predicted: Uint16Array, classes: number): ConfusionMatrix {
  const counts = new Map<number, number>();
  labels.forEach((label, row) => {
    if (label >= classes) {
      throw new AppError('data/label-range', `Image ${row} has label ${label}; expected 0 to ${classes - 1}.`, {
        label,
        classes,
      });
    }
    const place = label * classes + (predicted[row] ?? 0);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  });
  const places = Float64Array.from(counts.keys()).sort();
  const cells = Array.from(places, (place): [number, number, number] => [
    Math.floor(place / classes),
    place % classes,
    counts.get(place) ?? 0,
  ]);
  return { classes, cells };
}

/** Sums over rows (images of a class), columns (images given a class) and the diagonal (images given their class). */
export function marginsOf({ classes, cells }: ConfusionMatrix) {
  const rows = new Float64Array(classes);
  const columns = new Float64Array(classes);
  const hits = new Float64Array(classes);
  for (const [row, column, count] of cells) {
    rows[row] = (rows[row] ?? 0) + count;
    columns[column] = (columns[column] ?? 0) + count;
    if (row === column) hits[row] = count;
  }
  return { rows, columns, hits };
}
