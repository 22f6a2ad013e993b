import { join } from 'node:path';
import { film, type Film } from '#contract/video.ts';
import { assetsFolder } from '#engine/backend/places.ts';

/** Films that come with the app, to try. */
export function filmSamples(): { id: string; path: string }[] {
  return [{ id: 'cat-and-astronaut', path: join(assetsFolder(), 'films', 'cat-and-astronaut.mp4') }];
}

/** A film as it is kept in files: one of the app lies where the app lies now. An AppImage unpacks elsewhere at each start. */
export const keptFilm = film.omit({ missing: true }).transform((kept): Film => {
  const sample = filmSamples().find(({ id, path }) => id === kept.sample || path === kept.path);
  return sample ? { ...kept, sample: sample.id, path: sample.path } : kept;
});
