import type { ImageItem, ImageQuery, Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { DataSet, FindDataSet, FindPredictions, ImageSource, Predictions } from './data-set.ts';
import { LeastRecent } from './least-recent.ts';
import { PredictionTable } from './predictions.ts';

/** What a query finds, before any page is cut from it. */
export interface Found {
  readonly dataSet: DataSet;
  /** Where the images lie: those that a run held out lie in the training split. */
  readonly split: Split;
  readonly source: ImageSource;
  /** Indices within the split, in the query's order. */
  readonly indices: Uint32Array;
  readonly table: PredictionTable | null;
}

/** Answers queries; an answer is kept until data or predictions change, since pages and sheets ask it again and again. */
export class ImageQueries {
  readonly #catalogue: FindDataSet;
  readonly #findPredictions: FindPredictions;
  readonly #found = new LeastRecent<Found>(32);
  readonly #tables = new WeakMap<Predictions, PredictionTable>();

  constructor(catalogue: FindDataSet, findPredictions: FindPredictions) {
    this.#catalogue = catalogue;
    this.#findPredictions = findPredictions;
  }

  /**
   * Where the query asks for predictions and the run has none for this split yet, it finds nothing.
   * Fails: `data/unknown-set`, `run/unknown`, `call/invalid`, and what opening the data set may.
   */
  async find(query: ImageQuery): Promise<Found> {
    const dataSet = await this.#catalogue.get(query.dataset);
    const predictions =
      query.run === undefined ? null : await this.#findPredictions(query.run, query.dataset, query.split);
    const key = JSON.stringify([dataSet.summary.hash, predictions?.revision, sorted(query)]);
    const kept = this.#found.get(key);
    if (kept) return kept;
    const table = predictions && this.#table(predictions);
    const heldOut = query.split === 'validation' && !dataSet.source('validation') && table !== null;
    const split = heldOut ? 'train' : query.split;
    const source = dataSet.source(split) ?? nothing;
    const all = indicesOf(query, source, table);
    const indices = heldOut ? all.filter((index) => table.row(index) !== undefined) : all;
    const found = { dataSet, split, source, table, indices };
    this.#found.set(key, found);
    return found;
  }

  async page(query: ImageQuery, offset: number, limit: number): Promise<ImageItem[]> {
    const found = await this.find(query);
    return Array.from(found.indices.subarray(offset, offset + limit), (index) => itemOf(found, found.split, index));
  }

  #table(predictions: Predictions): PredictionTable {
    const table = this.#tables.get(predictions) ?? new PredictionTable(predictions);
    this.#tables.set(predictions, table);
    return table;
  }
}

const nothing: ImageSource = { count: 0, labels: new Uint16Array(0), read: () => undefined };

export function itemOf({ source, table }: Omit<Found, 'indices' | 'split'>, split: Split, index: number): ImageItem {
  const label = source.labels[index] ?? 0;
  const file = source.files?.(index);
  return { index, ...(file !== undefined && { file }), split, label, ...table?.figures(index, label) };
}

/** Equal queries have equal keys, in whatever order their fields and classes came. */
function sorted({ dataset, split, classes, run, correctness, predicted, text, order }: ImageQuery): unknown[] {
  return [dataset, split, classes && [...classes].sort((a, b) => a - b), run, correctness, predicted, text, order];
}

function indicesOf(query: ImageQuery, source: ImageSource, table: PredictionTable | null): Uint32Array {
  const { correctness, predicted, order } = query;
  const predictive = correctness !== undefined || predicted !== undefined || order !== 'natural';
  if (predictive && query.run === undefined) {
    const problem = 'needed to ask for predictions';
    throw new AppError('call/invalid', `\`run\`: ${problem}.`, { field: 'run', problem });
  }
  const classes = query.classes && new Set(query.classes);
  const text = folded(query.text ?? '');
  const kept: number[] = [];
  for (const [index, label] of source.labels.entries()) {
    if (classes && !classes.has(label)) continue;
    if (text !== '' && !folded(source.files?.(index) ?? '').includes(text)) continue;
    if (predictive && !fits(index, label)) continue;
    kept.push(index);
  }
  return order === 'natural' ? Uint32Array.from(kept) : highestFirst(kept, (index) => score(index));

  function fits(index: number, label: number): boolean {
    const row = table?.row(index);
    if (!table || row === undefined) return false;
    const guess = table.predicted(row);
    if (predicted !== undefined && guess !== predicted) return false;
    return correctness === undefined || (guess === label) === (correctness === 'right');
  }

  function score(index: number): number {
    const row = table?.row(index) ?? 0;
    if (!table) return 0;
    return order === 'loss' ? table.loss(row, source.labels[index] ?? 0) : table.probability(row, table.predicted(row));
  }
}

/** Names as people look for them: in any case, composed or not. */
const folded = (text: string) => text.normalize('NFC').toLowerCase();

/** Ties stay in their natural order. */
function highestFirst(indices: readonly number[], scoreOf: (index: number) => number): Uint32Array {
  const scores = Float64Array.from(indices, scoreOf);
  const positions = Uint32Array.from(indices.keys());
  positions.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return positions.map((position) => indices[position] ?? 0);
}
