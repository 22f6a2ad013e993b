import type { Explanation } from '#contract/explain.ts';
import type { HeatMaps, HeatQuestion } from './heat-maps.ts';

/** Maps that are asked for at once. */
const atOnce = 2;

/** One question to a run after each of its epochs: all are fetched ahead, the nearest to the epoch in hand first. */
export class HeatEpochs {
  #found = $state.raw<ReadonlyMap<number, Explanation>>(new Map());
  #failure = $state.raw<unknown>(null);
  #underWay: AbortController | null = null;
  #maps: HeatMaps;

  constructor(maps: HeatMaps) {
    this.#maps = maps;
  }

  /** By epoch; those that have come. */
  get found(): ReadonlyMap<number, Explanation> {
    return this.#found;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** @param from the epoch in hand @param revision changes with the picture and the run */
  async fetch(
    run: string,
    epochs: readonly number[],
    question: HeatQuestion,
    revision: string,
    from: number,
  ): Promise<void> {
    this.cancel();
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#failure = null;
    const of = (epoch: number) => [{ ...question, model: `${run}@${epoch}` }, `${revision} ${epoch}`] as const;
    const known = epochs.flatMap((epoch): [number, Explanation][] => {
      const map = this.#maps.known(...of(epoch));
      return map ? [[epoch, map]] : [];
    });
    this.#found = new Map(known);
    const waiting = epochs
      .filter((epoch) => !this.#found.has(epoch))
      .sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
    const work = async () => {
      for (let epoch = waiting.shift(); epoch !== undefined; epoch = waiting.shift()) {
        const map = await this.#maps.ask(...of(epoch), underWay.signal);
        if (this.#underWay !== underWay) return;
        this.#found = new Map(this.#found).set(epoch, map);
      }
    };
    try {
      await Promise.all(Array.from({ length: atOnce }, work));
    } catch (thrown) {
      if (this.#underWay !== underWay) return;
      this.#failure = thrown;
      underWay.abort();
    }
  }

  cancel(): void {
    this.#underWay?.abort();
    this.#underWay = null;
  }
}
