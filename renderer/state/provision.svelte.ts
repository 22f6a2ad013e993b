import { toFailure, type Failure } from '#contract/failures.ts';
import type { ProvisionProgress } from '#contract/engine-status.ts';
import type { Link } from '#page-link/index.ts';
import type { Telling } from './news.svelte.ts';

/** Getting TensorFlow: goes on while pages change, and may be cancelled; what was loaded is kept for the next time. */
export class Provision {
  #progress = $state.raw<ProvisionProgress | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #done = $state(false);
  #underWay: AbortController | null = null;
  #link: Link;
  #news: Telling;

  constructor(link: Link, news: Telling) {
    this.#link = link;
    this.#news = news;
  }

  /** Null when nothing is under way. */
  get progress(): ProvisionProgress | null {
    return this.#progress;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  /** TensorFlow is there; the engine has to be started again to use it. */
  get done(): boolean {
    return this.#done;
  }

  async start(): Promise<void> {
    if (this.#underWay) return;
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#failure = null;
    this.#progress = { stage: 'check', done: 0, total: 0, unit: 'none', secondsLeft: null, message: '' };
    try {
      const get = async () => {
        const steps = await this.#link.engine.engine.provision(undefined, { signal: underWay.signal });
        for await (const step of steps) this.#progress = step;
      };
      await this.#news.after('TensorFlow', 'go.engine', get, 'engine.get.done');
      this.#done = true;
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== 'call/cancelled') this.#failure = failure;
    } finally {
      this.#underWay = null;
      this.#progress = null;
    }
  }

  cancel(): void {
    this.#underWay?.abort();
  }

  /** The engine was started anew. */
  forget(): void {
    this.#done = false;
    this.#failure = null;
  }
}
