import { toFailure, type Failure } from '#contract/failures.ts';
import type { ModelRef } from '#contract/models.ts';
import type { InputWays, PicturePrediction, PictureRef } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';

/** As many as stand beside one another without crowding. */
export const mostCompared = 4;

export interface ComparedAnswer {
  readonly model: ModelRef;
  readonly answer: PicturePrediction | null;
  readonly failure: Failure | null;
}

/** What several models say of one picture; asked one after the other, so that the first is there soon. */
export class ModelComparison {
  #models = $state.raw<readonly ModelRef[]>([]);
  #answers = $state.raw<ReadonlyMap<ModelRef, Omit<ComparedAnswer, 'model'>>>(new Map());
  #stop: AbortController | null = null;
  #link: Link;

  readonly answers: readonly ComparedAnswer[] = $derived(
    this.#models.map((model) => ({ model, answer: null, failure: null, ...this.#answers.get(model) })),
  );

  constructor(link: Link) {
    this.#link = link;
  }

  /** In the order in which they were chosen. */
  get models(): readonly ModelRef[] {
    return this.#models;
  }

  /** At most `mostCompared`, each once. */
  choose(models: readonly ModelRef[]): void {
    this.#models = [...new Set(models)].slice(0, mostCompared);
  }

  async ask(picture: PictureRef, ways: InputWays): Promise<void> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.#answers = new Map();
    for (const model of this.#models) {
      const found = await this.#one({ model, picture, ways, top: 20, threshold: 0 }, stop.signal);
      if (this.#stop !== stop) return;
      this.#answers = new Map([...this.#answers, [model, found]]);
    }
  }

  async #one(asked: Parameters<Link['engine']['prediction']['picture']>[0], signal: AbortSignal) {
    try {
      return { answer: await this.#link.engine.prediction.picture(asked, { signal }), failure: null };
    } catch (thrown) {
      return { answer: null, failure: toFailure(thrown) };
    }
  }
}
