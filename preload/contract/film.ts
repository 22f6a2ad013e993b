import { z } from 'zod';

export const filmId = z.string().min(1).max(100);

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
