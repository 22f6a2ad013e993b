import type { DataSetSummary, ImportEvent, ImportOptions, Split, WorkProgress } from '#contract/data.ts';
import { firstScreenUrl } from '#contract/pictures.ts';
import type { Link } from '#page-link/index.ts';

export interface ImportRequest {
  readonly paths: string[];
  readonly name?: string;
  readonly options?: ImportOptions;
}

/** One import under way, as the list and the page show it. */
export class ImportJob {
  readonly id = crypto.randomUUID();
  readonly name: string;
  readonly #cancel = new AbortController();
  #job = $state('');
  #splits = $state.raw<Partial<Record<Split, number>>>({});
  #progress = $state.raw<Extract<ImportEvent, { kind: 'progress' }> | null>(null);
  #preview = $state(0);

  constructor(name: string) {
    this.name = name;
  }

  get progress() {
    return this.#progress;
  }

  /** Images of each split as they were listed. */
  get splits() {
    return this.#splits;
  }

  /** 0…1; null while it cannot be told. */
  get share(): number | null {
    const { done = 0, total = 0 } = this.#progress ?? {};
    return total === 0 ? null : done / total;
  }

  /** The first pictures that have come, 16 a row. */
  get screen(): { url: string; images: number } | null {
    return this.#preview === 0 ? null : { url: firstScreenUrl(this.#job, this.#preview), images: this.#preview };
  }

  cancel(): void {
    this.#cancel.abort();
  }

  /** Fails as `data.import`; cancelled: `call/cancelled`. */
  async run(link: Link, request: ImportRequest): Promise<DataSetSummary> {
    const events = await link.engine.data.import(request, { signal: this.#cancel.signal });
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      this.#hear(next.value);
    }
  }

  #hear(event: ImportEvent): void {
    if (event.kind === 'listed') {
      this.#job = event.job;
      this.#splits = event.splits;
    } else {
      this.#progress = event;
      this.#preview = event.preview;
    }
  }
}

/** A famous set on its way. */
export class DownloadJob {
  readonly id: string;
  readonly name: string;
  readonly #cancel = new AbortController();
  #progress = $state.raw<WorkProgress | null>(null);

  constructor(id: string, name: string) {
    this.id = id;
    this.name = name;
  }

  get progress() {
    return this.#progress;
  }

  /** 0…1; null while it cannot be told. */
  get share(): number | null {
    const { done = 0, total = 0 } = this.#progress ?? {};
    return total === 0 ? null : done / total;
  }

  cancel(): void {
    this.#cancel.abort();
  }

  /** Fails as `data.download`; cancelled, what has come stays for the next try. */
  async run(link: Link, id: 'fashion-mnist' | 'cifar10' | 'cifar100'): Promise<DataSetSummary> {
    const events = await link.engine.data.download({ id }, { signal: this.#cancel.signal });
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
      this.#progress = next.value;
    }
  }
}
