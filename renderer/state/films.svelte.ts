import type { Film, FilmResult, FilmTools } from '#contract/video.ts';
import type { Link } from '#page-link/index.ts';

/** What the middle of the Film page shows. */
export interface FilmShown {
  readonly kind: 'film' | 'job' | 'result';
  readonly id: string;
}

/** What an opening brought. */
export interface OpenedFilms {
  readonly films: readonly Film[];
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/** The films that are open in this project and what was made of them, newest first. Files stay where they are. */
export class Films {
  #all = $state.raw<readonly Film[]>([]);
  #results = $state.raw<readonly FilmResult[]>([]);
  #tools = $state.raw<FilmTools | null>(null);
  #loaded = $state(false);
  #opening = $state(0);
  #shown = $state.raw<FilmShown | null>(null);
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  get all(): readonly Film[] {
    return this.#all;
  }

  get results(): readonly FilmResult[] {
    return this.#results;
  }

  /** Null until it is known. */
  get tools(): FilmTools | null {
    return this.#tools;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** Films are being looked at. */
  get opening(): boolean {
    return this.#opening > 0;
  }

  /** What the person chose; null = the newest film. */
  get shown(): FilmShown | null {
    return this.#shown;
  }

  show(shown: FilmShown | null): void {
    this.#shown = shown;
  }

  find(id: string | null | undefined): Film | undefined {
    return this.#all.find((film) => film.id === id);
  }

  result(id: string | null | undefined): FilmResult | undefined {
    return this.#results.find((result) => result.id === id);
  }

  /** What was made of a film. */
  madeOf(film: string): readonly FilmResult[] {
    return this.#results.filter((result) => result.film === film);
  }

  async refresh(): Promise<void> {
    const { video } = this.#link.engine;
    // What ffmpeg there is takes longest to find out: the films need not wait for it.
    const films = async () => {
      this.#all = await video.films();
      this.#loaded = true;
    };
    const tools = async () => void (this.#tools = await video.tools().catch(() => null));
    await Promise.all([films(), this.refreshResults(), tools()]);
  }

  /** Files, or folders of pictures. Fails as `video.openFilms`. */
  async open(paths: string[]): Promise<OpenedFilms> {
    this.#opening += 1;
    try {
      const opened = await this.#link.engine.video.openFilms({ paths });
      this.#all = await this.#link.engine.video.films();
      this.#loaded = true;
      return opened;
    } finally {
      this.#opening -= 1;
    }
  }

  /** The film that comes with the app; opened once. */
  async sample(): Promise<Film | undefined> {
    const [sample] = await this.#link.engine.video.samples();
    if (!sample) return undefined;
    const known = this.#all.find(({ path, missing }) => path === sample.path && !missing);
    return known ?? (await this.open([sample.path])).films[0];
  }

  async close(ids: readonly string[]): Promise<void> {
    await this.#link.engine.video.closeFilms({ ids: [...ids] });
    this.#all = this.#all.filter(({ id }) => !ids.includes(id));
  }

  /** After an undo. */
  async restore(ids: readonly string[]): Promise<void> {
    await this.#link.engine.video.restoreFilms({ ids: [...ids] });
    this.#all = await this.#link.engine.video.films();
  }

  async remove(result: string): Promise<void> {
    await this.#link.engine.video.remove({ result });
    this.#results = this.#results.filter(({ id }) => id !== result);
  }

  /** After an undo. */
  async restoreResult(result: string): Promise<void> {
    await this.#link.engine.video.restore({ result });
    await this.refreshResults();
  }

  async refreshResults(): Promise<void> {
    this.#results = await this.#link.engine.video.results();
  }
}
