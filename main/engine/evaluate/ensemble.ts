import { createHash } from 'node:crypto';
import type { EnsembleMean, EnsembleProgress, EnsembleReport } from '#contract/evaluation.ts';
import type { Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { Predictions } from '#engine/data/data-set.ts';
import type { Judgeable } from '#engine/predict/trained.ts';
import type { Kept } from './kept.ts';
import { predictedClasses, reportOf } from './report.ts';
import type { Rows } from './rows.ts';

export interface EnsembleInput {
  readonly runs: readonly string[];
  readonly mean: EnsembleMean;
  readonly dataset?: string | undefined;
  readonly split: Split;
  readonly limit?: number | undefined;
}

/** A run that takes part, with its figures. */
export interface Member {
  readonly run: Judgeable;
  readonly kept: Kept;
}

/** What an ensemble needs of those who measure runs. */
export interface Measuring {
  summary(run: string): Promise<Judgeable>;
  /** The figures kept, or measured now. */
  member(run: Judgeable, input: EnsembleInput, signal?: AbortSignal): AsyncGenerator<EnsembleProgress, Kept>;
  rows(run: Judgeable, input: EnsembleInput): Promise<Rows>;
}

/**
 * Measures an ensemble: the mean of its members' probabilities.
 * Fails: as measuring its members, and `evaluate/members-differ`.
 */
export async function* measureEnsemble(
  input: EnsembleInput,
  measuring: Measuring,
  signal?: AbortSignal,
): AsyncGenerator<EnsembleProgress, { report: EnsembleReport; predictions: Predictions; rows: Rows }> {
  const started = performance.now();
  const runs = await Promise.all([...new Set(input.runs)].map((id) => measuring.summary(id)));
  const [first] = runs;
  if (!first || runs.length < 2) {
    throw new AppError('call/invalid', '`runs`: one run; expected at least two.', { field: 'runs', problem: '1 < 2' });
  }
  for (const run of runs) checkClasses(first, run);
  const whole = { ...input, dataset: input.dataset ?? first.settings.dataset };
  const members: Member[] = [];
  for (const run of runs) members.push({ run, kept: yield* measuring.member(run, whole, signal) });
  const rows = await measuring.rows(first, whole);
  const predictions = await meanOf(members, input.mean, signal);
  const { probabilities, predicted, indices } = predictions;
  const report = reportOf({
    ...{ probabilities, predicted, labels: rows.labels, classes: first.classes, file: rows.file },
    losses: lossesOf(predictions, rows.labels),
    ...(indices ? { indices } : {}),
  });
  const seconds = (performance.now() - started) / 1000;
  return {
    predictions,
    rows,
    report: {
      ...{ run: `ensemble-${predictions.revision}`, dataset: whole.dataset, split: input.split },
      ...report,
      ...{ seconds, imagesPerSecond: report.count / seconds, revision: predictions.revision, mean: input.mean },
      members: members.map(({ run, kept }) => ({
        run: run.id,
        accuracy: kept.report.accuracy,
        loss: kept.report.loss,
      })),
    },
  };
}

/** One member after the other, so that no more than two tables of probabilities are needed at once. Fails: `evaluate/members-differ`. */
async function meanOf(members: readonly Member[], mean: EnsembleMean, signal?: AbortSignal): Promise<Predictions> {
  let first: Predictions | null = null;
  let total = new Float32Array(0);
  const name = createHash('sha256').update(mean);
  for (const { run, kept } of members) {
    const predictions = await kept.predictions();
    signal?.throwIfAborted();
    if (!predictions) throw new AppError('run/unknown', `The figures of run ${run.id} are gone.`, { run: run.id });
    name.update(`\n${run.id}\n${predictions.revision}`);
    if (!first) {
      first = predictions;
      total = new Float32Array(predictions.probabilities.length);
    } else if (!sameImages(first, predictions)) {
      throw differ('images', members[0]?.run, run);
    }
    addTo(total, predictions.probabilities, mean);
  }
  const classes = first?.classes ?? 1;
  normalize(total, classes, members.length, mean);
  return {
    revision: name.digest('hex').slice(0, 32),
    ...(first?.indices ? { indices: first.indices } : {}),
    predicted: predictedClasses(total, classes),
    probabilities: total,
    classes,
  };
}

/** Keras' epsilon: what a member gives no chance at all is not beyond the others' reach. */
const leastProbability = 1e-7;

function addTo(total: Float32Array, probabilities: Float32Array, mean: EnsembleMean): void {
  const geometric = mean === 'geometric';
  for (let i = 0; i < total.length; i++) {
    const p = probabilities[i] ?? 0;
    total[i] = (total[i] ?? 0) + (geometric ? Math.log(Math.max(p, leastProbability)) : p);
  }
}

/** Sums become means, so that each row sums to 1. */
function normalize(total: Float32Array, classes: number, members: number, mean: EnsembleMean): void {
  for (let from = 0; from < total.length; from += classes) {
    const row = total.subarray(from, from + classes);
    if (mean === 'geometric') {
      const highest = row.reduce((a, b) => Math.max(a, b), -Infinity);
      row.forEach((sum, k) => (row[k] = Math.exp((sum - highest) / members)));
    }
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((value, k) => (row[k] = value / sum));
  }
}

/** Cross-entropy of the mean, natural logarithm; bounded as in Keras, for there are no logits of a mean. */
function lossesOf({ probabilities, classes }: Predictions, labels: Uint16Array): Float64Array {
  return Float64Array.from(
    labels,
    (label, row) => -Math.log(Math.max(probabilities[row * classes + label] ?? 0, leastProbability)),
  );
}

function sameImages(a: Predictions, b: Predictions): boolean {
  if (a.classes !== b.classes || a.predicted.length !== b.predicted.length) return false;
  return a.predicted.every((_, row) => (a.indices ? a.indices[row] : row) === (b.indices ? b.indices[row] : row));
}

function checkClasses(first: Judgeable, run: Judgeable): void {
  const same = run.classes.length === first.classes.length && run.classes.every((name, k) => name === first.classes[k]);
  if (!same) throw differ('classes', first, run);
}

function differ(what: 'classes' | 'images', first: Judgeable | undefined, run: Judgeable): AppError {
  const details = { what, first: first?.name ?? '', other: run.name };
  return new AppError(
    'evaluate/members-differ',
    `Runs ${first?.id} and ${run.id} have different ${what}; an ensemble needs the same.`,
    details,
  );
}
