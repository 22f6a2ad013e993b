import type { EvaluationProgress, EvaluationReport } from '#contract/evaluation.ts';
import type { RunSummary } from '#contract/training.ts';
import type { Link } from '#page-link/index.ts';

/** How the run in hand does on its test split: the kept report, or a measurement under way. */
export class Evaluation {
  #run = $state<string | null>(null);
  #report = $state.raw<EvaluationReport | null>(null);
  #progress = $state.raw<EvaluationProgress | null>(null);
  #looked = $state(false);
  #underWay: AbortController | null = null;
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  get run(): string | null {
    return this.#run;
  }

  get report(): EvaluationReport | null {
    return this.#report;
  }

  /** While the split is being measured. */
  get progress(): EvaluationProgress | null {
    return this.#progress;
  }

  /** Whether it is known if there is a report. */
  get looked(): boolean {
    return this.#looked;
  }

  /** Shows what is kept for this run; measures if nothing is and it has been trained. */
  async show(run: RunSummary): Promise<void> {
    if (this.#run !== run.id) {
      this.cancel();
      this.#run = run.id;
      this.#report = null;
      this.#looked = false;
    }
    const kept = await this.#link.engine.evaluation.kept({ run: run.id, split: 'test' });
    if (this.#run !== run.id) return;
    this.#report = kept;
    this.#looked = true;
    if (kept === null && run.epochsDone > 0) await this.measure(run.id);
  }

  async measure(run: string): Promise<void> {
    if (this.#underWay) return;
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#progress = { done: 0, total: 0, secondsLeft: null };
    try {
      const steps = await this.#link.engine.evaluation.measure({ run, split: 'test' }, { signal: underWay.signal });
      for (;;) {
        const step = await steps.next();
        if (step.done) {
          if (this.#run === run) this.#report = step.value;
          return;
        }
        this.#progress = step.value;
      }
    } finally {
      if (this.#underWay === underWay) {
        this.#underWay = null;
        this.#progress = null;
      }
    }
  }

  cancel(): void {
    this.#underWay?.abort();
    this.#underWay = null;
    this.#progress = null;
  }
}
