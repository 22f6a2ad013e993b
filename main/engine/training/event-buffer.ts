import type { BatchRecord, RunEvent, RunProgress } from '#contract/training.ts';

/** Milliseconds between two messages about batches: a page draws no faster. */
const pause = 100;

/** Gathers batches so that some ten messages a second tell of hundreds of them; keeps an epoch's for the disk. */
export class EventBuffer {
  readonly #tell: (event: RunEvent) => void;
  readonly #now: () => RunProgress;
  #waiting: BatchRecord[] = [];
  #epoch: BatchRecord[] = [];
  #told = 0;

  constructor(tell: (event: RunEvent) => void, progress: () => RunProgress) {
    this.#tell = tell;
    this.#now = progress;
  }

  batch(record: BatchRecord): void {
    this.#waiting.push(record);
    this.#epoch.push(record);
    if (performance.now() - this.#told >= pause) this.flush();
  }

  /** Tells where the run stands before its first batch. */
  progress(): void {
    if (performance.now() - this.#told < pause) return;
    this.#told = performance.now();
    this.#tell({ kind: 'batches', batches: [], progress: this.#now() });
  }

  /** Tells what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#told = performance.now();
    this.#tell({ kind: 'batches', batches: this.#waiting, progress: this.#now() });
    this.#waiting = [];
  }

  /** The batches since `startEpoch`, which are not on disk yet. */
  get epoch(): readonly BatchRecord[] {
    return this.#epoch;
  }

  startEpoch(): void {
    this.#epoch = [];
  }
}
