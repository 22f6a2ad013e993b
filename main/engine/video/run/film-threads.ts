import { MessageChannel, type Worker } from 'node:worker_threads';
import { AppError } from '#contract/failures.ts';
import type { FilmResult } from '#contract/video.ts';
import type { FrameForm } from '#engine/predict/frame-input.ts';
import type { KnownFilm } from '../ffmpeg/probe.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import type { FrameSize, Picture, Reading, Writing } from '../stages.ts';
import type { Look } from './composer.ts';
import type { StandbyThreads, ThreadName } from './standby-threads.ts';
import {
  thrownAgain,
  type HeatedFrame,
  type ReadEnd,
  type ReadFrame,
  type ReadingOrder,
  type ReadingParts,
  type ReadingWord,
  type WriteEnd,
  type WritingOrder,
  type WritingParts,
  type WritingWord,
} from './thread-words.ts';

export interface StagesPlan {
  readonly reading: Reading;
  /** Of the film read, whose sound is the one written. */
  readonly known: KnownFilm | null;
  readonly slots: number;
  readonly form: FrameForm;
  readonly every: number;
  /** Frames of which the network's answer is known already, of those that it is asked about. */
  readonly answered: number;
  /** Absent: frames are read for the network alone. */
  readonly making?: {
    readonly writing: Writing;
    readonly view: FrameSize;
    readonly look: Look;
    readonly seen: FilmResult['seen'];
  };
}

/** Decoding, and composing with encoding, beside the network. */
export interface FilmStages {
  /** Null at the end. Fails: as `ReadFrames` and `OpenWriter`, whichever fails first. */
  next(): Promise<ReadFrame | null>;
  compose(frames: readonly HeatedFrame[]): void;
  /** A slot that nothing is composed from. */
  release(slot: number): void;
  /** Settles when the film made is whole. Fails: as `FrameWriter`. */
  finish(): Promise<{ readonly read: ReadEnd; readonly write: WriteEnd | null }>;
  /** Ends both and their programs; settles when they are gone. */
  end(): Promise<void>;
}

export type OpenStages = (plan: StagesPlan, written: (count: number, picture?: Picture) => void) => FilmStages;

/** Milliseconds that somebody who cancels waits for a thread to end its program and itself. */
const patience = 900;
/** After so many it is ended from outside, which on Linux ends its program too. */
const lastPatience = 10_000;

/** Each in a thread of its own: the engine's thread stands still while the network computes. */
export class FilmThreads implements FilmStages {
  readonly #standby: StandbyThreads;
  readonly #reader: Worker;
  readonly #writer: Worker | null = null;
  readonly #written: (count: number, picture?: Picture) => void;
  readonly #frames: ReadFrame[] = [];
  readonly #free: MessageChannel['port1'];
  #read: ReadEnd | null = null;
  #write: WriteEnd | null = null;
  #failure: Error | null = null;
  #ending: Promise<void> | null = null;
  #wake: () => void = () => undefined;

  constructor(
    plan: StagesPlan,
    written: (count: number, picture?: Picture) => void,
    tools: Tools,
    standby: StandbyThreads,
  ) {
    this.#standby = standby;
    const { reading, slots, form, every, known, answered, making } = plan;
    this.#written = written;
    const { width, height } = reading.size;
    const frames = making ? new SharedArrayBuffer(slots * width * height * 3) : null;
    const { port1, port2 } = new MessageChannel();
    this.#free = port1;
    const reader: ReadingParts = { tools, known, reading, frames, slots, freed: port2, form, every, answered };
    this.#reader = this.#begin('reading-worker', reader, port2);
    this.#reader.on('message', (word: ReadingWord) => this.#hearReader(word));
    if (!making || !frames) return;
    const writer: WritingParts = { ...making, tools, known, frames, freed: port1 };
    this.#writer = this.#begin('writing-worker', writer, port1);
    this.#writer.on('message', (word: WritingWord) => this.#hearWriter(word));
  }

  async next(): Promise<ReadFrame | null> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const frame = this.#frames.shift();
      if (frame) return frame;
      if (this.#read) return null;
      await this.#change();
    }
  }

  compose(frames: readonly HeatedFrame[]): void {
    this.#writer?.postMessage({ frames } satisfies WritingOrder);
  }

  release(slot: number): void {
    this.#free.postMessage([slot]);
  }

  async finish(): Promise<{ read: ReadEnd; write: WriteEnd | null }> {
    this.#writer?.postMessage('finish' satisfies WritingOrder);
    for (;;) {
      if (this.#failure) throw this.#failure;
      if (this.#read && (this.#write || !this.#writer)) return { read: this.#read, write: this.#write };
      await this.#change();
    }
  }

  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    // Whoever waits for a frame need not wait for the threads, which may still be starting.
    this.#fail(new AppError('call/cancelled', 'The film was ended.'));
    await Promise.all([
      this.#leave('reading-worker', this.#reader, this.#read !== null),
      this.#writer && this.#leave('writing-worker', this.#writer, this.#write !== null),
    ]);
    if (!this.#writer) this.#free.close();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #begin(name: ThreadName, parts: ReadingParts | WritingParts, port: MessageChannel['port1']): Worker {
    const thread = this.#standby.take(name);
    thread.on('error', (error) => this.#fail(error));
    thread.on('exit', (code) => code !== 0 && this.#fail(new Error(`The ${name} ended with code ${code}.`)));
    thread.postMessage({ begin: parts }, [port]);
    return thread;
  }

  /** Who has said its end waits for another film. */
  async #leave(name: ThreadName, thread: Worker, done: boolean): Promise<void> {
    if (!done) return ended(thread);
    for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event); // Node itself listens to others
    this.#standby.rest(name, thread);
  }

  #fail(failure: Error): void {
    this.#failure ??= failure;
    this.#wake();
  }

  #hearReader(word: ReadingWord): void {
    if ('failure' in word) return this.#fail(thrownAgain(word.failure));
    if ('end' in word) this.#read = word.end;
    else this.#frames.push(word.frame);
    this.#wake();
  }

  #hearWriter(word: WritingWord): void {
    if ('failure' in word) return this.#fail(thrownAgain(word.failure));
    if ('written' in word) return this.#written(word.written, word.picture);
    this.#write = word.end;
    this.#wake();
  }
}

function ended(thread: Worker): Promise<void> {
  if (thread.threadId < 0) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, patience);
    const last = setTimeout(() => void thread.terminate(), lastPatience);
    thread.once('exit', () => {
      clearTimeout(late);
      clearTimeout(last);
      resolve();
    });
    thread.postMessage('abort' satisfies ReadingOrder & WritingOrder);
  });
}
