import type { Explanation } from '#contract/explain.ts';
import type { HeatMaps, HeatQuestion } from './heat-maps.ts';

/** The map that is seen: the answer to the newest question; the one before stays until it has come. */
export class Heat {
  #shown = $state.raw<Explanation | null>(null);
  #failure = $state.raw<unknown>(null);
  #since = $state<number | null>(null);
  #underWay: AbortController | null = null;
  #asked: { question: HeatQuestion; revision: string } | null = null;
  #maps: HeatMaps;

  constructor(maps: HeatMaps) {
    this.#maps = maps;
  }

  get shown(): Explanation | null {
    return this.#shown;
  }

  /** Why there is no answer to the newest question; null while it is not known or all went well. */
  get failure(): unknown {
    return this.#failure;
  }

  /** When the question under way was asked (`performance.now()`); null when none is. */
  get since(): number | null {
    return this.#since;
  }

  /** Of the question in hand, as it was. */
  get question(): HeatQuestion | null {
    return this.#asked?.question ?? null;
  }

  /** Asks; a question under way is given up. */
  async ask(question: HeatQuestion, revision: string): Promise<void> {
    this.#underWay?.abort();
    this.#asked = { question, revision };
    const known = this.#maps.known(question, revision);
    if (known) {
      this.#end();
      this.#failure = null;
      this.#shown = known;
      return;
    }
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#since = performance.now();
    try {
      const found = await this.#maps.ask(question, revision, underWay.signal);
      if (this.#underWay !== underWay) return;
      this.#shown = found;
      this.#failure = null;
    } catch (thrown) {
      if (this.#underWay !== underWay) return;
      this.#failure = thrown;
    }
    this.#end();
  }

  /** Asks the same again. */
  async again(): Promise<void> {
    if (this.#asked) await this.ask(this.#asked.question, this.#asked.revision);
  }

  /** Gives up what is under way; what was shown stays. */
  cancel(): void {
    this.#underWay?.abort();
    this.#end();
  }

  /** Another picture or model: what was shown says nothing about it. */
  clear(): void {
    this.cancel();
    this.#asked = null;
    this.#shown = null;
    this.#failure = null;
  }

  #end(): void {
    this.#underWay = null;
    this.#since = null;
  }
}
