import { toFailure, type Failure } from '#contract/failures.ts';
import type { ModelRef } from '#contract/models.ts';
import type { InputWays, PicturePrediction, PictureRef } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';

export interface PictureQuestion {
  readonly model: ModelRef;
  readonly picture: PictureRef;
  readonly ways: InputWays;
}

/** What a model says of a picture: always that of the newest question; older ones are cancelled. */
export class PictureAnswer {
  #answer = $state.raw<PicturePrediction | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #asking = $state(false);
  #stop: AbortController | null = null;
  /** Which model and picture the last question was about. */
  #about = '';
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Null while nothing is known of the picture in hand. */
  get answer(): PicturePrediction | null {
    return this.#answer;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get asking(): boolean {
    return this.#asking;
  }

  clear(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#answer = null;
    this.#failure = null;
    this.#asking = false;
  }

  /** All classes are asked for: how many are shown, and from which probability on, is the page's. */
  async ask({ model, picture, ways }: PictureQuestion): Promise<void> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    const about = JSON.stringify([model, picture]);
    // Classes of one picture must not stand beside another; those of other ways of fitting may, until the new ones come.
    if (about !== this.#about) this.#answer = null;
    this.#about = about;
    this.#asking = true;
    this.#failure = null;
    try {
      const asked = { model, picture, ways, top: 20, threshold: 0 };
      const answer = await this.#link.engine.prediction.picture(asked, { signal: stop.signal });
      if (this.#stop === stop) this.#answer = answer;
    } catch (thrown) {
      if (this.#stop !== stop) return;
      this.#answer = null;
      this.#failure = toFailure(thrown);
    } finally {
      if (this.#stop === stop) this.#asking = false;
    }
  }
}
