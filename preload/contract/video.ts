import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { filmFrame, filmFrames, filmPreview, filmResult } from './film-result.ts';
import { filmSettings } from './film-settings.ts';
import { film, filmId } from './film.ts';

export * from './film-result.ts';
export * from './film-settings.ts';
export * from './film.ts';

/**
 * Films: opened by path and never changed; run through a network frame by frame; kept with what came out. Frames are
 * counted from 0; seconds are those of the film's own clock, its first frame at 0.
 */

/** A film in the queue. */
export const filmJob = z.object({
  id: filmId,
  film: filmId,
  name: z.string(),
  settings: filmSettings,
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** Of a film that waits: for a run that trains to end, or (the engine before ended unawares) for `goOn`. */
  waitsFor: z.enum(['training', 'go-on']).optional(),
  /** `first-pass`: maps alone, for the scale of the whole film. */
  stage: z.enum(['starting', 'first-pass', 'frames', 'finishing']).optional(),
  done: z.number().int(),
  /** Null while nobody knows how many there are. */
  total: z.number().int().nullable(),
  framesPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
  /** The newest frame; its picture is `filmJobUrl` of `pictures.ts`. */
  latest: filmFrame.nullable(),
  /** When done. */
  result: filmId.optional(),
  /** Why it failed; of a film that is done: why it could not be written to its `out`, the result is kept all the same. */
  failure: z
    .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])) })
    .optional(),
});
export type FilmJob = z.infer<typeof filmJob>;

export const filmTools = z.object({
  /** Null where none is found; films cannot be opened then. */
  ffmpeg: z.object({ path: z.string(), version: z.string(), from: z.enum(['system', 'package', 'chosen']) }).nullable(),
  /** Whether it can bring HDR to SDR (zscale), and write H.264. */
  toneMapping: z.boolean(),
  h264: z.boolean(),
});
export type FilmTools = z.infer<typeof filmTools>;

/** Calls may fail with `film/no-ffmpeg`, `film/unknown`, `film/unknown-result`, `file/missing`, `model/unknown`, `engine/not-ready`. */
export const videoContract = {
  tools: oc.output(filmTools),
  /** Films that come with the app, to try. */
  samples: oc.output(z.array(z.object({ id: z.string(), path: z.string() }))),
  /** Newest first. */
  films: oc.output(z.array(film)),
  /**
   * Files, or folders of pictures as one film each. What is no film is passed over and named with its reason; if nothing is
   * left, the first reason is thrown: `film/unreadable`, `film/refused` (playlists), `film/no-picture` (sound alone),
   * `film/empty`, `file/missing`.
   */
  openFilms: oc
    .input(z.object({ paths: z.array(z.string().min(1).max(4096)).min(1).max(1000) }))
    .output(z.object({ films: z.array(film), skipped: z.array(z.object({ file: z.string(), reason: z.string() })) })),
  /** From the list; files and what was made stay. */
  closeFilms: oc.input(z.object({ ids: z.array(filmId).max(1000) })).output(z.void()),
  restoreFilms: oc.input(z.object({ ids: z.array(filmId).max(1000) })).output(z.array(film)),
  /** One frame with its heat, by these settings. @param seconds of the film's clock; the frame shown then */
  preview: oc.input(z.object({ film: filmId, settings: filmSettings, seconds: z.number().min(0) })).output(filmPreview),
  /** Puts a film into the queue; the queue goes on by itself. @param out also written there when done */
  enqueue: oc
    .input(z.object({ film: filmId, settings: filmSettings, out: z.string().max(4096).optional() }))
    .output(filmJob),
  /** The queue, as it is and on every change, at most ten times a second. Jobs that ended stay until they are cleared. */
  queue: oc.output(eventIterator(z.array(filmJob))),
  /** Ends it within a second and leaves no file. A job that waited or ended leaves the list. */
  cancel: oc.input(z.object({ job: filmId })).output(z.void()),
  /** Films that were broken off when the engine ended unawares, and those behind them, may begin. */
  goOn: oc.output(z.void()),
  /** Newest first. */
  results: oc.output(z.array(filmResult)),
  frames: oc.input(z.object({ result: filmId })).output(filmFrames),
  /** Into the project's trash. */
  remove: oc.input(z.object({ result: filmId })).output(z.void()),
  restore: oc.input(z.object({ result: filmId })).output(filmResult),
  /**
   * Files of what was made: the film, one frame as PNG (original, heat, and both beside each other as composed), frames as
   * CSV or JSON. Fails: `file/not-writable`, `file/no-space`.
   */
  save: oc
    .input(
      z.object({
        result: filmId,
        film: z.string().max(4096).optional(),
        frame: z.object({ seconds: z.number().min(0), path: z.string().max(4096) }).optional(),
        csv: z.string().max(4096).optional(),
        json: z.string().max(4096).optional(),
      }),
    )
    .output(z.void()),
};
