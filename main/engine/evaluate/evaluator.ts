import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type {
  Calibration,
  EnsembleProgress,
  EnsembleReport,
  EvaluationProgress,
  EvaluationReport,
  Thresholds,
} from '#contract/evaluation.ts';
import type { Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import type { DataSet, FindPredictions, Predictions } from '#engine/data/data-set.ts';
import { LeastRecent } from '#engine/data/least-recent.ts';
import { calibrationOf } from './calibration.ts';
import { classOrder, reordered } from './class-order.ts';
import { measureEnsemble, type EnsembleInput, type Measuring } from './ensemble.ts';
import { Inference } from '#engine/predict/inference.ts';
import { asInputs } from './fitting.ts';
import { judge, type Judged } from './judged.ts';
import { keep, readKept, type Kept } from './kept.ts';
import { Remembered } from './remembered.ts';
import { predictedClasses, reportOf } from './report.ts';
import { rowsOf } from './rows.ts';
import { softmaxAndLoss } from '#engine/predict/softmax.ts';
import { thresholdsOf } from './thresholds.ts';
import type { Judgeable, Trained } from '#engine/predict/trained.ts';

/** Which figures: a run on a split of a data set (absent: its own), on its first `limit` images (absent: the run's limit). */
export interface Which {
  readonly run: string;
  readonly dataset?: string | undefined;
  readonly split: Split;
  readonly limit?: number | undefined;
}

/** Milliseconds between two messages of progress. */
const progressPause = 100;
/** Reports held in memory, without their probabilities: 2 MB each with 1,000 classes. */
const remembered = 8;
/** Ensembles whose names are known; their probabilities are made again when they are no longer in memory. */
const ensemblesKnown = 32;

/** Measures runs on splits and keeps what it found with the run. */
export class Evaluator {
  readonly #trained: Trained;
  readonly #recent = new LeastRecent<Kept>(remembered);
  readonly #predictions = new Remembered();
  readonly #ensembles = new LeastRecent<{ readonly input: EnsembleInput; readonly labels: Uint16Array }>(
    ensemblesKnown,
  );

  constructor(trained: Trained) {
    this.#trained = trained;
  }

  /** The report kept with the run, if it fits its weights, the data and the limit. Fails: `run/unknown`. */
  async kept(which: Which): Promise<EvaluationReport | null> {
    return (await this.#kept(which))?.report ?? null;
  }

  /** What a run or an ensemble predicted, whatever limit it was measured with; null before the first `measure`. */
  readonly predictions: FindPredictions = async (id, dataset, split): Promise<Predictions | null> => {
    if (this.#ensembles.get(id)) return this.#ofEnsemble(id);
    const found = await this.#find(await this.#trained.summary(id), dataset, split);
    return (await found?.predictions()) ?? null;
  };

  /** Fails: `run/unknown`. */
  async calibration(which: Which): Promise<Calibration | null> {
    const judged = await this.#judged(which);
    return judged && calibrationOf(judged);
  }

  /** Fails: `run/unknown`, `call/invalid`. */
  async thresholds(which: Which, chosen?: number): Promise<Thresholds | null> {
    const judged = await this.#judged(which);
    return judged && thresholdsOf(judged, chosen);
  }

  /** Fails: as `measure`, and `evaluate/members-differ`. */
  async *ensemble(input: EnsembleInput, signal?: AbortSignal): AsyncGenerator<EnsembleProgress, EnsembleReport> {
    const { report, predictions, rows } = yield* measureEnsemble(input, this.#measuring, signal);
    const known = { ...input, dataset: report.dataset };
    this.#ensembles.set(report.run, { input: known, labels: rows.labels });
    this.#predictions.set(report.run, predictions);
    return report;
  }

  /**
   * Predicts the whole split; ends by returning the report, after it is on disk. Ended early, by signal or `return`,
   * it changes nothing. Fails: `run/unknown`, `run/no-weights`, `model/wrong-input`, `train/no-images`.
   */
  async *measure(which: Which, signal?: AbortSignal): AsyncGenerator<EvaluationProgress, EvaluationReport> {
    const started = performance.now();
    const run = await this.#trained.summary(which.run);
    const data = await this.#trained.dataset(which.dataset ?? run.settings.dataset);
    const limit = limitOf(run, which);
    const rows = rowsOf(run, data, which.split, limit);
    const revision = revisionOf(await this.#trained.revision(run.id), data.summary.hash, limit);
    const order = classOrder(run, data);
    await this.#trained.ready();
    const inference = new Inference(await this.#trained.network(run.id));
    const total = rows.labels.length;
    const classes = run.classes.length;
    const probabilities = new Float32Array(total * classes);
    const losses = new Float64Array(total);
    try {
      checkFits(run, data, rows.labels);
      let told = started;
      const first = performance.now();
      yield { done: 0, total, secondsLeft: null };
      for (const { from, labels, pixels } of rows.batches()) {
        const inputs = asInputs(pixels, data, inference.size, run);
        softmaxAndLoss(reordered(inference.logits(inputs, labels.length), order), labels, from, probabilities, losses);
        await breathe();
        signal?.throwIfAborted();
        const done = from + labels.length;
        const now = performance.now();
        if (now - told < progressPause && done < total) continue;
        told = now;
        yield { done, total, secondsLeft: ((now - first) / 1000 / done) * (total - done) };
      }
    } finally {
      inference.dispose();
    }
    const indices = rows.indices ? { indices: rows.indices } : {};
    const seconds = (performance.now() - started) / 1000;
    const predicted = predictedClasses(probabilities, classes);
    const { labels, file } = rows;
    const report: EvaluationReport = {
      run: run.id,
      dataset: data.summary.id,
      split: which.split,
      ...reportOf({ probabilities, predicted, losses, labels, classes: order.classes, file, ...indices }),
      seconds,
      imagesPerSecond: total / seconds,
      revision,
    };
    const predictions = { revision, ...indices, predicted, probabilities, classes };
    const name = nameOf(run, data.summary.id, which.split);
    const key = `${run.id}/${name}`;
    await keep(this.#trained.folder(run.id), name, { report, ...(limit === undefined ? {} : { limit }), predictions });
    this.#recent.delete(key);
    this.#predictions.set(key, predictions);
    return report;
  }

  async #kept(which: Which): Promise<Kept | null> {
    const run = await this.#trained.summary(which.run);
    const found = await this.#find(run, which.dataset ?? run.settings.dataset, which.split);
    return found && found.limit === limitOf(run, which) ? found : null;
  }

  /** What is kept for these three, unless weights or data have changed since. */
  async #find(run: Judgeable, dataset: string, split: Split): Promise<Kept | null> {
    const folder = this.#trained.folder(run.id);
    const name = nameOf(run, dataset, split);
    const key = `${run.id}/${name}`;
    const found = this.#recent.get(key) ?? (await readKept(folder, name));
    if (!found) return null;
    const [weights, data] = await Promise.all([
      this.#trained.revision(run.id).catch(() => null),
      this.#trained.dataset(dataset).catch(() => null),
    ]);
    if (!weights || !data || found.report.revision !== revisionOf(weights, data.summary.hash, found.limit)) return null;
    this.#recent.set(key, found);
    return { ...found, predictions: () => this.#read(key, found) };
  }

  /** The same object at each asking, as long as it is in memory: what is made of it is kept by it. */
  async #read(key: string, found: Kept): Promise<Predictions | null> {
    const inMemory = this.#predictions.get(key);
    if (inMemory?.revision === found.report.revision) return inMemory;
    const predictions = await found.predictions();
    if (predictions) this.#predictions.set(key, predictions);
    return predictions;
  }

  async #judged(which: Which): Promise<Judged | null> {
    const ensemble = this.#ensembles.get(which.run);
    if (ensemble) {
      const predictions = await this.#ofEnsemble(which.run);
      return predictions && judge(predictions, ensemble.labels);
    }
    const predictions = await (await this.#kept(which))?.predictions();
    if (!predictions) return null;
    const run = await this.#trained.summary(which.run);
    const data = await this.#trained.dataset(which.dataset ?? run.settings.dataset);
    return judge(predictions, rowsOf(run, data, which.split, limitOf(run, which)).labels);
  }

  /** Null once a member or the data have changed. */
  async #ofEnsemble(id: string): Promise<Predictions | null> {
    const known = this.#predictions.get(id);
    if (known) return known;
    const input = this.#ensembles.get(id)?.input;
    if (!input) return null;
    const members = await Promise.all(input.runs.map((run) => this.#kept({ ...input, run })));
    if (members.includes(null)) return null;
    const steps = measureEnsemble(input, this.#measuring);
    let step = await steps.next();
    while (!step.done) step = await steps.next();
    if (step.value.report.run !== id) return null;
    this.#predictions.set(id, step.value.predictions);
    return step.value.predictions;
  }

  readonly #measuring: Measuring = {
    summary: (id) => this.#trained.summary(id),
    member: (run, input, signal) => this.#member({ ...input, run: run.id }, signal),
    rows: async (run, input) => {
      const data = await this.#trained.dataset(input.dataset ?? run.settings.dataset);
      return rowsOf(run, data, input.split, limitOf(run, { ...input, run: run.id }));
    },
  };

  async *#member(which: Which, signal?: AbortSignal): AsyncGenerator<EnsembleProgress, Kept> {
    for (let measured = false; ; measured = true) {
      const kept = await this.#kept(which);
      if (kept) return kept;
      if (measured)
        throw new AppError('run/unknown', `Run ${which.run} changed while it was measured.`, { run: which.run });
      const steps = this.measure(which, signal);
      for (let step = await steps.next(); !step.done; step = await steps.next())
        yield { ...step.value, run: which.run };
    }
  }
}

function limitOf(run: Judgeable, which: Which): number | undefined {
  if (which.limit !== undefined) return which.limit;
  return which.split === 'test' ? run.settings.limitTest : run.settings.limitTrain;
}

/** The run's own data set has the plain name; others add eight hex digits of theirs. */
function nameOf(run: Judgeable, dataset: string, split: Split): string {
  if (dataset === run.settings.dataset) return split;
  return `${split}-${createHash('sha256').update(dataset).digest('hex').slice(0, 8)}`;
}

function revisionOf(weights: string, data: string, limit: number | undefined): string {
  return createHash('sha256')
    .update(`${weights}\n${data}\n${limit ?? 'all'}`)
    .digest('hex')
    .slice(0, 32);
}

function checkFits(run: Judgeable, data: DataSet, labels: Uint16Array): void {
  const highest = labels.reduce((a, b) => Math.max(a, b), 0);
  if (highest < run.classes.length) return;
  throw new AppError(
    'model/wrong-input',
    `Run ${run.id} knows ${run.classes.length} classes; ${data.summary.name} has images of class ${highest}.`,
    { expected: `${run.classes.length} classes`, received: `class ${highest}` },
  );
}
