import type { BatchRecord, EpochRecord, RunDetail, RunEvent, RunProgress, RunSummary } from '#contract/training.ts';
import type { Link } from '#page-link/index.ts';

const batchLimit = 20_000;

/** One run as the pages see it: what is on disk, then what happens. */
export class RunView {
  readonly id: string;
  #summary = $state.raw<RunSummary | null>(null);
  #history = $state.raw<readonly EpochRecord[]>([]);
  #batches = $state.raw<readonly BatchRecord[]>([]);
  #progress = $state.raw<RunProgress | null>(null);
  #folder = $state('');
  #ended = new AbortController();

  readonly active = $derived(isActive(this.#summary));

  constructor(id: string) {
    this.id = id;
  }

  get summary(): RunSummary | null {
    return this.#summary;
  }

  get history(): readonly EpochRecord[] {
    return this.#history;
  }

  get batches(): readonly BatchRecord[] {
    return this.#batches;
  }

  get progress(): RunProgress | null {
    return this.#progress;
  }

  get folder(): string {
    return this.#folder;
  }

  /** Loads the run, then follows it until it ends or `close` is called. */
  async follow(link: Link, onSummary: (run: RunSummary) => void): Promise<void> {
    const signal = this.#ended.signal;
    const events = await link.engine.training.watch({ run: this.id }, { signal });
    this.#take(await link.engine.training.run({ run: this.id }, { signal }));
    // It may have gone on between the list and the first event heard.
    if (this.#summary) onSummary(this.#summary);
    for await (const event of events) {
      this.#hear(event);
      if (event.kind === 'run') onSummary(event.run);
    }
  }

  close(): void {
    this.#ended.abort();
  }

  #take(detail: RunDetail): void {
    const { history, batches, progress, folder, ...summary } = detail;
    this.#summary = summary;
    this.#history = history;
    this.#batches = batches;
    this.#progress = progress ?? null;
    this.#folder = folder;
  }

  #hear(event: RunEvent): void {
    if (event.kind === 'run') {
      this.#summary = event.run;
      if (!isActive(event.run)) this.#progress = null;
      return;
    }
    // Events that were already part of the detail come again when following began in mid-run.
    if (event.kind === 'epoch') {
      const known = this.#history.at(-1)?.epoch ?? 0;
      if (event.record.epoch > known) this.#history = [...this.#history, event.record];
      return;
    }
    const known = this.#batches.at(-1)?.step ?? 0;
    const fresh = event.batches.filter((batch) => batch.step > known);
    this.#batches = [...this.#batches, ...fresh].slice(-batchLimit);
    this.#progress = event.progress;
    const { state } = event.progress;
    if (this.#summary && this.#summary.state !== state) this.#summary = { ...this.#summary, state };
  }
}

export function isActive(run: RunSummary | null | undefined): boolean {
  return run !== null && run !== undefined && ['preparing', 'training', 'paused', 'testing'].includes(run.state);
}
