import { AppError } from '#contract/failures.ts';
import type { Film, FilmSettings } from '#contract/video.ts';

/** What cannot work with this film, before anything is begun. Fails: `film/settings`. */
export function checkSettings(film: Pick<Film, 'name' | 'facts'>, settings: FilmSettings): void {
  const { from = 0, to, scale, maximum } = settings;
  const { seconds, width, height } = film.facts;
  if (to !== undefined && to <= from) throw unfit(film, `the part ends at ${to} s, but begins at ${from} s`);
  if (seconds !== null && from >= seconds)
    throw unfit(film, `the part begins at ${from} s, the film ends at ${seconds} s`);
  if (scale === 'fixed' && maximum === undefined) throw unfit(film, 'a fixed scale needs the value that is 1.0');
  if (Math.min(width, height) < 16) throw unfit(film, `frames of ${width}×${height} px are too small to be shown`);
}

const unfit = (film: Pick<Film, 'name'>, problem: string) =>
  new AppError('film/settings', `The settings do not fit ${film.name}: ${problem}.`, { file: film.name, problem });

/** Frames that will come, as far as the container says; null where it does not. */
export function framesExpected({ facts }: Pick<Film, 'facts'>, { rate, from = 0, to }: FilmSettings): number | null {
  const { frames, seconds } = facts;
  if (rate === 'source' && from === 0 && to === undefined) return frames;
  if (seconds === null) return null;
  const part = Math.max(0, Math.min(to ?? seconds, seconds) - from);
  return Math.max(1, Math.round(part * (rate === 'source' ? (frames === null ? facts.rate : frames / seconds) : rate)));
}
