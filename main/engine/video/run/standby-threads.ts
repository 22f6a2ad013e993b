import { Worker } from 'node:worker_threads';
import { workerFile } from '#engine/worker-file.ts';

/** The two programs beside the network: `reading-worker.ts`, `writing-worker.ts`. */
export type ThreadName = 'reading-worker' | 'writing-worker';
const names: readonly ThreadName[] = ['reading-worker', 'writing-worker'];

/** Milliseconds after which a thread that nobody took ends. */
const restTime = 300_000;

const beside = (name: ThreadName) => workerFile(`film-${name}.cjs`, `${name}.ts`, import.meta.url);

/**
 * Threads that wait for a film: loading their programs takes a third of a second, and what the machine has learned of them
 * in one film serves the next. They keep no process alive.
 */
export class StandbyThreads {
  readonly #fileOf: (name: ThreadName) => string;
  /** One of each at most. */
  readonly #resting = new Map<ThreadName, { thread: Worker; leave: () => void }>();

  /** @param fileOf their programs, where they do not lie beside this one */
  constructor(fileOf: (name: ThreadName) => string = beside) {
    this.#fileOf = fileOf;
  }

  /** Has one of each resting. Fails: `file/missing`. */
  prepare(): void {
    for (const name of names) this.rest(name, this.take(name));
  }

  /** One that rests, or a new one. Fails: `file/missing`. */
  take(name: ThreadName): Worker {
    const resting = this.#resting.get(name);
    if (!resting) return new Worker(this.#fileOf(name));
    resting.leave();
    resting.thread.ref();
    return resting.thread;
  }

  /** It has done its work, or has none yet; only this listens to it from now on. */
  rest(name: ThreadName, thread: Worker): void {
    if (this.#resting.has(name)) return void thread.terminate();
    const forget = () => this.#resting.get(name)?.leave();
    const late = setTimeout(() => void thread.terminate(), restTime).unref();
    const leave = () => {
      clearTimeout(late);
      thread.off('error', forget).off('exit', forget);
      this.#resting.delete(name);
    };
    thread.on('error', forget).on('exit', forget).unref();
    this.#resting.set(name, { thread, leave });
  }

  /** Ends those that rest. */
  async end(): Promise<void> {
    const threads = [...this.#resting.values()].map(({ thread }) => thread);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
