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
  /** A frame's pixels need only be good until the next frame is asked for. */
  readonly reuse?: boolean | undefined;
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

/** A film that is to go through a network, and where what is made of it goes. */
export interface FilmRun {
  readonly film: Film;
  readonly settings: FilmSettings;
  /** Exists. When the film is made `heat.mp4`, `frames.jsonl` (a `FilmFrame` a line) and `maps.f32` lie in it. */
  readonly folder: string;
  /**
   * Exists, and outlives the run: what the network said, in folders by the question (film, model, method, layer, class,
   * ways, every, from, to). A run that was broken off goes on from there, and another look of the same question asks nothing.
   */
  readonly answers: string;
}

/** What a run adds to what is known of a film before it. */
export type FilmMade = Omit<FilmResult, 'id' | 'film' | 'name' | 'path' | 'settings' | 'made' | 'source'>;

/**
 * Settles when all is whole; aborted, it rejects within a second and has closed its files and processes; `answers` stay.
 * Fails: `film/…`, `model/…`, `explain/…`, `file/no-space`, `file/not-writable`.
 */
export type RunFilm = (run: FilmRun, tell: (progress: FilmProgress) => void, signal: AbortSignal) => Promise<FilmMade>;

/** What the network says of one frame. */
export interface FrameExplanation {
  readonly heat: FrameHeat;
  readonly layer: FilmResult['layer'];
  readonly instead?: 'no-spatial-layer' | undefined;
  readonly seen: FilmResult['seen'];
  /** What the class explained is called. */
  readonly label?: string | undefined;
}

export interface Picture {
  readonly size: FrameSize;
  /** [height, width, 3], RGB. */
  readonly pixels: Uint8Array;
}

/** One frame alone, for previews. Of the settings only what the network is asked counts. */
export type ExplainFrame = (
  frame: Frame,
  size: FrameSize,
  settings: FilmSettings,
  signal: AbortSignal,
) => Promise<FrameExplanation>;

/** The same code that a run composes with; a frame alone is scaled by its own maximum, or the fixed one. */
export type ComposeFrame = (frame: Picture, said: FrameExplanation, settings: FilmSettings) => Promise<Picture>;
