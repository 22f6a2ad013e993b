import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { explainMethod, explanation } from './explain.ts';
import { heatColourNames } from './heat-colours.ts';
import { modelRef, photoFit, type PhotoFit } from './models.ts';
import { inputWays, rankedClass } from './prediction.ts';

/**
 * Films: opened by path and never changed; run through a network frame by frame; kept with what came out. Frames are
 * counted from 0; seconds are those of the film's own clock, its first frame at 0.
 */

const filmId = z.string().min(1).max(100);

/** What is odd about a film, and is told before and after: what was done about it stands in the sentence. */
export const filmNote = z.object({
  kind: z.enum([
    'rotated',
    'variable-rate',
    'odd-size',
    'ten-bit',
    'hdr',
    'hdr-not-mapped',
    'interlaced',
    'anamorphic',
    'several-tracks',
    'data-streams',
    'no-sound',
    'duration-unknown',
    'scaled-down',
    'damaged-frames',
    'sound-re-encoded',
    'sound-left-out',
  ]),
  details: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type FilmNote = z.infer<typeof filmNote>;

/** What ffprobe says of a film, or what is found in a folder of pictures; sizes upright, after rotation and the shape of pixels. */
export const filmFacts = z.object({
  /** `images`: numbered pictures or a folder of them, by name. */
  kind: z.enum(['film', 'images']),
  width: z.number().int(),
  height: z.number().int(),
  /** Frames a second, on the mean; of images what is assumed. */
  rate: z.number(),
  /** Time stamps are uneven. */
  variable: z.boolean(),
  /** As the container says; null where it does not: counted in the run. */
  frames: z.number().int().nullable(),
  seconds: z.number().nullable(),
  /** As ffmpeg names them: `h264`, `yuv420p`. */
  codec: z.string(),
  pixelFormat: z.string(),
  /** Degrees clockwise that the container asks for, already applied to the size. */
  rotation: z.number().int(),
  sound: z.array(z.object({ codec: z.string(), channels: z.number().int(), rate: z.number().int() })),
  notes: z.array(filmNote),
});
export type FilmFacts = z.infer<typeof filmFacts>;

export const film = z.object({
  id: filmId,
  name: z.string(),
  path: z.string(),
  /** Of a film that comes with the app: its id there. It lies wherever the app does. */
  sample: z.string().optional(),
  /** Bytes; of a folder, of its pictures. */
  size: z.number().int(),
  /** ISO 8601. */
  opened: z.string(),
  facts: filmFacts,
  missing: z.literal(true).optional(),
});
export type Film = z.infer<typeof film>;

export const filmLayouts = ['side-by-side', 'overlay', 'heat'] as const;
export const heatScales = ['frame', 'running', 'two-pass', 'fixed'] as const;

export const filmSettings = z.object({
  model: modelRef,
  method: explainMethod.default('grad-cam'),
  /** Absent = chosen by itself. */
  layer: z.string().max(200).optional(),
  /** `top` = of each frame the most probable. */
  class: z.union([z.number().int().min(0), z.literal('top')]).default('top'),
  /** Original and overlay beside each other (twice as wide), overlay alone, or heat alone. */
  layout: z.enum(filmLayouts).default('side-by-side'),
  colours: z.enum(heatColourNames).default('turbo'),
  opacity: z.number().min(0).max(1).default(0.5),
  /**
   * What 1.0 on the colour bar is, of the map's largest value before division: each frame's own (flickers), a running
   * maximum that decays slowly, the largest of the whole film (maps are kept, then composed in a second pass), or `maximum`.
   */
  scale: z.enum(heatScales).default('running'),
  /** With `fixed`: the value that is 1.0. */
  maximum: z.number().gt(0).optional(),
  /** Exponential smoothing of maps over time: 0 = none; a map has half its weight after ln 2 / −ln(smoothing) frames. */
  smoothing: z.number().min(0).max(0.99).default(0.6),
  /** Class and probability written into the picture; a colour bar beside it. */
  labels: z.boolean().default(true),
  bar: z.boolean().default(false),
  /** `source` keeps each frame's own time stamp; a number makes a constant rate by leaving out and repeating frames. */
  rate: z.union([z.literal('source'), z.number().gt(0).max(240)]).default('source'),
  /** The network is asked for every n-th frame, the others keep its answer. */
  every: z.number().int().min(1).max(1000).default(1),
  /** Seconds; absent = from the beginning, to the end. */
  from: z.number().min(0).optional(),
  to: z.number().min(0).optional(),
  /** x264's constant rate factor; less is better and larger. */
  quality: z.number().int().min(0).max(51).default(20),
  /** Longer side of one view in the film made, px; larger films are scaled down. Absent = as it is, at most 1,920. */
  longest: z.number().int().min(64).max(4096).optional(),
  sound: z.boolean().default(true),
  ways: inputWays.default({}),
});
export type FilmSettings = z.infer<typeof filmSettings>;
export type FilmSettingsInput = z.input<typeof filmSettings>;

const bare = filmSettings.shape;

/**
 * Films are wide: cut to the middle, as photos usually are, half of each frame would never be looked at. The whole frame
 * is pressed into the network's input, as the tutorial does whose film this is made after.
 */
export const usualFilmFit: PhotoFit = 'stretch';

/** What of the settings is the same for every film, and is remembered; what is absent is as usual. */
export const filmTaste = z
  .object({
    model: modelRef,
    method: bare.method.unwrap(),
    layout: bare.layout.unwrap(),
    colours: bare.colours.unwrap(),
    opacity: bare.opacity.unwrap(),
    scale: bare.scale.unwrap(),
    smoothing: bare.smoothing.unwrap(),
    labels: bare.labels.unwrap(),
    bar: bare.bar.unwrap(),
    rate: bare.rate.unwrap(),
    every: bare.every.unwrap(),
    /** Of a frame into the network's input. As usual: `usualFilmFit`. */
    fit: photoFit,
    quality: bare.quality.unwrap(),
    longest: bare.longest,
    sound: bare.sound.unwrap(),
  })
  .partial();
export type FilmTaste = z.infer<typeof filmTaste>;

/** A frame of a film that was run through. */
export const filmFrame = z.object({
  frame: z.number().int(),
  seconds: z.number(),
  /** The five most probable. */
  top: z.array(rankedClass),
  /** The class that the heat is for, and its probability. */
  class: z.number().int(),
  probability: z.number(),
  /** The map's largest value before scaling and smoothing. */
  maximum: z.number(),
  /** Centre of mass of the heat in the picture, 0…1 from the left and the top; null where there is none. */
  centre: z.tuple([z.number(), z.number()]).nullable(),
});
export type FilmFrame = z.infer<typeof filmFrame>;

export const filmPreview = z.object({
  /** Of the frame shown. */
  frame: filmFrame,
  layer: explanation.shape.layer,
  instead: explanation.shape.instead,
  /** The composed frame as it will be in the film made: `filmPreviewUrl` of `pictures.ts`. */
  width: z.number().int(),
  height: z.number().int(),
  milliseconds: z.number(),
});
export type FilmPreview = z.infer<typeof filmPreview>;

export const filmResult = z.object({
  id: filmId,
  film: filmId,
  /** The film's name and path when it was made. */
  name: z.string(),
  path: z.string(),
  settings: filmSettings,
  /** In words. */
  model: z.string(),
  layer: explanation.shape.layer,
  /** ISO 8601. */
  made: z.string(),
  /** As decoded, as written into the film made: the same, or it is not kept. With a constant rate, after leaving out and repeating. */
  frames: z.object({ in: z.number().int(), out: z.number().int() }),
  /** Of the film made. */
  width: z.number().int(),
  height: z.number().int(),
  rate: z.number(),
  seconds: z.number(),
  bytes: z.number().int(),
  audio: z.enum(['copied', 're-encoded', 'none']),
  /** How long it took, and where the time went: seconds that each stage was at work. */
  took: z.object({
    whole: z.number(),
    decode: z.number(),
    network: z.number(),
    compose: z.number(),
    encode: z.number(),
  }),
  /** `filmMapsUrl`: one map a frame, height × width, float32 little-endian, as composed: scaled to 0…1 and smoothed. */
  maps: z.object({ height: z.number().int(), width: z.number().int() }),
  /** Where in the picture the network's input lies, 0…1 of its width and height: the map covers this. */
  seen: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
  /**
   * Of the original as the player shows it: the file itself, or a copy that every browser plays, with the same frames as the
   * film made: of a part of the film it begins with that part.
   */
  source: z.enum(['original', 'copy']),
  notes: z.array(filmNote),
});
export type FilmResult = z.infer<typeof filmResult>;

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

/** Frames as columns: a film of an hour has 90,000. */
export const filmFrames = z.object({
  seconds: z.array(z.number()),
  class: z.array(z.number().int()),
  probability: z.array(z.number()),
  maximum: z.array(z.number()),
  /** Five a frame, one after the other; −1 with probability 0 where the network has fewer classes. */
  topClass: z.array(z.number().int()),
  topProbability: z.array(z.number()),
  /** Names of the classes that occur. */
  labels: z.record(z.string(), z.string()),
});
export type FilmFrames = z.infer<typeof filmFrames>;

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
