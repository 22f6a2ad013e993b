import type {
  ExportOptions,
  ExportProgress,
  ExportResult,
  ModelRef,
  ProgramOptions,
  WrittenFormat,
} from '#contract/models.ts';
import type { Link } from '#page-link/index.ts';

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
  #stop = new AbortController();

  constructor(link: Link) {
    this.#link = link;
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
      const { models } = this.#link.engine;
      const events =
        options.format === 'python'
          ? await models.program(programOf(options), { signal })
          : await models.export(options, { signal });
      for (;;) {
        const next = await events.next();
        if (next.done) {
          this.#result = { ...next.value, options };
          return;
        }
        this.#progress = next.value;
      }
    } finally {
      this.#working = false;
    }
  }
}

function programOf({ format: _, ...options }: ProgramOptions & { readonly format: 'python' }): ProgramOptions {
  return options;
}
