import type { BatchRecord, RunEvent, RunProgress, RunSummary } from '#contract/training.ts';
import type { Backend } from '#engine/backend/load.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import type { Cut } from '#engine/data/split.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import type { Checkpoint } from './checkpoint.ts';
import { measure } from './loop.ts';
import { ProgressMeter } from './progress-meter.ts';
import { RunAttempt } from './run-attempt.ts';
import { failureOf, isOutOfMemory } from './run-failure.ts';
import { RunKeeper } from './run-keeper.ts';
import type { RunChange } from './run-change.ts';
import type { FindBase } from './fine-tuning/find-beginning.ts';
import type { RunStore } from './run-store.ts';

/** What training takes from its project and from the process it is in. */
export interface TrainingSurroundings {
  readonly store: RunStore;
  readonly backend: Pick<Backend, 'name' | 'trains' | 'use'>;
  /** Says that a long native call begins; returns what says that it is over. */
  readonly busy: (label: string) => () => void;
  /** Hears failures that nobody foresaw, for the log. */
  readonly report: (thrown: unknown) => void;
  /** Models that runs may begin from; absent: none. */
  readonly base?: FindBase | undefined;
  /** Where outputs of frozen parts are kept; absent: nowhere, they are computed in every step. */
  readonly featuresFolder?: string | undefined;
}

export interface SessionParts extends TrainingSurroundings {
  readonly data: DataSet;
  readonly spec: NetworkSpec;
  readonly source: ImageSource;
  readonly cut: Cut;
  readonly test: ImageSource | undefined;
  readonly testImages: Uint32Array;
  readonly tell: (event: RunEvent) => void;
}

type Order = 'go' | 'now' | 'epoch-end' | 'interrupt';

/** One run from its first batch, or from a checkpoint, to its test result. */
export class RunSession {
  readonly id: string;
  readonly #parts: SessionParts;
  readonly #run: RunSummary;
  readonly #keeper: RunKeeper;
  readonly #meter: ProgressMeter;
  /** Where the next attempt begins. */
  #from: Checkpoint | null;
  #attempt: RunAttempt | null = null;
  /** Images of a batch: halved when memory runs out. */
  #size: number;
  #halved = false;
  #order: Order = 'go';
  /** Between its first batch and its last: the time in which it can be paused. */
  #looping = false;
  #paused: { readonly until: Promise<void>; readonly end: () => void } | null = null;

  /** @param from what `checkContinuable` found; without it the run begins */
  constructor(run: RunSummary, parts: SessionParts, from: Checkpoint | null = null) {
    this.id = run.id;
    this.#run = run;
    this.#parts = parts;
    this.#from = from;
    const { settings, state } = run;
    const { train, validation } = parts.cut;
    const most = Math.max(train.length, validation.length);
    // A batch is no larger than what there is, so that its buffer is not either.
    this.#size = Math.min(run.batchSize ?? settings.batchSize, from?.facts.batchSize ?? Infinity, most);
    const sizes = { train: train.length, validation: validation.length, size: this.#size };
    this.#meter = new ProgressMeter({ state, settings, ...sizes });
    const { store, tell, report } = parts;
    this.#keeper = new RunKeeper({ id: run.id, store, tell, report, progress: () => this.progress });
  }

  get progress(): RunProgress {
    return this.#meter.progress;
  }

  /** Batches that are not on disk yet. */
  get batches(): readonly BatchRecord[] {
    return this.#keeper.batches;
  }

  async pause(): Promise<void> {
    if (this.#paused || this.#order !== 'go' || !this.#looping) return;
    let end = (): void => undefined;
    const until = new Promise<void>((settle) => (end = settle));
    this.#paused = { until, end };
    await this.#change({ state: 'paused' });
  }

  async resume(): Promise<void> {
    if (!this.#paused) return;
    this.#paused.end();
    this.#paused = null;
    await this.#change({ state: 'training' });
  }

  async stop(when: 'now' | 'epoch-end'): Promise<void> {
    if (this.#order === 'go' || (this.#order === 'epoch-end' && when === 'now')) this.#order = when;
    await this.resume();
  }

  interrupt(): void {
    this.#order = 'interrupt';
    this.#paused?.end();
  }

  /** Never throws: what goes wrong is kept with the run. */
  async run(): Promise<void> {
    try {
      await this.#trainInMemory();
      this.#keeper.flush();
      if (this.#order === 'interrupt') return await this.#change({ state: 'interrupted' });
      await this.#test();
    } catch (thrown) {
      this.#keeper.flush();
      this.#parts.report(thrown);
      const failure = failureOf(thrown);
      const lost = failure.code === 'train/not-finite';
      if (lost) await this.#keepLastFinite().catch(this.#parts.report);
      this.#meter.state = 'failed';
      await this.#keeper.fail({ failure, ended: lost ? 'not-finite' : undefined });
    } finally {
      await this.#attempt?.machinery.dispose();
      await this.#keeper.end();
    }
  }

  /** Halves the batch when memory runs out. A step that failed may have changed weights: back to the last checkpoint. */
  async #trainInMemory(): Promise<void> {
    for (;;) {
      try {
        return await this.#train();
      } catch (thrown) {
        if (!isOutOfMemory(thrown) || this.#size === 1) throw thrown;
        this.#parts.report(thrown);
        this.#size = Math.floor(this.#size / 2);
        await this.#change({ batchSize: this.#size });
        this.#halved = true;
        this.#from = await this.#keeper.newestCheckpoint(this.#parts.report);
      }
    }
  }

  async #train(): Promise<void> {
    const attempt = await this.#begin();
    await this.#change({ state: 'training', steps: attempt.machinery.steps.mode, best: attempt.best });
    this.#looping = true;
    try {
      for await (const event of attempt.events()) {
        const paused = this.#paused;
        if (paused) {
          this.#keeper.flush();
          const goOn = attempt.pause();
          await attempt.checkpoint(); // it may be ended while it stands still
          await paused.until;
          goOn();
        }
        if (this.#order === 'now' || this.#order === 'interrupt') break;
        if (this.#order === 'epoch-end' && event.kind === 'epoch') break;
      }
      await attempt.checkpoint();
    } finally {
      this.#looping = false;
      this.#paused = null;
      await this.#keeper.keepBatches().catch(this.#parts.report); // the batches are not worth a failure
    }
    await attempt.finish(this.#order !== 'interrupt');
  }

  /** What came after the place where it begins is forgotten. */
  async #begin(): Promise<RunAttempt> {
    const from = this.#from;
    this.#from = null; // its arrays are as large as the network
    const attempt = (this.#attempt = await this.#attempted(from));
    if (from || this.#halved) await this.#keeper.goBack(attempt.place);
    if (from) await this.#keeper.saveWeights(attempt.machinery.weights());
    return attempt;
  }

  async #attempted(from: Checkpoint | null): Promise<RunAttempt> {
    await this.#attempt?.machinery.dispose();
    this.#attempt = null;
    const { backend, ...parts } = this.#parts;
    return RunAttempt.begin({
      ...parts,
      ...{ from, run: this.#run, keeper: this.#keeper, meter: this.#meter, size: this.#size },
      ready: () => backend.use('gradients'),
    });
  }

  /**
   * Weights are lost a step before the loss shows it. So the way from the last checkpoint is gone once more and the last
   * weights that are numbers are kept: those after the last step whose loss was one, or else after the step before.
   * On a processor the way is the same one to the bit; a GPU may come a little beside it.
   */
  async #keepLastFinite(): Promise<void> {
    const step = this.#attempt?.place.step ?? 0;
    const from = await this.#keeper.newestCheckpoint(this.#parts.report);
    this.#attempt = await this.#attempted(from);
    const weights = await this.#attempt.lastFinite(step, () => this.#order === 'interrupt');
    if (weights) await this.#keeper.saveWeights(weights);
  }

  async #test(): Promise<void> {
    const { epochsDone } = this.#keeper.run;
    const ended = this.#attempt?.ended;
    const whole = ended !== undefined || epochsDone === this.#run.settings.epochs;
    const state = this.#order === 'go' || whole ? 'done' : 'stopped';
    const { testing = null, loop, features } = this.#attempt?.machinery ?? {};
    // Stopped before the first batch, while features were computed: there is nothing to measure.
    if (!testing || !loop || features?.complete === false) return this.#change({ state, ended });
    await this.#change({ state: 'testing', ended });
    const { testImages } = this.#parts;
    const measuring = measure(loop, testing, testImages);
    for (;;) {
      const next = await measuring.next();
      if ((this.#order as Order) === 'interrupt') return this.#change({ state });
      if (!next.done) continue;
      const { loss, accuracy } = next.value;
      return this.#change({ state, test: { count: testImages.length, loss, accuracy } });
    }
  }

  async #change(change: RunChange): Promise<void> {
    if (change.state) this.#meter.state = change.state;
    await this.#keeper.change(change);
  }
}
