import type { FilmPlayer } from '#state/film-player.svelte.ts';

type Pointing = PointerEvent & { currentTarget: HTMLElement };

/** A pointer that draws a player's place along: the film rests while it is held down, and then goes on. */
export class Scrubbing {
  /** Where the pointer is, s. */
  hover = $state<number | null>(null);
  readonly #player: () => FilmPlayer;
  readonly #at: (event: PointerEvent) => number;
  #resumes = false;

  /** @param at seconds of the film where a pointer is */
  constructor(player: () => FilmPlayer, at: (event: PointerEvent) => number) {
    this.#player = player;
    this.#at = at;
  }

  /** @param seconds that are meant, where those are not quite below the pointer */
  readonly down = (event: Pointing, seconds = this.#at(event)): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const player = this.#player();
    this.#resumes = player.playing;
    player.pause();
    player.seek(seconds);
  };

  readonly move = (event: Pointing): void => {
    this.hover = this.#at(event);
    if (event.currentTarget.hasPointerCapture(event.pointerId)) this.#player().seek(this.hover);
  };

  readonly up = (): void => {
    if (this.#resumes) this.#player().play();
    this.#resumes = false;
  };

  readonly leave = (): void => {
    this.hover = null;
  };
}
