import type { EngineStatus } from '#contract/engine-status.ts';
import type { EngineLife } from '#contract/host.ts';
import type { Link } from '#page-link/index.ts';

/** The engine as the page sees it: alive or not, and what runs on which device. */
export class EngineState {
  #life = $state.raw<EngineLife>({ state: 'starting', reason: '', generation: 0 });
  #status = $state.raw<EngineStatus | null>(null);
  #link: Link;
  #readyHears = new Set<() => void>();

  constructor(link: Link) {
    this.#link = link;
    this.#life = link.life;
    link.onLife((life) => {
      this.#life = life;
      if (life.state === 'ready') {
        void this.refresh();
        for (const hear of this.#readyHears) hear();
      } else this.#status = null;
    });
    if (link.life.state === 'ready') void this.refresh();
  }

  get life(): EngineLife {
    return this.#life;
  }

  get ready(): boolean {
    return this.#life.state === 'ready';
  }

  get status(): EngineStatus | null {
    return this.#status;
  }

  /** Calls back now if the engine is ready, and at each later start of one. */
  onReady(hear: () => void): () => void {
    this.#readyHears.add(hear);
    if (this.ready) hear();
    return () => this.#readyHears.delete(hear);
  }

  async refresh(): Promise<void> {
    try {
      this.#status = await this.#link.engine.engine.status();
    } catch {
      // The engine went away meanwhile; its life says so already.
      this.#status = null;
    }
  }

  restart(): Promise<void> {
    return this.#link.restartEngine();
  }
}
