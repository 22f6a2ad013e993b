import { toFailure } from '#contract/failures.ts';
import type { Preflight, RunSummary, SweepAxis, TrainingSettings } from '#contract/training.ts';
import type { Link } from '#page-link/index.ts';
import { isActive, RunView } from './run-view.svelte.ts';

/** The runs of the open project, newest first, and the one that is being followed. */
export class Runs {
  #all = $state.raw<readonly RunSummary[]>([]);
  #loaded = $state(false);
  #dismissed = $state.raw<ReadonlySet<string>>(new Set());
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

  /** Notices that were put away, by run and kind; until the window closes. */
  get dismissed(): ReadonlySet<string> {
    return this.#dismissed;
  }

  dismiss(notice: string): void {
    this.#dismissed = new Set([...this.#dismissed, notice]);
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

  /** Runs that nobody follows begin and end by themselves: the list is asked for again while some wait or train. */
  keepFresh(): () => void {
    const timer = setInterval(() => {
      const restless = this.#all.some((run) => (run.state === 'queued' || isActive(run)) && run.id !== this.#view?.id);
      if (restless) this.refresh().catch(() => undefined); // a lost engine is told elsewhere
    }, 1500);
    return () => clearInterval(timer);
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

  /** Behind those that run or wait. */
  async enqueue(settings: TrainingSettings): Promise<RunSummary> {
    const run = await this.#link.engine.training.enqueue(settings);
    await this.refresh();
    return run;
  }

  async sweep(settings: TrainingSettings, axes: SweepAxis[]): Promise<RunSummary[]> {
    const runs = await this.#link.engine.training.sweep({ settings, axes });
    await this.refresh();
    return runs;
  }

  /** The queued ones, the next first. */
  get queue(): readonly RunSummary[] {
    return this.#all.filter(({ state }) => state === 'queued').sort((a, b) => (a.queued ?? 0) - (b.queued ?? 0));
  }

  async moveInQueue(id: string, place: number): Promise<void> {
    await this.#link.engine.training.moveInQueue({ run: id, place });
    await this.refresh();
  }

  /** Goes on from the run's last checkpoint. */
  async continue(id: string): Promise<void> {
    this.#replace(await this.#link.engine.training.continue({ run: id }));
    this.open(id, true);
  }

  preflight(settings: TrainingSettings, signal: AbortSignal): Promise<Preflight> {
    return this.#link.engine.training.preflight(settings, { signal });
  }

  schedulePreview(settings: TrainingSettings): Promise<{ epoch: number; learningRate: number }[]> {
    return this.#link.engine.training.schedulePreview({ settings });
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

  /** Keeps what is written about a run; what is absent stays. */
  async annotate(id: string, words: { notes?: string; tags?: string[] }): Promise<RunSummary> {
    const run = await this.#link.engine.training.annotate({ run: id, ...words });
    this.#replace(run);
    return run;
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
