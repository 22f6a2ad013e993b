import { toFailure } from '#contract/failures.ts';
import type { BatchRecord, EpochRecord, RunEvent, RunProgress, RunSummary } from '#contract/training.ts';
import { CheckpointFolder } from './checkpoint-folder.ts';
import type { Checkpoint } from './checkpoint.ts';
import { cutBack } from './continuation.ts';
import { EventBuffer } from './event-buffer.ts';
import type { LoopPlace } from './loop.ts';
import { appendBatches, appendEpoch } from './run-files.ts';
import { refuseNotFinite, saveRunWeights } from './run-network.ts';
import { runOnDisk } from './run-on-disk.ts';
import { keepSnapshot } from './run-snapshots.ts';
import type { RunChange } from './run-change.ts';
import type { RunStore } from './run-store.ts';
import type { NamedArray } from './steps.ts';
import { EventLog } from './tensorboard/event-log.ts';

interface KeeperParts {
  readonly id: string;
  readonly store: RunStore;
  readonly tell: (event: RunEvent) => void;
  readonly progress: () => RunProgress;
  /** Hears what could not be written for TensorBoard: no run fails for it. */
  readonly report: (thrown: unknown) => void;
}

/** Brings what happens in a run to its folder and to those who watch, in an order that a crash cannot turn into a lie. */
export class RunKeeper {
  readonly folder: string;
  readonly #id: string;
  readonly #store: RunStore;
  readonly #tell: (event: RunEvent) => void;
  readonly #events: EventBuffer;
  readonly #checkpoints: CheckpointFolder;
  readonly #log: EventLog;

  constructor({ id, store, tell, progress, report }: KeeperParts) {
    this.#id = id;
    this.#store = store;
    this.#tell = tell;
    this.folder = store.folder(id);
    this.#events = new EventBuffer(tell, progress);
    this.#checkpoints = new CheckpointFolder(this.folder);
    this.#log = new EventLog(this.folder, report);
  }

  get run(): RunSummary {
    return this.#store.get(this.#id);
  }

  /** Batches that are not on disk yet. */
  get batches(): readonly BatchRecord[] {
    return this.#events.epoch;
  }

  batch(record: BatchRecord): void {
    this.#events.batch(record);
    this.#log.batch(record);
  }

  /** Tells where the run stands before its first batch. */
  progress(): void {
    this.#events.progress();
  }

  /** Tells of the batches that wait. */
  flush(): void {
    this.#events.flush();
  }

  async change(change: RunChange): Promise<void> {
    this.#told(await this.#store.change(this.#id, change));
  }

  /**
   * The end of a run in which something failed: with what is on disk, for a file may have been written whose word in
   * run.json was not. Where the disk takes nothing more it is said in memory.
   */
  async fail(change: RunChange): Promise<void> {
    const onDisk = await runOnDisk(this.folder).catch(() => ({}));
    const failed = { ...onDisk, ...change, state: 'failed' } as const;
    await this.change(failed).catch(() => this.#told(this.#store.note(this.#id, failed)));
  }

  /** On disk first, then forgotten: at every moment a batch is in one of the two. */
  async keepBatches(): Promise<void> {
    await appendBatches(this.folder, this.#events.epoch);
    this.#events.startEpoch();
    this.#log.flush();
  }

  /** Weights first: a history that is ahead of them would promise what is not there. Fails: as `saveWeights`. */
  async epoch(record: EpochRecord, weights: readonly NamedArray[], change: RunChange): Promise<void> {
    const revision = await this.#saved(weights);
    const unkept = await this.#snapshot(record.epoch, weights);
    await appendEpoch(this.folder, record);
    await this.keepBatches();
    this.#log.epoch(record);
    await this.#store.change(this.#id, { ...change, ...unkept, revision, epochsDone: record.epoch, last: record });
    this.#events.flush();
    this.#tell({ kind: 'epoch', record });
    this.#told(this.run);
  }

  /** What predicts from now on. Fails: `train/not-finite`, `file/no-space`, `file/not-writable`. */
  async saveWeights(weights: readonly NamedArray[]): Promise<void> {
    await this.#store.change(this.#id, { revision: await this.#saved(weights) });
  }

  /**
   * Its batches are on disk before it is, and it is whole on disk before it is told of.
   * Fails: `train/not-finite`, `run/torn`, `file/no-space`, `file/not-writable`.
   * @param weights names of the network's own part of the state
   */
  async checkpoint(checkpoint: Checkpoint, weights: ReadonlySet<string>): Promise<void> {
    refuseNotFinite(checkpoint.state.filter(({ name }) => weights.has(name)));
    await this.keepBatches();
    await this.change({ checkpoint: await this.#checkpoints.write(checkpoint) });
  }

  /** The newest that is whole; `report` hears of those that are not. Fails: `file/unreadable`. */
  async newestCheckpoint(report: (thrown: unknown) => void): Promise<Checkpoint | null> {
    const { found, passedOver } = await this.#checkpoints.newest();
    for (const { file, reason } of passedOver) report(new Error(`${file} is passed over: ${reason}.`));
    return found;
  }

  checkpointAt(step: number): Promise<Checkpoint> {
    return this.#checkpoints.at(step);
  }

  /** Forgets what came after this place, and what the run's end said. Fails: `file/…`. */
  async goBack(place: LoopPlace): Promise<void> {
    this.#events.flush();
    this.#events.startEpoch();
    this.#log.forget();
    // Under way before its files are cut: should the engine end here, the next one looks at them anew.
    await this.change({ state: 'preparing' });
    await cutBack(this.folder, { place });
    const none = { test: undefined, failure: undefined, ended: undefined };
    await this.change({ ...none, ...(await runOnDisk(this.folder)) });
  }

  /** Settles when nothing is on its way to the disk any more; never fails. */
  async end(): Promise<void> {
    await this.#log.end();
  }

  /** What could not be kept to look back at ends no run; it is told of. */
  async #snapshot(epoch: number, weights: readonly NamedArray[]): Promise<RunChange> {
    const { settings, unkept } = this.run;
    if (settings.snapshotEvery === undefined || epoch % settings.snapshotEvery !== 0) return {};
    try {
      await keepSnapshot(this.folder, epoch, weights);
      return {};
    } catch (thrown) {
      const { code, message, details } = toFailure(thrown);
      return { unkept: { epochs: (unkept?.epochs ?? 0) + 1, failure: { code, message, details } } };
    }
  }

  async #saved(weights: readonly NamedArray[]): Promise<string> {
    return (await saveRunWeights(this.folder, weights)).slice(0, 16);
  }

  #told(run: RunSummary): void {
    this.#tell({ kind: 'run', run });
  }
}
