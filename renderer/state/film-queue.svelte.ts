import type { FilmJob, FilmSettings } from '#contract/video.ts';
import { toFailure } from '#contract/failures.ts';
import type { Link } from '#page-link/index.ts';

/** Whether something is still to come of it. */
export function isOpenJob({ state }: Pick<FilmJob, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

/** The films that are being made, in the order of the queue; it goes on whatever page is shown. */
export class FilmQueue {
  #jobs = $state.raw<readonly FilmJob[]>([]);
  #link: Link;
  #tell: (thrown: unknown) => void;
  #hears = new Set<(job: FilmJob) => void>();
  #following: AbortController | null = null;

  readonly running = $derived(this.#jobs.find(({ state }) => state === 'running'));
  /** Those that run or wait. */
  readonly open = $derived(this.#jobs.filter(isOpenJob));
  /** Broken off when the engine ended unawares: they wait for a person. */
  readonly brokenOff = $derived(this.#jobs.filter(({ waitsFor }) => waitsFor === 'go-on'));

  constructor(link: Link, tell: (thrown: unknown) => void) {
    this.#link = link;
    this.#tell = tell;
  }

  get jobs(): readonly FilmJob[] {
    return this.#jobs;
  }

  find(id: string | null | undefined): FilmJob | undefined {
    return this.#jobs.find((job) => job.id === id);
  }

  /** Told of each that ended while it was followed: done, failed or cancelled. */
  onEnd(hear: (job: FilmJob) => void): () => void {
    this.#hears.add(hear);
    return () => this.#hears.delete(hear);
  }

  /** Listens to the queue of the project that is open now, until it is called again or the engine ends. */
  async follow(): Promise<void> {
    this.#following?.abort();
    const following = new AbortController();
    this.#following = following;
    this.#jobs = [];
    try {
      let first = true;
      for await (const jobs of await this.#link.engine.video.queue(undefined, { signal: following.signal })) {
        if (this.#following !== following) return;
        this.#take(jobs, first);
        first = false;
      }
    } catch (thrown) {
      // A lost engine is told once, by the banner.
      const { code } = toFailure(thrown);
      if (this.#following === following && code !== 'engine/lost' && code !== 'call/cancelled') this.#tell(thrown);
    }
  }

  async make(film: string, settings: FilmSettings, out?: string): Promise<FilmJob> {
    const job = await this.#link.engine.video.enqueue({ film, settings, ...(out !== undefined && { out }) });
    if (!this.find(job.id)) this.#jobs = [...this.#jobs, job];
    return job;
  }

  /** Ends it, or takes one that ended off the list. */
  async cancel(job: string): Promise<void> {
    await this.#link.engine.video.cancel({ job });
  }

  goOn(): Promise<void> {
    return this.#link.engine.video.goOn();
  }

  #take(jobs: readonly FilmJob[], first: boolean): void {
    const before = this.#jobs;
    this.#jobs = jobs;
    if (first) return;
    for (const job of jobs) {
      const was = before.find(({ id }) => id === job.id);
      if (!isOpenJob(job) && (!was || isOpenJob(was))) for (const hear of this.#hears) hear(job);
    }
  }
}
