import { AppError } from '#contract/failures.ts';

/** Digits and the like have ten classes; a set of them may lack some. */
const usualClasses = 10;

/**
 * Highest label + 1, over the labels of all files. Labels are class indices, so the classes they use lie close together
 * (EMNIST letters leave out 0, a subset of digits leaves out some). A label of twice as many as there are different ones
 * is taken for damage: accepted, one wrong byte would make 256 classes. Fails: `data/label-range`.
 *
 * @param labels by file
 */
export function checkedClassCount(labels: ReadonlyMap<string, Uint8Array | Uint16Array>): number {
  const used = new Set<number>();
  for (const values of labels.values()) for (const label of values) used.add(label);
  const limit = Math.max(usualClasses, 2 * used.size);
  for (const [file, values] of labels) {
    const index = values.findIndex((label) => label >= limit);
    if (index < 0) continue;
    const details = { file, index, label: values[index] ?? 0, classes: used.size };
    const message = `${file} gives image ${index} the label ${details.label}, but uses only ${used.size} labels.`;
    throw new AppError('data/label-range', message, details);
  }
  return [...used].reduce((highest, label) => Math.max(highest, label), -1) + 1;
}
