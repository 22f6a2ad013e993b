import { AppError, toFailure } from '#contract/failures.ts';
import type { Film, FilmJob, FilmSettings } from '#contract/video.ts';
import type { Project } from '#engine/project/project.ts';
import { Changes } from './changes.ts';
import { makeFilm, type MakingParts } from './making.ts';
import { readQueue, writeQueue, type KeptJob } from './queue-file.ts';
import type { FilmProgress, Picture } from './stages.ts';

export interface QueueParts extends MakingParts {
  /** Whether a run trains: films wait for it. */
  training(): boolean;
  /** Says that the engine is at work; returns what ends that. */
  busy?(label: string): () => void;
}

/** Milliseconds between two looks whether the training is over. */
const lookAgain = 500;

interface Job {
  readonly kept: KeptJob;
  state: FilmJob['state'];
  progress: Omit<FilmProgress, 'picture'> | null;
  result?: string;
  failure?: FilmJob['failure'];
}

interface Running {
  readonly job: Job;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Films are made one after the other, in the order in which they came. The queue outlives the process. */
export class FilmQueue {
  readonly #project: Project;
  readonly #parts: QueueParts;
  readonly #changes = new Changes();
  #jobs: Job[] = [];
  /** Those that were there when the project was opened, until they may go on. */
  readonly #held = new Set<string>();
  #running: Running | null = null;
  #picture: { readonly job: string; readonly picture: Picture } | null = null;
  #written: Promise<unknown> = Promise.resolve();
  #look: NodeJS.Timeout | null = null;
  #closed = false;

  private constructor(project: Project, parts: QueueParts) {
    this.#project = project;
    this.#parts = parts;
  }

  /**
   * What was in the queue waits for `goOn`, unless it `goesOn` by itself; after a crash in the middle of a film it waits in
   * any case: that film may be what crashed.
   */
  static async open(project: Project, parts: QueueParts, goesOn: boolean): Promise<FilmQueue> {
    const queue = new FilmQueue(project, parts);
    const kept = await readQueue(project, parts.report);
    const crashed = kept.some(({ state }) => state === 'running');
    queue.#jobs = kept.map((each) => ({
      kept: each,
      state: each.state === 'failed' ? 'failed' : 'waiting',
      progress: null,
      ...(each.failure && { failure: each.failure }),
    }));
    if (crashed || !goesOn)
      for (const { kept: job, state } of queue.#jobs) if (state === 'waiting') queue.#held.add(job.id);
    queue.#next();
    return queue;
  }

  list(): FilmJob[] {
    return this.#jobs.map((job) => this.#told(job));
  }

  /** As it is, and on every change, at most ten times a second; ends when the project is closed. */
  watch(signal?: AbortSignal): AsyncGenerator<FilmJob[], void> {
    return this.#changes.of(() => this.list(), signal);
  }

  /** The newest composed frame of a film that is being made; null where there is none. */
  picture(job: string): Picture | null {
    return this.#picture?.job === job ? this.#picture.picture : null;
  }

  has(id: string): boolean {
    return this.#jobs.some(({ kept }) => kept.id === id);
  }

  /** Fails: `file/no-space`, `file/not-writable` (a queue that is not on disk would be lost), `engine/not-ready`. */
  async enqueue(film: Film, settings: FilmSettings, out?: string): Promise<FilmJob> {
    if (this.#closed) throw new AppError('engine/not-ready', 'The project is being closed.');
    const id = this.#parts.results.freeId(film.name, (each) => this.has(each));
    const { missing: _, ...asItIs } = film;
    const kept: KeptJob = { id, film: asItIs, settings, state: 'waiting', ...(out !== undefined && { out }) };
    const job: Job = { kept, state: 'waiting', progress: null };
    this.#jobs.push(job);
    try {
      await this.#write();
    } catch (thrown) {
      this.#jobs = this.#jobs.filter((each) => each !== job);
      throw thrown;
    }
    this.#changes.tell();
    this.#next();
    return this.#told(job);
  }

  /** Settles when nothing of it runs any more and no file is left. A job that is not there is over already. */
  async cancel(id: string): Promise<void> {
    const job = this.#jobs.find(({ kept }) => kept.id === id);
    if (!job) return;
    if (this.#running?.job === job) {
      const { stop, ended } = this.#running;
      const { state } = job;
      stop.abort(new AppError('call/cancelled', 'The film was cancelled.'));
      await ended;
      if (state === 'running') return;
      // It had ended and was told of; only its last line on the disk was under way.
    }
    this.#jobs = this.#jobs.filter((each) => each !== job);
    this.#held.delete(id);
    await this.#keep();
  }

  /** What waits since the project was opened may begin. */
  goOn(): void {
    this.#held.clear();
    this.#changes.tell();
    this.#next();
  }

  /** Breaks off what runs; it goes on when the project is opened again. Nothing starts any more. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#look) clearTimeout(this.#look);
    this.#running?.stop.abort(new AppError('call/cancelled', 'The project is being closed.'));
    await this.#running?.ended;
    await this.#written.catch(() => undefined);
    this.#changes.close();
  }

  #next(): void {
    if (this.#look) clearTimeout(this.#look);
    this.#look = null;
    if (this.#closed || this.#running) return;
    const job = this.#jobs.find(({ kept, state }) => state === 'waiting' && !this.#held.has(kept.id));
    if (!job) return;
    if (!this.#parts.training()) return this.#begin(job);
    this.#changes.tell();
    this.#look = setTimeout(() => this.#next(), lookAgain).unref();
  }

  #begin(job: Job): void {
    const stop = new AbortController();
    this.#picture = null; // not at an end: whoever looks on may still ask for the last one
    job.state = 'running';
    const ended = this.#make(job, stop.signal).finally(() => {
      this.#running = null;
      this.#changes.tell();
      this.#next();
    });
    this.#running = { job, stop, ended };
    this.#changes.tell();
  }

  /** Never fails: what does is told of the job. */
  async #make(job: Job, signal: AbortSignal): Promise<void> {
    await this.#keep();
    try {
      const { result, notWritten } = await makeFilm(
        job.kept,
        this.#parts,
        (progress) => this.#heard(job, progress),
        signal,
      );
      job.state = 'done';
      job.result = result.id;
      // The last tellings of progress may have been left out.
      const { out } = result.frames;
      job.progress = { ...(job.progress ?? atRest), stage: 'finishing', done: out, total: out };
      if (notWritten) job.failure = failureOf(notWritten);
    } catch (thrown) {
      if (signal.aborted) {
        job.state = this.#closed ? 'waiting' : 'cancelled';
      } else {
        this.#parts.report(thrown);
        job.state = 'failed';
        job.failure = failureOf(thrown);
      }
    }
    await this.#keep();
  }

  #heard(job: Job, { picture, ...progress }: FilmProgress): void {
    job.progress = progress;
    if (picture) this.#picture = { job: job.kept.id, picture };
    this.#changes.tell();
  }

  #told({ kept, state, progress, result, failure }: Job): FilmJob {
    const { id, film, settings } = kept;
    const waitsFor = this.#held.has(id) ? 'go-on' : this.#parts.training() ? 'training' : null;
    return {
      ...{ id, film: film.id, name: film.name, settings, state },
      ...(state === 'waiting' && waitsFor && { waitsFor }),
      ...(state === 'running' && { stage: progress?.stage ?? 'starting' }),
      done: progress?.done ?? 0,
      total: progress?.total ?? film.facts.frames,
      framesPerSecond: progress?.framesPerSecond ?? 0,
      secondsLeft: state === 'running' ? (progress?.secondsLeft ?? null) : null,
      latest: progress?.latest ?? null,
      ...(result !== undefined && { result }),
      ...(failure && { failure }),
    };
  }

  /** On the disk, or else in the log: the film itself goes on. */
  async #keep(): Promise<void> {
    this.#changes.tell();
    await this.#write().catch(this.#parts.report);
  }

  #write(): Promise<void> {
    const jobs = () =>
      this.#jobs.flatMap(({ kept, state, failure }): KeptJob[] =>
        state === 'done' || state === 'cancelled' ? [] : [{ ...kept, state, ...(failure && { failure }) }],
      );
    const written = this.#written.then(() => writeQueue(this.#project, jobs()));
    this.#written = written.catch(() => undefined);
    return written;
  }
}

const atRest = { framesPerSecond: 0, secondsLeft: null, latest: null };

const failureOf = (thrown: unknown): NonNullable<FilmJob['failure']> => ({ ...toFailure(thrown) });
