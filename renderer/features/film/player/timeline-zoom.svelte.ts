import type { FilmPlayer } from '#state/film-player.svelte.ts';
import type { Range } from '#ui/line-data.ts';
import { following, zoomed } from './timeline.ts';

/** The shortest stretch that is shown, s. */
const shortest = 0.2;

/** Which stretch of a film its time line shows: the whole, or one that goes along with the place played. */
export class TimelineZoom {
  readonly #player: () => FilmPlayer;
  #chosen = $state.raw<Range | null>(null);

  constructor(player: () => FilmPlayer) {
    this.#player = player;
  }

  get whole(): Range {
    const { start, end } = this.#player();
    return { from: start, to: Math.max(end, start + 1e-3) };
  }

  get range(): Range {
    return this.#chosen ?? this.whole;
  }

  get near(): boolean {
    return this.#chosen !== null;
  }

  /** So short that hundredths of a second matter. */
  get short(): boolean {
    return this.range.to - this.range.from < 8;
  }

  /** @param factor below 1 is nearer @param around s, stays where it is */
  by(factor: number, around = this.#player().seconds): void {
    const { whole } = this;
    this.#chosen = zoomed(this.range, whole, around, factor, Math.min(whole.to - whole.from, shortest));
  }

  readonly out = (): void => {
    this.#chosen = null;
  };

  /** A film that is played on leaves no zoomed stretch. */
  follow(): void {
    const chosen = this.#chosen;
    if (!chosen || !this.#player().playing) return;
    const next = following(chosen, this.whole, this.#player().seconds);
    if (next !== chosen) this.#chosen = next;
  }

  readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') this.by(0.5);
    else if (event.key === '-') this.by(2);
    else if (event.key === '0') this.out();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
