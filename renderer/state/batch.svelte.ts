import { AppError, toFailure, type Failure } from '#contract/failures.ts';
import type { KnownModel } from '#contract/models.ts';
import type { BatchRow, InputWays } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';
import type { Telling } from './news.svelte.ts';

type Asked = Parameters<Link['engine']['prediction']['batch']>[0];

/** Classes that are kept of each photo. */
const kept = 5;

/** Many photos through one model: rows come as they are known, and stay when it is stopped. */
export class Batch {
  #rows: BatchRow[] = [];
  #byPhoto = new Map<string, BatchRow>();
  /** Rows are many: they are added to one array, and this tells that some were. */
  #version = $state(0);
  #model = $state.raw<KnownModel | null>(null);
  #total = $state(0);
  #speed = $state(0);
  #left = $state<number | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #stop = $state.raw<AbortController | null>(null);
  #link: Link;
  #news: Telling;

  constructor(link: Link, news: Telling) {
    this.#link = link;
    this.#news = news;
  }

  get rows(): readonly BatchRow[] {
    void this.#version;
    return this.#rows;
  }

  /** The row of a photo, if it was asked already. */
  of(photo: string): BatchRow | undefined {
    void this.#version;
    return this.#byPhoto.get(photo);
  }

  /** Changes with the rows. */
  get version(): number {
    return this.#version;
  }

  /** Whose answers these are. */
  get model(): KnownModel | null {
    return this.#model;
  }

  get total(): number {
    return this.#total;
  }

  get imagesPerSecond(): number {
    return this.#speed;
  }

  get secondsLeft(): number | null {
    return this.#left;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get running(): boolean {
    return this.#stop !== null;
  }

  cancel(): void {
    this.#stop?.abort();
  }

  /** Asks anew about these photos; what was known is forgotten. */
  async ask(model: KnownModel, photos: readonly string[], ways: InputWays = {}): Promise<void> {
    this.cancel();
    const stop = new AbortController();
    this.#stop = stop;
    this.#rows = [];
    this.#byPhoto.clear();
    this.#version += 1;
    this.#model = model;
    this.#total = photos.length;
    this.#speed = 0;
    this.#left = null;
    this.#failure = null;
    try {
      const asked = { model: model.ref, photos: [...photos], top: kept, threshold: 0, ways };
      await this.#news.after(model.name, 'go.look', () => this.#hear(asked, stop), 'news.photos');
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (this.#stop === stop && failure.code !== 'call/cancelled') this.#failure = failure;
    } finally {
      if (this.#stop === stop) this.#stop = null;
    }
  }

  async #hear(asked: Asked, stop: AbortController): Promise<void> {
    const events = await this.#link.engine.prediction.batch(asked, { signal: stop.signal });
    for (;;) {
      // The last rows come with the end.
      const { value, done = false } = await events.next();
      if (this.#stop !== stop) throw new AppError('call/cancelled', 'other photos are asked about now');
      for (const row of value.rows) {
        this.#rows.push(row);
        if (row.photo !== undefined) this.#byPhoto.set(row.photo, row);
      }
      this.#speed = value.imagesPerSecond;
      this.#left = value.secondsLeft;
      this.#version += 1;
      if (done) return;
    }
  }

  /** Only of these photos: those of another project are not here. */
  keep(photos: ReadonlySet<string>): void {
    this.#rows = this.#rows.filter(({ photo }) => photo !== undefined && photos.has(photo));
    this.#version += 1;
  }

  /** Without those that were closed. */
  forget(photos: ReadonlySet<string>): void {
    this.#rows = this.#rows.filter(({ photo }) => photo === undefined || !photos.has(photo));
    this.#version += 1;
  }
}
