import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { filmSettings, type Film, type FilmSettings, type FilmSettingsInput } from '#contract/video.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { Models } from '#engine/predict/models.ts';
import { probeFilm } from '#engine/video/ffmpeg/probe.ts';

const none = { has: () => false, list: () => [] };
const unknown = () => Promise.reject(new Error('not asked for'));

/** Models of the zoo alone; to be disposed of. */
export function zooModels(): Models {
  return new Models({
    ...{ runs: none, own: none, saved: none, zoo: new ZooShelf() },
    dataset: unknown,
    ready: () => Promise.resolve(),
  } as never);
}

/** A film as the list of films would have it. */
export async function openedFilm(path: string): Promise<Film> {
  const facts = await probeFilm(path, new AbortController().signal);
  const { size } = await stat(path);
  return { id: 'film', name: basename(path), path, size, opened: new Date(0).toISOString(), facts };
}

export const settingsOf = (given: Partial<FilmSettingsInput> = {}): FilmSettings =>
  filmSettings.parse({ model: 'efficientnet-lite0', ...given });

export const learnedOnDark = () => Promise.resolve(false);
