export interface HeatProgress {
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
}

/** Something long that tells how far it is and ends with a result; one at a time. */
export class HeatWork<Result> {
  #progress = $state.raw<HeatProgress | null>(null);
  #result = $state.raw<Result | null>(null);
  #failure = $state.raw<unknown>(null);
  #underWay: AbortController | null = null;

  /** Null while nothing is under way. */
  get progress(): HeatProgress | null {
    return this.#progress;
  }

  get result(): Result | null {
    return this.#result;
  }

  /** Why the last one came to nothing; null after a success or when it was cancelled. */
  get failure(): unknown {
    return this.#failure;
  }

  async run(begin: (signal: AbortSignal) => Promise<AsyncIterator<HeatProgress, Result>>): Promise<void> {
    this.cancel();
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#failure = null;
    this.#progress = { done: 0, total: 0, secondsLeft: null };
    try {
      const steps = await begin(underWay.signal);
      for (let step = await steps.next(); ; step = await steps.next()) {
        if (this.#underWay !== underWay) return;
        if (step.done) {
          this.#result = step.value;
          break;
        }
        this.#progress = step.value;
      }
    } catch (thrown) {
      if (this.#underWay !== underWay) return;
      this.#failure = thrown;
    }
    this.#underWay = null;
    this.#progress = null;
  }

  /** What was found before stays. */
  cancel(): void {
    this.#underWay?.abort();
    this.#underWay = null;
    this.#progress = null;
  }

  /** What was found is of something else. */
  clear(): void {
    this.cancel();
    this.#result = null;
    this.#failure = null;
  }
}
