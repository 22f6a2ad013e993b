import type { Film, FilmResult } from '#contract/video.ts';
import type { Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';
import { focusOf, keeps } from '#state/film-player-keys.ts';

interface Doings {
  /** Whose preview is shown; null = something else is. */
  readonly film: Film | null;
  readonly result: FilmResult | null;
  readonly making: boolean;
  readonly step: (by: number) => void;
  readonly part: (end: 'from' | 'to' | 'whole') => void;
  readonly make: () => void;
  readonly close: (film: Film) => void;
  readonly remove: (result: FilmResult) => void;
}

/** What can be done on the Film page, for the palette and the keys. */
export function filmActions({ t }: App, doings: Doings): Action[] {
  const { film, result, making, step, part, make, close, remove } = doings;
  const kept = ({ target, key }: KeyboardEvent) => keeps(focusOf(target instanceof Element ? target : null), key);
  const some = film !== null && !film.missing;
  const of = (id: string, run: () => void): Action => {
    return { id: `film.${id}`, title: t(`film.actions.${id}`), group: 'do', enabled: some, kept, run };
  };
  return [
    of('previous', () => step(-1)),
    of('next', () => step(1)),
    of('begin', () => part('from')),
    of('end', () => part('to')),
    { id: 'film.whole', title: t('film.actions.whole'), group: 'do', enabled: some, run: () => part('whole') },
    {
      ...{ id: 'film.make', title: t('film.make.button'), group: 'do' },
      enabled: making,
      run: make,
    },
    {
      ...{ id: 'film.close', title: t('film.close'), group: 'do' },
      enabled: film !== null,
      run: () => film && close(film),
    },
    {
      ...{ id: 'film.remove', title: t('film.results.remove'), group: 'do' },
      enabled: result !== null,
      run: () => result && remove(result),
    },
  ];
}
