import type { Film, FilmFrame, FilmResult, FilmSettings } from '#contract/video.ts';

/** What the stages of a film hand to each other: decode → network → compose → encode. */

export interface FrameSize {
  /** px */
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** From 0. */
  readonly index: number;
  /** Of the film's own clock, its first frame at 0. */
  readonly seconds: number;
  /** [height, width, 3], RGB; belongs to whoever received it. */
  readonly pixels: Uint8Array;
}

export interface Reading {
  readonly film: Film;
  /** Frames are scaled to it. */
  readonly size: FrameSize;
  readonly rate: FilmSettings['rate'];
  /** Seconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * Frames of a film as they are decoded, upright, progressive, SDR; nothing is decoded ahead of what is taken. Ends with
 * `film/cut-short` where the film is damaged or ends before it should.
 */
export type ReadFrames = (reading: Reading, signal: AbortSignal) => AsyncGenerator<Frame, { readonly damaged: number }>;

export interface Writing {
  /** A temporary name; the caller renames it. */
  readonly path: string;
  readonly size: FrameSize;
  /** `stamps` = each frame at its own seconds. */
  readonly rate: 'stamps' | number;
  /** x264's constant rate factor. */
  readonly quality: number;
  /** Whose sound goes along; null = none. */
  readonly sound: Pick<Reading, 'film' | 'from' | 'to'> | null;
}

export interface FrameWriter {
  /** Settles when the encoder has taken it. @param seconds of the film made, its first frame at 0 */
  write(pixels: Uint8Array, seconds: number): Promise<void>;
  /** Settles when the file is whole and its frames were counted. Fails: `film/encoder`, `file/no-space`, `file/not-writable`. */
  finish(): Promise<{ readonly frames: number; readonly audio: FilmResult['audio'] }>;
}

/** The encoder ends, and its file goes, when `signal` is aborted. */
export type OpenWriter = (writing: Writing, signal: AbortSignal) => Promise<FrameWriter>;

/** What the network said of a frame, before scaling and smoothing. */
export interface FrameHeat {
  readonly frame: FilmFrame;
  readonly height: number;
  readonly width: number;
  /** Divided by its maximum, 0…1; `frame.maximum` is that maximum. */
  readonly values: Float32Array;
}

export interface FilmProgress {
  readonly stage: 'starting' | 'first-pass' | 'frames' | 'finishing';
  readonly done: number;
  readonly total: number | null;
  readonly framesPerSecond: number;
  readonly secondsLeft: number | null;
  readonly latest: FilmFrame | null;
  /** The newest composed frame, RGB, to be shown; given a few times a second. */
  readonly picture?: { readonly size: FrameSize; readonly pixels: Uint8Array };
}
