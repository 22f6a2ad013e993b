import { toFailure, type Failure } from '#contract/failures.ts';
import { filmFrameUrl, filmPreviewUrl } from '#contract/pictures.ts';
import type { FilmPreview, FilmSettings } from '#contract/video.ts';
import type { Link } from '#page-link/index.ts';
import { loadedPicture } from './loaded-picture.ts';

interface Wish {
  readonly film: string;
  readonly settings: FilmSettings;
  readonly seconds: number;
}

/** px; of the longer side. */
const plainSide = 1600;

/** A frame with its heat, and what it was asked for. */
export interface ShownFrame extends Wish {
  readonly found: FilmPreview;
  /** Of the picture, here already. */
  readonly url: string;
}

/**
 * The frame at a place, as the film made will have it. While a person drags, one question is under way and the newest
 * wish waits for it: pictures follow the hand. The picture before stays until the next is there.
 */
export class PreviewedFrame {
  #shown = $state.raw<ShownFrame | null>(null);
  #plain = $state.raw<{ film: string; url: string } | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #asking = $state.raw<{ wish: Wish; stop: AbortController } | null>(null);
  #met = $state.raw<ReadonlySet<string>>(new Set());
  #next: Wish | null = null;
  #link: Link;
  #loaded: (url: string) => Promise<string>;

  /** @param loaded settles when the picture can be shown at once, with an address of its own */
  constructor(link: Link, loaded: (url: string) => Promise<string> = loadedPicture) {
    this.#link = link;
    this.#loaded = loaded;
  }

  get shown(): ShownFrame | null {
    return this.#shown;
  }

  /** Address of the frame as the film has it, where nothing more is there to be shown yet. */
  plainOf(film: string): string | null {
    return this.#plain?.film === film ? this.#plain.url : null;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get busy(): boolean {
    return this.#asking !== null;
  }

  /** Whether a network has answered already; the first answer waits until it is built. */
  met(model: string): boolean {
    return this.#met.has(model);
  }

  ask(film: string, settings: FilmSettings, seconds: number): void {
    const wish: Wish = { film, settings, seconds };
    if (this.#shown && this.#shown.film !== film) this.#show(null);
    if (this.#plain && this.#plain.film !== film) this.#showPlain(null);
    const asking = this.#asking;
    if (!asking) return void this.#ask(wish);
    if (key(asking.wish) === key(wish)) {
      this.#next = null;
      return;
    }
    this.#next = wish;
    // Another place of the same film is worth waiting for; an answer to other settings is of no use.
    if (key({ ...asking.wish, seconds }) !== key(wish)) asking.stop.abort();
  }

  /** Nothing is asked any more; what is shown stays. */
  rest(): void {
    this.#next = null;
    this.#asking?.stop.abort();
  }

  clear(): void {
    this.rest();
    this.#show(null);
    this.#showPlain(null);
    this.#failure = null;
  }

  async #ask(wish: Wish): Promise<void> {
    const stop = new AbortController();
    this.#asking = { wish, stop };
    try {
      if (!this.#shown) await this.#first(wish, stop.signal);
      stop.signal.throwIfAborted();
      const found = await this.#link.engine.video.preview(wish, { signal: stop.signal });
      this.#met = new Set([...this.#met, wish.settings.model]);
      const url = await this.#loaded(filmPreviewUrl(wish.film, wish.seconds, wish.settings));
      if (stop.signal.aborted) URL.revokeObjectURL(url);
      else {
        this.#show({ ...wish, found, url });
        this.#failure = null;
      }
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (!stop.signal.aborted && failure.code !== 'call/cancelled') this.#failure = failure;
    }
    this.#asking = null;
    const next = this.#next;
    this.#next = null;
    if (next) void this.#ask(next);
  }

  /** Decoding takes a moment, a network that is not built yet takes seconds. */
  async #first({ film, seconds }: Wish, signal: AbortSignal): Promise<void> {
    const url = await this.#loaded(filmFrameUrl(film, seconds, plainSide)).catch(() => null); // told with the preview
    if (url === null) return;
    if (signal.aborted) URL.revokeObjectURL(url);
    else this.#showPlain({ film, url });
  }

  #showPlain(plain: { film: string; url: string } | null): void {
    const before = this.#plain;
    this.#plain = plain;
    if (before) URL.revokeObjectURL(before.url);
  }

  #show(shown: ShownFrame | null): void {
    const before = this.#shown;
    this.#shown = shown;
    if (before) URL.revokeObjectURL(before.url);
    if (shown) this.#showPlain(null);
  }
}

const key = (wish: Wish) => JSON.stringify(wish);
