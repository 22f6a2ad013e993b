import { SvelteMap } from 'svelte/reactivity';
import type { KnownModel } from '#contract/models.ts';
import type { InputWays } from '#contract/prediction.ts';
import { filmSettings, usualFilmFit, type Film, type FilmSettings, type FilmTaste } from '#contract/video.ts';
import type { Preferences } from './preferences.svelte.ts';

/** What belongs to one film: a part of it, and classes and layers of the network that it is shown to. */
export interface FilmWishes {
  readonly class?: number;
  readonly layer?: string;
  readonly maximum?: number;
  readonly from?: number;
  readonly to?: number;
}

/** ms after the last change before it is written down. */
const rest = 400;

/** How films are made: what is the same for all is remembered, what belongs to one film stays with it. */
export class FilmMaking {
  /** What was changed and is not written yet. */
  #changed = $state.raw<FilmTaste | null>(null);
  #wishes = new SvelteMap<string, FilmWishes>();
  #places = new SvelteMap<string, number>();
  #resting: ReturnType<typeof setTimeout> | undefined;
  #preferences: Pick<Preferences, 'values' | 'set'>;

  constructor(preferences: Pick<Preferences, 'values' | 'set'>) {
    this.#preferences = preferences;
  }

  get taste(): FilmTaste {
    return this.#changed ?? this.#preferences.values.film;
  }

  setTaste(change: { [K in keyof FilmTaste]: FilmTaste[K] | undefined }): void {
    this.#keep(
      Object.fromEntries(Object.entries({ ...this.taste, ...change }).filter(([, value]) => value !== undefined)),
    );
  }

  /** All but the model as usual. */
  reset(): void {
    const { model } = this.taste;
    this.#keep(model === undefined ? {} : { model });
  }

  get usual(): boolean {
    const { model: _, ...rest } = this.taste;
    return Object.keys(rest).length === 0;
  }

  wishesOf(film: string): FilmWishes {
    return this.#wishes.get(film) ?? {};
  }

  setWishes(film: string, change: { [K in keyof FilmWishes]: FilmWishes[K] | undefined }): void {
    const wishes = { ...this.wishesOf(film), ...change };
    this.#wishes.set(film, Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined)));
  }

  /** Another network has other classes and layers; parts of films stay. */
  setModel(model: string): void {
    this.setTaste({ model });
    for (const [film, { from, to }] of this.#wishes) {
      this.#wishes.set(film, { ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
    }
  }

  /** Seconds of the film at which the person looks. */
  placeOf(film: string): number {
    return this.#places.get(film) ?? 0;
  }

  setPlace(film: string, seconds: number): void {
    this.#places.set(film, seconds);
  }

  /** All that a film is made by. */
  settingsOf(film: Pick<Film, 'id'>, model: Pick<KnownModel, 'ref'>, ways: InputWays = {}): FilmSettings {
    const { maximum, ...wishes } = this.wishesOf(film.id);
    const { fit = usualFilmFit, ...taste } = { ...this.taste, model: model.ref };
    const scaled = taste.scale === 'fixed' && { maximum: maximum ?? 1 };
    return filmSettings.parse({ ...taste, ...wishes, ...scaled, ways: { ...ways, fit } });
  }

  /** Takes over how another film was made. */
  take(film: string, settings: FilmSettings): void {
    const { class: chosen, layer, maximum, from, to, ways, ...taste } = settings;
    this.#keep({ ...taste, ...(ways.fit !== undefined && { fit: ways.fit }) });
    this.#wishes.delete(film);
    this.setWishes(film, { class: chosen === 'top' ? undefined : chosen, layer, maximum, from, to });
  }

  #keep(taste: FilmTaste): void {
    this.#changed = taste;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => void this.#preferences.set({ film: taste }), rest);
  }
}
