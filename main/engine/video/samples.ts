import { join } from 'node:path';
import { assetsFolder } from '#engine/backend/places.ts';

/** Films that come with the app, to try. */
export function filmSamples(): { id: string; path: string }[] {
  return [{ id: 'cat-and-astronaut', path: join(assetsFolder(), 'films', 'cat-and-astronaut.mp4') }];
}
