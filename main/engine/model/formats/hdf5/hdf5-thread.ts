import { Worker } from 'node:worker_threads';
import { AppError } from '#contract/failures.ts';
import { damaged, FileProblem } from '../file-problem.ts';
import { workerFile } from '#engine/worker-file.ts';
import { usualLimits, type Hdf5Job, type Hdf5Limits, type Hdf5Source, type Hdf5Word, type Outline } from './words.ts';

type Ask<J extends Hdf5Job = Hdf5Job> = J extends Hdf5Job ? Omit<J, 'ticket'> : never;

interface Asked {
  readonly resolve: (word: Hdf5Word) => void;
  readonly reject: (error: Error) => void;
}

export interface ThreadParts {
  readonly limits?: Partial<Hdf5Limits>;
  /** Milliseconds that one answer may take; the largest array of the largest models takes some seconds. */
  readonly patience?: number;
  readonly signal?: AbortSignal | undefined;
  /** The thread's program, for tests. */
  readonly worker?: string;
}

/**
 * Reads HDF5 files in a thread of its own: libhdf5 is not made for files from anywhere, and what it does wrong ends
 * there. A thread that dies, or says nothing for `patience`, is killed and the file called damaged.
 */
export class Hdf5Thread {
  readonly #thread: Worker;
  readonly #patience: number;
  readonly #asked = new Map<number, Asked>();
  readonly #ready: Promise<void>;
  #notReady: (error: Error) => void = () => {};
  #ticket = 0;
  #over: Error | null = null;

  constructor({
    limits,
    patience = 30_000,
    signal,
    worker = workerFile('hdf5-worker.cjs', 'hdf5-worker.ts', import.meta.url),
  }: ThreadParts = {}) {
    this.#patience = patience;
    const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };
    this.#thread = new Worker(worker, { workerData: { ...usualLimits, ...limits }, resourceLimits });
    let started = () => {};
    this.#ready = new Promise((resolve, reject) => {
      started = resolve;
      this.#notReady = reject;
    });
    this.#ready.catch(() => undefined); // whoever asks hears of it
    this.#thread.on('message', (word: Hdf5Word) => {
      if ('ready' in word) return started();
      this.#asked.get(word.ticket)?.resolve(word);
      this.#asked.delete(word.ticket);
    });
    this.#thread.on('error', () => this.#end(damaged('reading it fails')));
    this.#thread.on('exit', () => this.#end(damaged('reading it fails')));
    const stop = () => this.#end(new AppError('call/cancelled', 'Reading the file was cancelled.'));
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
  }

  /** What is in a file; those before are let go. Rejects with `FileProblem`, and the thread has ended then. */
  async open(source: Hdf5Source): Promise<Outline> {
    const word = await this.#ask({ ask: 'outline', source });
    if ('outline' in word) return word.outline;
    throw new Error('Another answer was expected.');
  }

  /** An array's values. @param shape that it must have. Rejects with `FileProblem`. */
  async values(path: string, shape: readonly number[]): Promise<Float32Array> {
    const word = await this.#ask({ ask: 'values', path, shape });
    if ('values' in word) return word.values;
    throw new Error('Another answer was expected.');
  }

  /** It has ended by itself, or was ended: what is asked of it is refused. */
  get over(): boolean {
    return this.#over !== null;
  }

  async dispose(): Promise<void> {
    this.#end(new AppError('call/cancelled', 'Reading the file has ended.'));
    await this.#thread.terminate();
  }

  async #ask(job: Ask): Promise<Hdf5Word> {
    // Starting is not the file's time.
    const late = (what: string) => () => this.#end(damaged(what));
    const starting = setTimeout(late('the thread that reads it does not start'), 60_000);
    await this.#ready.finally(() => clearTimeout(starting));
    const ticket = ++this.#ticket;
    const watch = setTimeout(late('reading it does not come to an end'), this.#patience);
    try {
      const word = await new Promise<Hdf5Word>((resolve, reject) => {
        if (this.#over) return reject(this.#over);
        this.#asked.set(ticket, { resolve, reject });
        this.#thread.postMessage({ ...job, ticket } as Hdf5Job);
      });
      if ('problem' in word) {
        const problem = new FileProblem(word.problem.kind, word.problem.reason);
        if (word.problem.spent) this.#end(problem);
        throw problem;
      }
      return word;
    } finally {
      clearTimeout(watch);
    }
  }

  #end(error: Error): void {
    if (this.#over) return;
    this.#over = error;
    void this.#thread.terminate();
    this.#notReady(error);
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}
