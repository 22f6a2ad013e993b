import { Worker } from 'node:worker_threads';
import type { DecodingJob, DecodingParts, DecodingWord, DecodedFile } from './decoding-words.ts';

/** Why a thread is no more. */
export interface ThreadEnd {
  readonly oddity: 'decoder-died' | 'too-slow';
  readonly reason?: string;
  /** It had started, so its work was begun. */
  readonly began: boolean;
}

interface Listeners<Work> {
  readonly done: (work: Work, answer: DecodedFile) => void;
  /** Said once; the work is what it had and has not answered, oldest first. */
  readonly lost: (work: Work[], why: ThreadEnd) => void;
}

/** A full turn of the event loop: an answer may lie in the port already when a busy engine's timer goes off. */
const grace = 100;
/** Loading sharp on a busy machine. */
const startPatience = 30_000;

interface Entry<Work> {
  readonly work: Work;
  readonly ticket: number;
  /** When it could begin, as `performance.now()` has it. */
  since: number;
}

/** One decoding thread, and a watch over it. */
export class DecoderThread<Work> {
  readonly #thread: Worker;
  readonly #patience: number;
  readonly #listeners: Listeners<Work>;
  /** Oldest first. */
  readonly #work: Entry<Work>[] = [];
  #ticket = 0;
  #ready = false;
  #over = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(file: string, parts: DecodingParts, patience: number, listeners: Listeners<Work>) {
    this.#patience = patience;
    this.#listeners = listeners;
    this.#thread = new Worker(file, { workerData: parts });
    let reason = '';
    this.#thread.on('message', (word: DecodingWord) => this.#hear(word));
    this.#thread.on('error', (error) => (reason = error.message));
    this.#thread.on('exit', (code) => this.#lose('decoder-died', reason || `it ended with code ${code}`));
    this.#wait();
  }

  get load(): number {
    return this.#work.length;
  }

  get work(): Work[] {
    return this.#work.map(({ work }) => work);
  }

  give(work: Work, { name, bytes }: { readonly name: string; readonly bytes: Buffer }): void {
    const ticket = ++this.#ticket;
    // A Buffer may be a small part of memory that is shared with others; copied as it is, all of that would come along.
    const part = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
    this.#work.push({ work, ticket, since: performance.now() });
    this.#thread.postMessage({ ticket, name, bytes: part } satisfies DecodingJob);
    if (this.#work.length === 1) this.#wait();
  }

  /** Ends it without a word to the listeners. */
  async end(): Promise<void> {
    this.#over = true;
    clearTimeout(this.#watch);
    await this.#thread.terminate();
  }

  #hear(word: DecodingWord): void {
    if (this.#over) return;
    if ('ready' in word) {
      this.#ready = true;
      for (const entry of this.#work) entry.since = performance.now();
      return this.#wait();
    }
    const place = this.#work.findIndex(({ ticket }) => ticket === word.ticket);
    const [entry] = place < 0 ? [] : this.#work.splice(place, 1);
    this.#wait();
    if (entry) this.#listeners.done(entry.work, word.answer);
  }

  /** Until the oldest work is late. */
  #wait(): void {
    clearTimeout(this.#watch);
    const oldest = this.#work[0];
    if (this.#ready && !oldest) return;
    const late = () => {
      if (this.#work[0] === oldest) this.#lose('too-slow');
    };
    const left = oldest && this.#ready ? oldest.since + this.#patience - performance.now() : startPatience;
    this.#watch = setTimeout(() => (this.#watch = setTimeout(late, grace)), left);
  }

  /** libvips may still be at work in it, so that nobody waits for its end. */
  #lose(oddity: ThreadEnd['oddity'], reason?: string): void {
    if (this.#over) return;
    void this.end();
    this.#listeners.lost(this.work, { oddity, began: this.#ready, ...(reason !== undefined && { reason }) });
  }
}
