import type { EpochRecord, RunSummary } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { epochSteps, resized, startOf } from './attempt-start.ts';
import { CheckpointClock } from './checkpoint-clock.ts';
import { networkFingerprint, type Checkpoint, type CheckpointFacts } from './checkpoint.ts';
import { Guidance } from './guidance.ts';
import { TrainingLoop, type LoopEvent, type LoopPlace } from './loop.ts';
import { overfittingOf } from './overfitting.ts';
import { pixelStatistics } from './pixel-statistics.ts';
import type { ProgressMeter } from './progress-meter.ts';
import type { RunChange } from './run-change.ts';
import { readHistory } from './run-files.ts';
import type { RunKeeper } from './run-keeper.ts';
import { buildMachinery, type Machinery, type MachineryParts } from './run-machinery.ts';
import { areFinite } from './run-network.ts';
import { findBeginning, type FindBase } from './fine-tuning/find-beginning.ts';
import { pixelsOf } from './run-spec.ts';
import type { Figures } from './running-figures.ts';
import { keepSampleWeights, keptSampleWeights, sampleWeightsHash } from './sample-weights.ts';
import type { NamedArray } from './steps.ts';
import { Stopwatch } from './stopwatch.ts';

export interface AttemptParts extends Omit<
  MachineryParts,
  'settings' | 'pixels' | 'learningRate' | 'sampleWeights' | 'initial'
> {
  readonly run: RunSummary;
  readonly keeper: RunKeeper;
  readonly meter: ProgressMeter;
  readonly base?: FindBase | undefined;
  /** Absent: from the beginning. */
  readonly from: Checkpoint | null;
}

type EpochEnd = Extract<LoopEvent, { kind: 'epoch' }>;
type FixedFacts = Pick<CheckpointFacts, 'batchSize' | 'seed' | 'data' | 'network' | 'sampleWeights'>;

/** Training of a run with one batch size, from its beginning or a checkpoint; keeps what happens. */
export class RunAttempt {
  readonly machinery: Machinery;
  readonly #parts: AttemptParts;
  readonly #guidance: Guidance;
  readonly #history: EpochRecord[];
  readonly #fixed: FixedFacts;
  readonly #loop: TrainingLoop;
  readonly #clock: CheckpointClock;
  readonly #watch: Stopwatch;
  #lastBatches: number;
  /** Step whose weights are saved. */
  #saved: number;
  #ended: CheckpointFacts['ended'];

  private constructor(
    parts: AttemptParts & { readonly updates: number },
    machinery: Machinery,
    guidance: Guidance,
    history: EpochRecord[],
    fixed: FixedFacts,
  ) {
    const { run, from, cut, size } = parts;
    this.#parts = { ...parts, from: null }; // its arrays are as large as the network
    this.machinery = machinery;
    this.#guidance = guidance;
    this.#history = history;
    this.#fixed = fixed;
    const { facts } = from ?? {};
    const start = facts
      ? resized(facts, run, cut.train.length, size)
      : startOf(run, cut.train.length, size, parts.updates);
    this.#loop = new TrainingLoop(machinery.loop, start);
    this.#clock = new CheckpointClock(run.settings.checkpoints, start.step);
    this.#watch = new Stopwatch(facts?.seconds.epoch ?? 0);
    this.#saved = start.step;
    this.#lastBatches = facts?.lastBatches ?? 0;
    this.#ended = facts?.ended;
  }

  /** Fails: `model/…`, `train/settings`, `file/…`. */
  static async begin(parts: AttemptParts): Promise<RunAttempt> {
    const { run, keeper, meter, from, data, source, cut } = parts;
    const { settings } = run;
    const guidance = new Guidance(settings, cut.validation.length, epochSteps(run, cut.train.length, parts.size));
    const weighted = settings.sampleWeightsFile;
    if (weighted !== undefined) await keepSampleWeights(keeper.folder, weighted);
    const beginning = from ? null : await findBeginning(settings, data, parts.base);
    const machinery = await buildMachinery({
      ...parts,
      settings,
      initial: from?.state ?? beginning?.weights,
      pixels: pixelsOf(parts.spec, { ...run, ...(await statisticsOf(parts)) }),
      sampleWeights: weighted === undefined ? undefined : await keptSampleWeights(keeper.folder, source.count),
      learningRate: (step) => guidance.learningRate(step),
    });
    try {
      if (beginning?.optimizer) machinery.steps.load(withSlots(machinery.steps.state(), beginning.optimizer.slots));
      if (from) {
        const loaded = parts.busy('loading the weights');
        machinery.steps.load(from.state);
        loaded();
        guidance.restore(from.facts);
        meter.goOn(from.facts.place, from.facts.seconds.training);
      }
      const done = (await readHistory(keeper.folder)).filter(({ epoch }) => epoch < (from?.facts.place.epoch ?? 0));
      const { height, width, channels, classes } = data;
      const updates = beginning?.optimizer?.step ?? 0;
      return new RunAttempt({ ...parts, updates }, machinery, guidance, done, {
        batchSize: parts.size,
        seed: settings.seed,
        data: { hash: data.summary.hash, classes: [...classes] },
        network: networkFingerprint(parts.spec, { height, width, channels, classes: classes.length }),
        sampleWeights: await sampleWeightsHash(keeper.folder),
      });
    } catch (thrown) {
      await machinery.dispose();
      throw thrown;
    }
  }

  /** Why no epoch follows, beside the last one's end. */
  get ended(): CheckpointFacts['ended'] {
    return this.#ended;
  }

  /** As the run shows it. */
  get best(): RunSummary['best'] {
    const { epoch, monitor, value } = this.#guidance.best ?? {};
    return epoch === undefined || !monitor || value === undefined ? undefined : { epoch, monitor, value };
  }

  get place(): LoopPlace {
    return this.#loop.place;
  }

  /** Tells of each event once what it says is kept. Fails: as `TrainingLoop.events` and `RunKeeper`. */
  async *events(): AsyncGenerator<LoopEvent, void> {
    if (this.#ended !== undefined) return;
    const { keeper, meter } = this.#parts;
    yield* this.#features();
    let since = performance.now();
    for await (const event of this.#loop.events()) {
      meter.hear(event, (performance.now() - since) / 1000);
      if (event.kind === 'batch') {
        this.#lastBatches = event.record.batches;
        keeper.batch(event.record);
        if (this.#clock.afterBatch(event.record.step)) await this.checkpoint();
      } else if (event.kind === 'epoch') await this.#endEpoch(event);
      yield event;
      if (this.#ended !== undefined) return;
      since = performance.now();
    }
  }

  /** Does nothing when the last checkpoint has every step. Fails: as `RunKeeper.checkpoint`. */
  async checkpoint(known?: readonly NamedArray[]): Promise<void> {
    const { place } = this.#loop;
    if (!this.#clock.behind(place.step)) return;
    const facts: CheckpointFacts = {
      ...this.#fixed,
      ...this.#guidance.state,
      written: new Date().toISOString(),
      place,
      lastBatches: this.#lastBatches,
      seconds: { training: this.#parts.meter.trainSeconds, epoch: this.#watch.seconds },
      ended: this.#ended,
    };
    await this.#parts.keeper.checkpoint({ facts, state: known ?? this.#state() }, this.machinery.names);
    this.#clock.written(place.step);
  }

  /** Time stands still until what it returns is called. */
  pause(): () => void {
    return this.#watch.pause();
  }

  /**
   * Saves the weights that the run has now or, at its end and where the settings say so, those of its best epoch.
   * Fails: `run/torn`, and as `RunKeeper.saveWeights`.
   */
  async finish(end: boolean): Promise<void> {
    const { run, keeper } = this.#parts;
    const { best } = this.#guidance;
    if (end && run.settings.earlyStopping?.restoreBest && best && best.step !== this.place.step) {
      this.machinery.steps.load((await keeper.checkpointAt(best.step)).state);
    } else if (this.#saved === this.place.step) return;
    await keeper.saveWeights(this.machinery.weights());
  }

  /**
   * Trains once more up to this step, keeping nothing on the way, and returns the last weights that are all numbers;
   * `null` when neither this step nor the one before left such.
   */
  async lastFinite(step: number, ended: () => boolean): Promise<NamedArray[] | null> {
    let last: NamedArray[] | null = null;
    const look = () => {
      const weights = this.machinery.weights();
      if (areFinite(weights)) last = weights;
    };
    const begins = this.place.step;
    if (begins > 0 && begins >= step - 1) look();
    if (begins >= step) return last;
    for await (const _ of this.machinery.features?.compute() ?? []) if (ended()) return null;
    for await (const event of this.#loop.events()) {
      if (ended()) return null;
      if (event.kind === 'epoch') this.#guidance.hear(this.#recordOf(event), this.place.step);
      if (event.kind !== 'batch' || event.record.step < step - 1) continue;
      look();
      if (event.record.step === step) break;
    }
    return last;
  }

  /** Before the first batch: what the frozen part gives for every image. */
  async *#features(): AsyncGenerator<LoopEvent, void> {
    const { keeper, meter } = this.#parts;
    const { features } = this.machinery;
    const { tuned } = keeper.run;
    if (!features) {
      // It was meant to be computed once, and there was no room to keep it.
      if (tuned?.layer) await keeper.change({ tuned: { ...tuned, layer: undefined, whole: 'no-room' } });
      return;
    }
    for await (const progress of features.compute()) {
      const event = { kind: 'features', progress } as const;
      meter.hear(event, 0);
      keeper.progress();
      yield event;
    }
    if (tuned) await keeper.change({ tuned: { ...tuned, features: features.counted } });
  }

  async #endEpoch(event: EpochEnd): Promise<void> {
    const { step } = this.place;
    const record = this.#recordOf(event);
    const { best, stop } = this.#guidance.hear(record, step);
    this.#history.push(record);
    const state = this.#state();
    const change = { best: this.best, ...this.#overfitting() };
    await this.#parts.keeper.epoch(record, this.machinery.weights(state), change);
    this.#saved = step;
    if (stop) this.#ended = 'early-stopping';
    if (best || stop || this.#clock.afterEpoch(record.epoch)) await this.checkpoint(state);
  }

  /** Copies of what may be a gigabyte. */
  #state(): NamedArray[] {
    const copied = this.#parts.busy('reading the weights');
    try {
      return this.machinery.steps.state();
    } finally {
      copied();
    }
  }

  /** Looked for after every epoch; in a very long history, which takes its time, after every hundredth. */
  #overfitting(): Pick<RunChange, 'overfitting'> {
    const { length } = this.#history;
    if (length > 1000 && length % 100 > 0) return {};
    return { overfitting: overfittingOf(this.#history, this.#parts.run.settings, this.#parts.spec) };
  }

  #recordOf({ epoch, train, validation, images, learningRate }: EpochEnd): EpochRecord {
    return {
      epoch,
      ...train,
      ...(validation && heldOut(validation)),
      learningRate,
      seconds: this.#watch.lap(),
      imagesPerSecond: images / this.#parts.meter.trainSeconds,
      tensors: tf.memory().numTensors,
      memory: process.memoryUsage.rss(),
    };
  }
}

/** Measured once, when the run begins, and then kept with it. */
async function statisticsOf({ run, keeper, source, cut, data }: AttemptParts) {
  if (run.settings.pixels !== 'standardize') return {};
  const known = keeper.run.pixelStatistics;
  if (known) return { pixelStatistics: known };
  const measured = await pixelStatistics(source, cut.train, data);
  await keeper.change({ pixelStatistics: measured });
  return { pixelStatistics: measured };
}

/** The state with these slots in the place of its own, where name and shape agree. */
function withSlots(state: readonly NamedArray[], slots: readonly NamedArray[]): NamedArray[] {
  const given = new Map(slots.map((slot) => [slot.name, slot]));
  return state.map((array) => {
    const slot = given.get(array.name);
    return slot && slot.shape.join() === array.shape.join() ? slot : array;
  });
}

/** Figures of held-out images as a record names them. */
function heldOut({ loss, accuracy, metrics, outputs }: Figures): Partial<EpochRecord> {
  return {
    valLoss: loss,
    valAccuracy: accuracy,
    ...(metrics && { valMetrics: metrics }),
    ...(outputs && { valOutputs: outputs }),
  };
}
