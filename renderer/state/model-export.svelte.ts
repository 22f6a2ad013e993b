import type {
  ExportOptions,
  ExportProgress,
  ExportResult,
  ModelRef,
  ProgramOptions,
  WrittenFormat,
} from '#contract/models.ts';
import type { Link } from '#page-link/index.ts';
import { lastPart } from './last-part.ts';
import type { Telling } from './news.svelte.ts';

/** What a model can be taken home as: a file, or, of a run, a program in Python. */
export type ExportChoice = WrittenFormat | 'python';
export type ChosenExport = ExportOptions | (ProgramOptions & { readonly format: 'python' });

/** The model that is being taken home: which, how far, and what came of it. One at a time, over every page. */
export class ModelExport {
  #model = $state<ModelRef | null>(null);
  #progress = $state.raw<ExportProgress | null>(null);
  #working = $state(false);
  #result = $state.raw<(ExportResult & { readonly options: ChosenExport }) | null>(null);
  #link: Link;
  #news: Telling;
  #stop = new AbortController();

  constructor(link: Link, news: Telling) {
    this.#link = link;
    this.#news = news;
  }

  /** What the dialog speaks of; null = it is closed. */
  get model(): ModelRef | null {
    return this.#model;
  }

  get working(): boolean {
    return this.#working;
  }

  get progress(): ExportProgress | null {
    return this.#progress;
  }

  get result(): (ExportResult & { readonly options: ChosenExport }) | null {
    return this.#result;
  }

  /** What was asked for last stays for the next time. */
  format = $state<ExportChoice>('keras');

  open(model: ModelRef): void {
    this.#model = model;
    this.#result = null;
  }

  /** Ends what is under way; nothing is left of it. */
  close(): void {
    this.stop();
    this.#model = null;
    this.#result = null;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Back to the form. */
  again(): void {
    this.#result = null;
  }

  /** Fails: as `models.export` and `models.program`; `call/cancelled`. */
  async write(options: ChosenExport): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.#working = true;
    this.#progress = null;
    try {
      // Its dialog lies over every page: there is nothing to go to.
      const result = await this.#news.after(lastPart(options.path), '', () => this.#written(options, signal));
      this.#result = { ...result, options };
    } finally {
      this.#working = false;
    }
  }

  async #written(options: ChosenExport, signal: AbortSignal): Promise<ExportResult> {
    const { models } = this.#link.engine;
    const events =
      options.format === 'python'
        ? await models.program(programOf(options), { signal })
        : await models.export(options, { signal });
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      this.#progress = next.value;
    }
  }
}

function programOf({ format: _, ...options }: ProgramOptions & { readonly format: 'python' }): ProgramOptions {
  return options;
}
