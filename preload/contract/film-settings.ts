import { z } from 'zod';
import { explainMethod } from './explain.ts';
import { heatColourNames } from './heat-colours.ts';
import { modelRef, photoFit, type PhotoFit } from './models.ts';
import { inputWays } from './prediction.ts';

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
