import type { DataSetSummary, FamousSet, ImportLook, ImportOptions } from '#contract/data.ts';
import type { Link, TakeOptions } from '#page-link/index.ts';
import type { DataSets } from './datasets.svelte.ts';
import { DownloadJob, ImportJob } from './import-job.svelte.ts';

/** Files that were handed over, and what they would be. */
export interface Looked {
  readonly paths: string[];
  readonly look: ImportLook;
  /** Given where the files' own place says nothing. */
  readonly name?: string | undefined;
}

/** Data sets that are about to be: looked at, being read, being fetched. */
export class Imports {
  #looked = $state.raw<Looked | null>(null);
  #looking = $state(false);
  #jobs = $state.raw<readonly (ImportJob | DownloadJob)[]>([]);
  #shown = $state.raw<ImportJob | null>(null);
  #sent = $state<number | null>(null);
  #sending: AbortController | null = null;
  /** The data set whose import is reported on. */
  report = $state<string | null>(null);
  #link: Link;
  #datasets: DataSets;

  constructor(link: Link, datasets: DataSets) {
    this.#link = link;
    this.#datasets = datasets;
  }

  /** What waits for a person's choice. */
  get looked(): Looked | null {
    return this.#looked;
  }

  get looking(): boolean {
    return this.#looking;
  }

  /** How much of the files has gone to the server, 0…1; null while none go. */
  get sent(): number | null {
    return this.#sent;
  }

  /** Paths of files for the engine; where they must be sent, it can be followed and stopped. Fails as `Link.take`. */
  async send(take: (options: TakeOptions) => Promise<string[]>, missed: (path: string) => void): Promise<string[]> {
    const { signal } = (this.#sending = new AbortController());
    this.#sent = 0;
    try {
      return await take({ signal, missed, progress: (share) => (this.#sent = share) });
    } finally {
      this.#sent = null;
    }
  }

  stopSending(): void {
    this.#sending?.abort();
  }

  get jobs(): readonly (ImportJob | DownloadJob)[] {
    return this.#jobs;
  }

  /** The import that the page shows in the place of a data set. */
  get shown(): ImportJob | null {
    return this.#shown;
  }

  show(job: ImportJob | null): void {
    this.#shown = job;
  }

  /** Fails as `data.look`. */
  async look(paths: string[]): Promise<Looked> {
    this.#looking = true;
    try {
      return { paths, look: await this.#link.engine.data.look({ paths }) };
    } finally {
      this.#looking = false;
    }
  }

  ask(looked: Looked): void {
    this.#looked = looked;
  }

  dismiss(): void {
    this.#looked = null;
  }

  /** Fails as `data.import`. The list is read anew when it is over. */
  async import({ paths, name, look }: Looked, options?: ImportOptions): Promise<DataSetSummary> {
    const job = new ImportJob(name ?? look.name);
    this.#shown = job;
    const request = { paths, ...(name === undefined ? {} : { name }), ...(options ? { options } : {}) };
    return this.#follow(job, () => job.run(this.#link, request));
  }

  /** Fails as `data.download`. */
  async download({ id, name }: Pick<FamousSet, 'id' | 'name'>): Promise<DataSetSummary> {
    const job = new DownloadJob(id, name);
    return this.#follow(job, () => job.run(this.#link, id));
  }

  downloading(id: string): DownloadJob | undefined {
    return this.#jobs.find((job): job is DownloadJob => job instanceof DownloadJob && job.id === id);
  }

  async #follow(job: ImportJob | DownloadJob, work: () => Promise<DataSetSummary>): Promise<DataSetSummary> {
    this.#jobs = [...this.#jobs, job];
    try {
      const made = await work();
      await this.#datasets.refresh();
      return made;
    } finally {
      this.#jobs = this.#jobs.filter((other) => other !== job);
      if (this.#shown === job) this.#shown = null;
    }
  }
}
