import { filmSettings, type Film, type FilmFrame, type FilmResult } from '#contract/video.ts';
import type { FilmMade } from '#engine/video/stages.ts';

/** A film as it is opened. */
export function someFilm(name = 'bikes.mp4', facts: Partial<Film['facts']> = {}): Film {
  return {
    ...{ id: `id-${name}`, name, path: `/films/${name}`, size: 1000, opened: '2026-11-21T10:00:00.000Z' },
    facts: {
      ...{ kind: 'film', width: 64, height: 48, rate: 25, variable: false, frames: 4, seconds: 0.16 },
      ...{ codec: 'h264', pixelFormat: 'yuv420p', rotation: 0, sound: [], notes: [] },
      ...facts,
    },
  };
}

export const someSettings = filmSettings.parse({ model: 'tiny' });

export function someFrame(frame: number, over: Partial<FilmFrame> = {}): FilmFrame {
  return {
    ...{ frame, seconds: frame / 25, class: 1, probability: 0.75, maximum: 2, centre: [0.5, 0.25] },
    top: [
      { index: 1, label: 'cat, "tabby"', probability: 0.75 },
      { index: 0, label: 'dog', probability: 0.25 },
    ],
    ...over,
  };
}

/** What a run says of a film of four frames. */
export const someMade: FilmMade = {
  ...{
    model: 'Tiny',
    layer: null,
    frames: { in: 4, out: 4 },
    width: 128,
    height: 48,
    rate: 25,
    seconds: 0.16,
    bytes: 8,
  },
  ...{ audio: 'none', maps: { height: 1, width: 2 }, seen: { left: 0, top: 0, width: 1, height: 1 }, notes: [] },
  took: { whole: 1, decode: 0.1, network: 0.5, compose: 0.1, encode: 0.2 },
};

export function someResult(id: string, over: Partial<FilmResult> = {}): FilmResult {
  const { id: film, name, path } = someFilm();
  return {
    ...{ id, film, name, path, settings: someSettings, made: '2026-11-21T10:00:00.000Z' },
    source: 'original',
    ...someMade,
    ...over,
  };
}
