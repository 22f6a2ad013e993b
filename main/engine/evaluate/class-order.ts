import { AppError } from '#contract/failures.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import type { Judgeable } from '#engine/predict/trained.ts';

/** The classes of a report: those of the data set first, in its order, then what else the model knows. */
export interface ClassOrder {
  readonly classes: readonly string[];
  /** Which output of the model each of them is; null where the order is the model's own. */
  readonly outputs: Uint32Array | null;
}

/**
 * How a model's classes are those of a data set. A run has been told; another model is asked by names (WordNet ids or
 * labels, whatever their case and spaces), or by numbers where it has as many classes and none of these names.
 * Fails: `evaluate/classes-differ` naming a class that the model does not know.
 */
export function classOrder(model: Judgeable, data: DataSet): ClassOrder {
  if (!model.named) return { classes: model.classes, outputs: null };
  const known = new Map<string, number>();
  for (const [output, { label, id }] of model.named.classes.entries()) {
    for (const name of [id, label, ...label.split(',')]) {
      const plain = plainName(name ?? '');
      if (plain !== '' && !known.has(plain)) known.set(plain, output);
    }
  }
  const found = data.classes.map((name) => known.get(plainName(name)));
  const missing = found.indexOf(undefined);
  if (missing < 0 && new Set(found).size === found.length) {
    const first = new Set(found);
    const rest = model.classes.map((_, output) => output).filter((output) => !first.has(output));
    const outputs = Uint32Array.from([...found, ...rest], (output) => output ?? 0);
    return {
      classes: [...data.classes, ...rest.map((output) => model.classes[output] ?? String(output))],
      outputs: outputs.every((output, place) => output === place) ? null : outputs,
    };
  }
  const none = found.every((output) => output === undefined);
  if (none && data.classes.length === model.classes.length) return { classes: data.classes, outputs: null };
  const name = data.classes[Math.max(0, missing)] ?? '';
  throw new AppError(
    'evaluate/classes-differ',
    `${data.summary.name} has a class "${name}" that ${model.name} does not know among its ${model.classes.length}.`,
    { dataset: data.summary.name, class: name, model: model.name, classes: model.classes.length },
  );
}

/** Columns in that order. @param values [row, output] */
export function reordered(values: Float32Array, { outputs }: ClassOrder): Float32Array {
  if (!outputs) return values;
  const count = outputs.length;
  const moved = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += count) {
    for (let place = 0; place < count; place++) moved[row + place] = values[row + (outputs[place] ?? 0)] ?? 0;
  }
  return moved;
}

/** Folders are called `tabby_cat`, classes `Tabby cat`. */
const plainName = (name: string) =>
  name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
