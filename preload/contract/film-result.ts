import { z } from 'zod';
import { explanation } from './explain.ts';
import { filmSettings } from './film-settings.ts';
import { filmId, filmNote } from './film.ts';
import { rankedClass } from './prediction.ts';

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
