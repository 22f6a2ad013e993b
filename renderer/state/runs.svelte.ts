import { toFailure } from '#contract/failures.ts';
import type { RunSummary, TrainingSettings } from '#contract/training.ts';
import type { Link } from '#page-link/index.ts';
import { isActive, RunView } from './run-view.svelte.ts';

/** The runs of the open project, newest first, and the one that is being followed. */
export class Runs {
  #all = $state.raw<readonly RunSummary[]>([]);
  #loaded = $state(false);
  #view = $state.raw<RunView | null>(null);
  #link: Link;
  #tell: (thrown: unknown) => void;

  readonly active = $derived(this.#all.find(isActive));

  constructor(link: Link, tell: (thrown: unknown) => void) {
    this.#link = link;
    this.#tell = tell;
  }

  get all(): readonly RunSummary[] {
    return this.#all;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** The run in hand, live if it is training. */
  get view(): RunView | null {
    return this.#view;
  }

  find(id: string | null): RunSummary | undefined {
    return this.#all.find((run) => run.id === id);
  }

  /** The run's colour among the eight: in order of age, so that it stays when newer runs come. */
  seriesOf(id: string): number {
    return Math.max(0, this.#all.length - 1 - this.#all.findIndex((run) => run.id === id));
  }

  async refresh(): Promise<void> {
    this.#all = await this.#link.engine.training.runs();
    this.#loaded = true;
  }

  /** Takes a run in hand. Loading again (`again`) is for after the engine came back. */
  open(id: string | null, again = false): void {
    if (!again && this.#view?.id === id) return;
    this.#view?.close();
    if (id === null) {
      this.#view = null;
      return;
    }
    const view = new RunView(id);
    this.#view = view;
    view
      .follow(this.#link, (run) => this.#replace(run))
      .catch((thrown: unknown) => {
        // A lost engine is told once, by the banner, not by everything that waited for it.
        if (!['engine/lost', 'call/cancelled'].includes(toFailure(thrown).code)) this.#tell(thrown);
      });
  }

  async start(settings: TrainingSettings): Promise<RunSummary> {
    const run = await this.#link.engine.training.start(settings);
    await this.refresh();
    this.open(run.id);
    return run;
  }

  async pause(id: string): Promise<void> {
    this.#replace(await this.#link.engine.training.pause({ run: id }));
  }

  async resume(id: string): Promise<void> {
    this.#replace(await this.#link.engine.training.resume({ run: id }));
  }

  async stop(id: string, when: 'now' | 'epoch-end'): Promise<void> {
    this.#replace(await this.#link.engine.training.stop({ run: id, when }));
  }

  async rename(id: string, name: string): Promise<void> {
    this.#replace(await this.#link.engine.training.rename({ run: id, name }));
  }

  async discard(id: string): Promise<void> {
    await this.#link.engine.training.discard({ run: id });
    if (this.#view?.id === id) this.open(null);
    await this.refresh();
  }

  async restore(id: string): Promise<void> {
    await this.#link.engine.training.restore({ run: id });
    await this.refresh();
  }

  #replace(run: RunSummary): void {
    this.#all = this.#all.some(({ id }) => id === run.id)
      ? this.#all.map((known) => (known.id === run.id ? run : known))
      : [run, ...this.#all];
  }
}
