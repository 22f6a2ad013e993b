import type { BatchRecord, RunEvent, RunProgress, RunSummary } from '#contract/training.ts';
import type { Backend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet, ImageSource } from '#engine/data/data-set.ts';
import type { Cut } from '#engine/data/split.ts';
import { buildNetwork, type Network } from '#engine/model/network.ts';
import { Batches } from './batches.ts';
import { EventBuffer } from './event-buffer.ts';
import { measure, trainingLoop, type LoopEvent } from './loop.ts';
import { makeOptimizer } from './optimizers/make-optimizer.ts';
import { Pace } from './pace.ts';
import { failureOf } from './run-failure.ts';
import { appendBatches, appendEpoch } from './run-files.ts';
import { saveRunNetwork } from './run-network.ts';
import type { RunStore } from './run-store.ts';

/** What training takes from its project and from the process it is in. */
export interface TrainingSurroundings {
  readonly store: RunStore;
  readonly backend: Pick<Backend, 'name' | 'trains' | 'use'>;
  /** Says that a long native call begins; returns what says that it is over. */
  readonly busy: (label: string) => () => void;
  /** Hears failures that nobody foresaw, for the log. */
  readonly report: (thrown: unknown) => void;
}

export interface SessionParts extends TrainingSurroundings {
  readonly data: DataSet;
  readonly source: ImageSource;
  readonly cut: Cut;
  readonly test: ImageSource | undefined;
  readonly testImages: Uint32Array;
  readonly tell: (event: RunEvent) => void;
}

type Order = 'go' | 'now' | 'epoch-end' | 'interrupt';

/** One run from its first batch to its test result. */
export class RunSession {
  readonly id: string;
  readonly #parts: SessionParts;
  readonly #run: RunSummary;
  readonly #events: EventBuffer;
  readonly #pace: Pace;
  #order: Order = 'go';
  /** Between its first batch and its last: the time in which it can be paused. */
  #looping = false;
  #paused: { readonly until: Promise<void>; readonly end: () => void } | null = null;
  #progress: RunProgress;
  #network: Network | null = null;
  /** Weights changed since they were last saved. */
  #unsaved = false;

  constructor(run: RunSummary, parts: SessionParts) {
    this.id = run.id;
    this.#run = run;
    this.#parts = parts;
    const { train, validation } = parts.cut;
    const { epochs, batchSize } = run.settings;
    this.#pace = new Pace(train.length, validation.length, epochs);
    this.#progress = {
      state: run.state,
      epoch: 1,
      epochs,
      batch: 0,
      batches: Math.ceil(train.length / batchSize),
      imagesPerSecond: 0,
      secondsLeft: null,
      memory: process.memoryUsage.rss(),
    };
    this.#events = new EventBuffer(parts.tell, () => this.#progress);
  }

  get progress(): RunProgress {
    return this.#progress;
  }

  /** Batches that are not on disk yet. */
  get batches(): readonly BatchRecord[] {
    return this.#events.epoch;
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
      await this.#train();
      this.#events.flush();
      if (this.#unsaved) await this.#save();
      if (this.#order === 'interrupt') {
        await this.#change({ state: 'interrupted' });
        return;
      }
      await this.#test();
    } catch (thrown) {
      this.#events.flush();
      this.#parts.report(thrown);
      const failed = { state: 'failed' as const, failure: failureOf(thrown) };
      await this.#change(failed).catch(() => this.#tellRun(this.#parts.store.note(this.id, failed)));
    } finally {
      this.#network?.dispose();
    }
  }

  async #train(): Promise<void> {
    const { data, source, cut, backend, busy } = this.#parts;
    const { settings } = this.#run;
    const images = { height: data.height, width: data.width, channels: data.channels, classes: data.classes.length };
    const built = busy('building the network');
    let network: Network;
    try {
      network = this.#network = buildNetwork(settings.preset, images, settings.seed);
    } finally {
      built();
    }
    const optimizer = makeOptimizer(
      settings.optimizer,
      network.variables.filter(({ trainable }) => trainable),
    );
    try {
      await this.#change({ state: 'training' });
      this.#looping = true;
      // A batch is no larger than what there is, so that its buffer is not either.
      const size = Math.min(settings.batchSize, Math.max(cut.train.length, cut.validation.length));
      const batches = new Batches(data, source, size);
      const { epochs, seed } = settings;
      const ready = () => backend.use('gradients');
      const loop = trainingLoop({ network, optimizer, batches, ...cut, epochs, seed, ready, busy });
      let since = performance.now();
      let epochSince = since;
      for await (const event of loop) {
        const now = performance.now();
        await this.#hear(event, (now - since) / 1000, (now - epochSince) / 1000);
        if (event.kind === 'epoch') epochSince = performance.now();
        if (this.#paused) {
          this.#events.flush();
          const before = performance.now();
          await this.#paused.until;
          epochSince += performance.now() - before;
        }
        if (this.#order === 'now' || this.#order === 'interrupt') break;
        if (this.#order === 'epoch-end' && event.kind === 'epoch') break;
        since = performance.now();
      }
    } finally {
      this.#looping = false;
      this.#paused = null;
      optimizer.dispose();
      await this.#keepBatches().catch(this.#parts.report); // the batches are not worth a failure
    }
  }

  #trainSeconds = 0;
  #validated = 0;

  async #hear(event: LoopEvent, seconds: number, epochSeconds: number): Promise<void> {
    const { train } = this.#parts.cut;
    if (event.kind === 'batch') {
      const { record, images } = event;
      this.#unsaved = true;
      this.#validated = 0;
      this.#trainSeconds = (record.batch === 1 ? 0 : this.#trainSeconds) + seconds;
      this.#pace.trained(images, seconds);
      this.#progress = {
        ...this.#progress,
        epoch: record.epoch,
        batch: record.batch,
        batches: record.batches,
        imagesPerSecond: this.#pace.imagesPerSecond,
        secondsLeft: this.#pace.secondsLeft(
          record.epoch,
          Math.min(train.length, record.batch * this.#run.settings.batchSize),
        ),
        memory: process.memoryUsage.rss(),
      };
      this.#events.batch(record);
    } else if (event.kind === 'validating') {
      this.#pace.validated(event.images - this.#validated, seconds);
      this.#validated = event.images;
    } else {
      await this.#endEpoch(event, epochSeconds);
    }
  }

  async #endEpoch({ epoch, train, validation }: Extract<LoopEvent, { kind: 'epoch' }>, seconds: number): Promise<void> {
    const folder = this.#parts.store.folder(this.id);
    const record = {
      epoch,
      ...train,
      ...(validation && { valLoss: validation.loss, valAccuracy: validation.accuracy }),
      learningRate: this.#run.settings.optimizer.learningRate,
      seconds,
      imagesPerSecond: this.#parts.cut.train.length / this.#trainSeconds,
      tensors: tf.memory().numTensors,
      memory: process.memoryUsage.rss(),
    };
    // Weights first: a history that is ahead of them would promise what is not there.
    await this.#save();
    await appendEpoch(folder, record);
    await this.#keepBatches();
    await this.#parts.store.change(this.id, { epochsDone: epoch, last: record });
    this.#events.flush();
    this.#parts.tell({ kind: 'epoch', record });
    this.#tellRun(this.#parts.store.get(this.id));
  }

  /** On disk first, then forgotten: at every moment a batch is in one of the two. */
  async #keepBatches(): Promise<void> {
    await appendBatches(this.#parts.store.folder(this.id), this.#events.epoch);
    this.#events.startEpoch();
  }

  async #save(): Promise<void> {
    if (!this.#network) return;
    const hash = await saveRunNetwork(this.#parts.store.folder(this.id), this.#network);
    await this.#parts.store.change(this.id, { revision: hash.slice(0, 16) });
    this.#unsaved = false;
  }

  async #test(): Promise<void> {
    const { test, testImages, data, busy } = this.#parts;
    const whole = this.#parts.store.get(this.id).epochsDone === this.#run.settings.epochs;
    const state = this.#order === 'go' || whole ? 'done' : 'stopped';
    if (!test || testImages.length === 0 || !this.#network) return this.#change({ state });
    await this.#change({ state: 'testing' });
    const batches = new Batches(data, test, Math.min(256, testImages.length));
    const measuring = measure(this.#network, batches, testImages, busy);
    for (;;) {
      const next = await measuring.next();
      if ((this.#order as Order) === 'interrupt') return this.#change({ state });
      if (next.done) return this.#change({ state, test: { count: testImages.length, ...next.value } });
    }
  }

  async #change(change: Partial<RunSummary>): Promise<void> {
    if (change.state) this.#progress = { ...this.#progress, state: change.state };
    this.#tellRun(await this.#parts.store.change(this.id, change));
  }

  #tellRun(run: RunSummary): void {
    this.#parts.tell({ kind: 'run', run });
  }
}
