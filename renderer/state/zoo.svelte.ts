import { toFailure } from '#contract/failures.ts';
import type { ZooEntry, ZooProgress } from '#contract/zoo.ts';
import type { Link } from '#page-link/index.ts';
import type { Models } from './models.svelte.ts';
import type { Telling } from './news.svelte.ts';

export type ZooColumnId = 'name' | 'size' | 'top1' | 'top5' | 'parameters' | 'depth' | 'one' | 'eight' | 'here';
/** What the area of a bubble says. */
export type ZooBubble = 'parameters' | 'time';

interface Parts {
  readonly link: Link;
  readonly models: Models;
  readonly news: Telling;
  readonly failed: (thrown: unknown) => void;
}

interface Job {
  readonly stop: AbortController;
  readonly progress: ZooProgress;
}

const beginning: ZooProgress = { stage: 'checking', done: 0, total: null, secondsLeft: null };

/** The zoo as the page shows it. Weights on their way and measuring go on while pages change, and may be cancelled. */
export class Zoo {
  #link: Link;
  #models: Models;
  #news: Telling;
  #failed: (thrown: unknown) => void;
  #selected = $state('efficientnet-lite0');
  #jobs = $state.raw<ReadonlyMap<string, Job>>(new Map());
  #measuring = $state.raw<Job | null>(null);
  sort = $state.raw<{ readonly column: ZooColumnId; readonly down: boolean }>({ column: 'size', down: false });
  bubble = $state<ZooBubble>('parameters');

  constructor({ link, models, news, failed }: Parts) {
    this.#link = link;
    this.#models = models;
    this.#news = news;
    this.#failed = failed;
  }

  get entries(): readonly ZooEntry[] {
    return this.#models.zoo;
  }

  get selected(): ZooEntry | undefined {
    return this.entries.find(({ id }) => id === this.#selected) ?? this.entries[0];
  }

  select(id: string): void {
    this.#selected = id;
  }

  /** A second time turns it round; figures begin with the largest, names and sizes with the first and smallest. */
  turn(column: ZooColumnId): void {
    const { sort } = this;
    const first = ['top1', 'top5', 'here'].includes(column);
    this.sort = { column, down: sort.column === column ? !sort.down : first };
  }

  /** Of weights on their way. */
  progress(id: string): ZooProgress | undefined {
    return this.#jobs.get(id)?.progress;
  }

  /** How far each piece of work is, 0…1; null where it cannot be told. */
  get shares(): readonly (number | null)[] {
    const all = [...this.#jobs.values(), ...(this.#measuring ? [this.#measuring] : [])];
    return all.map(({ progress: { done, total } }) => (total ? Math.min(1, done / total) : null));
  }

  get measuring(): ZooProgress | null {
    return this.#measuring?.progress ?? null;
  }

  /** True when the weights have come. */
  fetch(id: string): Promise<boolean> {
    return this.#work(id, (signal) => this.#link.engine.zoo.fetch({ id }, { signal }));
  }

  /** From a file that is here; which model it belongs to, its contents tell. Undefined: none, or it was told why. */
  async install(path: string, id: string): Promise<boolean> {
    return this.#work(id, (signal) => this.#link.engine.zoo.install({ id, path }, { signal }));
  }

  /** Which model a file of weights belongs to. Fails: `model/file-…`. */
  async recognise(path: string): Promise<string | null> {
    return (await this.#link.engine.zoo.recognise({ path }))?.id ?? null;
  }

  /** Shows the model and takes its weights from a file; `come` hears its name when they are here. */
  async take(id: string, path: string, come: (name: string) => void): Promise<void> {
    this.#selected = id;
    const here = await this.install(path, id);
    const found = this.entries.find((entry) => entry.id === id);
    if (here && found) come(found.name);
  }

  async remove(id: string): Promise<void> {
    await this.#link.engine.zoo.remove({ id });
    await this.#models.refresh();
  }

  cancel(id: string): void {
    this.#jobs.get(id)?.stop.abort();
  }

  async measure(ids: readonly string[]): Promise<void> {
    if (this.#measuring) return;
    const stop = new AbortController();
    this.#measuring = { stop, progress: { ...beginning, stage: 'measuring', total: ids.length } };
    try {
      const measure = async () => {
        const steps = await this.#link.engine.zoo.measure({ ids: [...ids] }, { signal: stop.signal });
        for await (const progress of steps) {
          this.#measuring = { stop, progress };
          if (progress.done > 0) await this.#models.refresh(); // each figure as it comes
        }
      };
      const names = ids.slice(0, 2).map((id) => this.#nameOf(id));
      const named = [...names, ...(ids.length > names.length ? ['…'] : [])].join(', ');
      await this.#news.after(named, 'go.zoo', measure, 'news.measured');
    } catch (thrown) {
      this.#tell(thrown);
    } finally {
      this.#measuring = null;
      await this.#models.refresh().catch(this.#failed);
    }
  }

  stopMeasuring(): void {
    this.#measuring?.stop.abort();
  }

  async #work(id: string, begin: (signal: AbortSignal) => Promise<AsyncIterable<ZooProgress>>): Promise<boolean> {
    if (this.#jobs.has(id)) return false;
    const stop = new AbortController();
    this.#put(id, { stop, progress: beginning });
    try {
      const come = async () => {
        for await (const progress of await begin(stop.signal)) this.#put(id, { stop, progress });
        await this.#models.refresh();
      };
      await this.#news.after(this.#nameOf(id), 'go.zoo', come, 'zoo.come');
      return true;
    } catch (thrown) {
      this.#tell(thrown);
      return false;
    } finally {
      this.#put(id, null);
    }
  }

  #nameOf(id: string): string {
    return this.entries.find((entry) => entry.id === id)?.name ?? id;
  }

  #put(id: string, job: Job | null): void {
    const jobs = new Map(this.#jobs);
    if (job) jobs.set(id, job);
    else jobs.delete(id);
    this.#jobs = jobs;
  }

  #tell(thrown: unknown): void {
    if (toFailure(thrown).code !== 'call/cancelled') this.#failed(thrown);
  }
}
