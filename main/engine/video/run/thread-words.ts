import type { MessagePort } from 'node:worker_threads';
import { AppError, toFailure, type Failure } from '#contract/failures.ts';
import type { FilmResult } from '#contract/video.ts';
import type { FrameForm } from '#engine/predict/frame-input.ts';
import type { KnownFilm } from '../ffmpeg/probe.ts';
import type { Tools } from '../ffmpeg/tools.ts';
import type { FrameSize, Picture, Reading, Writing } from '../stages.ts';
import type { Look } from './composer.ts';

/**
 * A film's frames lie in shared memory, in as many slots as there may be frames between decoder and composer. The reading
 * thread fills free slots, the engine's own thread asks the network, the writing thread composes from them and frees them:
 * pixels are handed over without being copied, and whoever is slow stops the others.
 */
export interface ReadingParts {
  readonly tools: Tools;
  readonly known: KnownFilm | null;
  readonly reading: Reading;
  /** [slot, height, width, 3]; null = pixels are not wanted, inputs alone. */
  readonly frames: SharedArrayBuffer | null;
  readonly slots: number;
  /** Numbers of slots that are free again. */
  readonly freed: MessagePort;
  readonly form: FrameForm;
  /** Every n-th frame is made an input, from the `answered`-th of those on. */
  readonly every: number;
  readonly answered: number;
}

export interface ReadFrame {
  readonly slot: number;
  /** From 0 in this run. */
  readonly index: number;
  readonly seconds: number;
  /** [height, width, channel] of the network; null = it is not to be asked. */
  readonly input: Uint8Array | null;
}

/** What a stage has to say of itself at its end; seconds at work. */
export interface ReadEnd {
  readonly damaged: number;
  readonly decode: number;
}

export interface WriteEnd {
  readonly frames: number;
  readonly audio: FilmResult['audio'];
  readonly compose: number;
  readonly encode: number;
}

export interface WritingParts {
  readonly tools: Tools;
  readonly known: KnownFilm | null;
  readonly writing: Writing;
  readonly frames: SharedArrayBuffer;
  readonly freed: MessagePort;
  readonly view: FrameSize;
  readonly look: Look;
  readonly seen: FilmResult['seen'];
}

export interface HeatedFrame {
  readonly slot: number;
  /** Of the film made. */
  readonly seconds: number;
  /** As composed. */
  readonly map: { readonly height: number; readonly width: number; readonly values: Float32Array };
  readonly label: { readonly name: string; readonly probability: number };
}

export type ReadingWord = { readonly frame: ReadFrame } | { readonly end: ReadEnd } | { readonly failure: Failure };

export type WritingWord =
  { readonly written: number; readonly picture?: Picture } | { readonly end: WriteEnd } | { readonly failure: Failure };

/** What a thread is told; after its end it waits for another beginning. */
export type ReadingOrder = { readonly begin: ReadingParts } | 'abort';
export type WritingOrder =
  { readonly begin: WritingParts } | { readonly frames: readonly HeatedFrame[] } | 'finish' | 'abort';

/** A failure as it crosses to another thread, and as it is thrown again there. */
export const told = (thrown: unknown): { failure: Failure } => ({ failure: toFailure(thrown) });
export const thrownAgain = ({ code, message, details }: Failure) => new AppError(code, message, details);
