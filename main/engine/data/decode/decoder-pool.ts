import type { ImageForm } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { workerFile } from '#engine/worker-file.ts';
import { DecoderThread, type ThreadEnd } from './decoder-thread.ts';
import type { DecodedFile } from './decoding-words.ts';

export interface PoolParts {
  readonly threads: number;
  readonly form: ImageForm;
  /** Milliseconds after which a thread that says nothing is given up. */
  readonly patience?: number;
  /** The threads' program, for tests. */
  readonly worker?: string;
}

export interface FileToDecode {
  readonly name: string;
  readonly bytes: Buffer;
}

interface Waiting {
  readonly job: FileToDecode;
  /** Was in work in a thread that was lost. */
  suspect: boolean;
  readonly resolve: (answer: DecodedFile) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that come to nothing, one after the other, before they have decoded anything: it is not the files' fault. */
const mostFalseStarts = 3;

/** Images in work in one thread: while libvips decodes one, JavaScript finishes the other. */
const together = 2;

/**
 * Decodes images in threads, two in each; further ones wait here, so callers need not count. When a thread dies, or
 * leaves an image unanswered for `patience`, another takes its place. The images that it had are then tried again, each
 * in a thread of its own: the one that costs this thread as well is skipped as `decoder-died` or `too-slow`.
 */
export class DecoderPool {
  readonly #parts: Required<PoolParts>;
  readonly #threads = new Set<DecoderThread<Waiting>>();
  #queue: Waiting[] = [];
  #falseStarts = 0;
  #broken: AppError | null = null;

  constructor({
    threads,
    form,
    patience = 5000,
    worker = workerFile('decode-worker.cjs', 'decode-worker.ts', import.meta.url),
  }: PoolParts) {
    this.#parts = { threads, form, patience, worker };
    for (let thread = 0; thread < threads; thread++) this.#start();
  }

  /**
   * Never fails for a bad file. The bytes are copied, as a thread that dies takes what it was given with it.
   * Fails: `data/reader-died` when threads do not start; `call/cancelled` when the pool ends.
   */
  decode(job: FileToDecode): Promise<DecodedFile> {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject, suspect: false });
      this.#feed();
    });
  }

  async dispose(): Promise<void> {
    await this.#end(new AppError('call/cancelled', 'Decoding has ended.'));
  }

  #start(): void {
    const { form, patience, worker } = this.#parts;
    const thread = new DecoderThread<Waiting>(worker, { form }, patience, {
      done: ({ resolve }, answer) => {
        this.#falseStarts = 0;
        resolve(answer);
        this.#feed();
      },
      lost: (work, why) => this.#replace(thread, work, why),
    });
    this.#threads.add(thread);
  }

  #replace(thread: DecoderThread<Waiting>, work: Waiting[], why: ThreadEnd): void {
    this.#threads.delete(thread);
    if (this.#broken) return;
    const [first, ...others] = work;
    if (why.began && first && others.length === 0) {
      first.resolve({ skipped: why.oddity, ...(why.reason && { detail: why.reason }) });
    } else {
      for (const each of work) each.suspect = why.began;
      this.#queue.unshift(...work);
    }
    if (!why.began && ++this.#falseStarts >= mostFalseStarts * this.#parts.threads) {
      const reason = why.reason ?? 'they said nothing';
      void this.#end(
        new AppError('data/reader-died', `Threads that decode images do not start: ${reason}.`, { reason }),
      );
      return;
    }
    this.#start();
    this.#feed();
  }

  #feed(): void {
    // Idle threads first: a second image is given only where each thread has one.
    for (let load = 0; load < together; load++) {
      for (const thread of this.#threads) {
        const next = this.#queue[0];
        if (!next) return;
        const alone = next.suspect || thread.work.some(({ suspect }) => suspect);
        if (thread.load !== load || (alone && load > 0)) continue;
        this.#queue.shift();
        thread.give(next, next.job);
      }
    }
  }

  async #end(error: AppError): Promise<void> {
    this.#broken ??= error;
    const threads = [...this.#threads];
    const waiting = [...this.#queue, ...threads.flatMap((thread) => thread.work)];
    this.#queue = [];
    this.#threads.clear();
    for (const { reject } of waiting) reject(this.#broken);
    await Promise.all(threads.map((thread) => thread.end()));
  }
}
