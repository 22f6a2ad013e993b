import { Worker } from 'node:worker_threads';
import { AppError } from '#contract/failures.ts';
import { workerFile } from '#engine/worker-file.ts';
import type { Work } from './ring.ts';
import type { ReaderParts, ReaderWord } from './serve-batches.ts';

interface Reader {
  thread: Worker;
  /** Given and not answered yet, oldest first. */
  readonly work: Work[];
}

/**
 * Threads that fill the slots of a ring. A slot always has the same thread, which does its work in order: what nobody
 * wants any more is over before the slot is filled anew. The first thread that dies is replaced and its work done again.
 */
export class ReaderThreads {
  readonly #file: string;
  readonly #parts: ReaderParts;
  readonly #readers: Reader[];
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  readonly #failures = new Map<number, Error>();
  #deaths = 0;
  #broken: Error | null = null;
  #ended = false;

  constructor(
    threads: number,
    parts: ReaderParts,
    file = workerFile('batch-worker.cjs', 'batch-worker.ts', import.meta.url),
  ) {
    this.#file = file;
    this.#parts = parts;
    this.#readers = Array.from({ length: threads }, () => ({ thread: this.#start(), work: [] }));
    this.#readers.forEach((reader) => this.#listen(reader));
  }

  give(work: Work): void {
    const reader = this.#readers[work.slot % this.#readers.length];
    reader?.work.push(work);
    reader?.thread.postMessage(work);
  }

  /** Settles when this work's batch lies in its slot. Fails: as reading does, `data/reader-died`. */
  async filled({ ticket, slot }: Work): Promise<void> {
    // Read in shared memory: the word of it may wait behind others, where the engine's thread was long in a step.
    if (Atomics.load(this.#parts.ring.filled, slot) === ticket) return;
    const failure = this.#broken ?? this.#failures.get(ticket);
    if (failure) throw failure;
    await new Promise<void>((resolve, reject) => this.#waiting.set(ticket, { resolve, reject }));
  }

  /** What was given so far is not wanted any more. @param next the next ticket */
  forget(next: number): void {
    Atomics.store(this.#parts.ring.oldest, 0, next);
    this.#failures.clear();
    this.#fail(new AppError('call/cancelled', 'Reading images ahead was cancelled.'));
  }

  async dispose(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#readers.map(({ thread }) => thread.terminate()));
    this.#fail(new AppError('call/cancelled', 'Reading images ahead has ended.'));
  }

  #start(): Worker {
    return new Worker(this.#file, { workerData: this.#parts });
  }

  #listen(reader: Reader): void {
    const { thread } = reader;
    let reason = '';
    thread.on('message', (word: ReaderWord) => this.#hear(reader, word));
    thread.on('error', (error) => (reason = error.message));
    thread.on('exit', (code) => this.#died(reader, reason || `it ended with code ${code}`));
  }

  #hear(reader: Reader, { ticket, failure }: ReaderWord): void {
    reader.work.shift();
    const waiting = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    if (!failure) return waiting?.resolve();
    const error = new AppError(failure.code, failure.message, failure.details);
    if (waiting) waiting.reject(error);
    else if (ticket >= Atomics.load(this.#parts.ring.oldest, 0)) this.#failures.set(ticket, error);
  }

  #died(reader: Reader, reason: string): void {
    if (this.#ended) return;
    this.#deaths += 1;
    if (this.#deaths > 1) {
      const message = `A second thread that reads images ended: ${reason}.`;
      this.#broken = new AppError('data/reader-died', message, { reason });
      return this.#fail(this.#broken);
    }
    try {
      reader.thread = this.#start();
    } catch (error) {
      return this.#died(reader, (error as Error).message);
    }
    this.#listen(reader);
    for (const work of reader.work) reader.thread.postMessage(work);
  }

  #fail(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
