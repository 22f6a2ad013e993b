import type { EnsembleMean, EnsembleReport, EvaluationProgress, EvaluationReport } from '#contract/evaluation.ts';
import type { Split } from '#contract/data.ts';
import type { RunSummary } from '#contract/training.ts';
import type { Link } from '#page-link/index.ts';

/** Several runs taken together. */
export interface EnsembleChoice {
  readonly runs: readonly string[];
  readonly mean: EnsembleMean;
}

/** Which images; absent = the test split of the data set a run was trained on. */
export interface Images {
  readonly dataset: string;
  readonly split: Split;
}

/** Of an ensemble, `run` is the member that is being measured. */
type Measuring = EvaluationProgress & { readonly run?: string };

/** How a run, or several together, do on their test split: the kept report, or a measurement under way. */
export class Evaluation {
  #run = $state<string | null>(null);
  #images = $state.raw<Images | null>(null);
  #report = $state.raw<EvaluationReport | EnsembleReport | null>(null);
  #progress = $state.raw<Measuring | null>(null);
  #looked = $state(false);
  #ensemble = $state.raw<EnsembleChoice | null>(null);
  #underWay: AbortController | null = null;
  #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** The run in hand; null while an ensemble is. */
  get run(): string | null {
    return this.#run;
  }

  /** Of the model in hand, where other images were asked for than a run's own test split. */
  get images(): Images | null {
    return this.#images;
  }

  get ensemble(): EnsembleChoice | null {
    return this.#ensemble;
  }

  get report(): EvaluationReport | EnsembleReport | null {
    return this.#report;
  }

  /** While the split is being measured. */
  get progress(): Measuring | null {
    return this.#progress;
  }

  /** Whether it is known if there is a report. */
  get looked(): boolean {
    return this.#looked;
  }

  /** Shows what is kept for this run; measures if nothing is and it has been trained. */
  async show(run: RunSummary): Promise<void> {
    if (this.#run !== run.id || this.#images) this.#begin(run.id, null);
    const kept = await this.#link.engine.evaluation.kept({ run: run.id, split: 'test' });
    if (this.#run !== run.id || this.#images) return;
    this.#report = kept;
    this.#looked = true;
    if (kept === null && run.epochsDone > 0) await this.measure(run.id);
  }

  /** The same for any model on any images, by the names of its classes. */
  async showOn(model: string, images: Images): Promise<void> {
    this.#begin(model, null, images);
    const kept = await this.#link.engine.evaluation.kept({ run: model, ...images });
    if (this.#images !== images) return;
    this.#report = kept;
    this.#looked = true;
    if (kept === null) await this.measure(model);
  }

  /** Shows the mean of these runs, after measuring those that have no report. */
  async showEnsemble(choice: EnsembleChoice): Promise<void> {
    this.#begin(null, choice);
    await this.#measureEnsemble(choice);
  }

  async measure(run: string): Promise<void> {
    const images = this.#images;
    await this.#follow(
      (signal) => this.#link.engine.evaluation.measure({ run, split: 'test', ...images }, { signal }),
      () => this.#run === run && this.#images === images,
    );
  }

  /** Measures what is in hand anew. */
  async again(): Promise<void> {
    if (this.#ensemble) await this.#measureEnsemble(this.#ensemble);
    else if (this.#run !== null) await this.measure(this.#run);
  }

  /** Nothing is in hand then. */
  leave(): void {
    this.#begin(null, null);
  }

  cancel(): void {
    this.#underWay?.abort();
    this.#underWay = null;
    this.#progress = null;
  }

  #begin(run: string | null, ensemble: EnsembleChoice | null, images: Images | null = null): void {
    this.cancel();
    this.#run = run;
    this.#ensemble = ensemble;
    this.#images = images;
    this.#report = null;
    this.#looked = false;
  }

  async #measureEnsemble(choice: EnsembleChoice): Promise<void> {
    const { runs, mean } = choice;
    try {
      await this.#follow(
        (signal) => this.#link.engine.evaluation.ensemble({ runs: [...runs], mean, split: 'test' }, { signal }),
        () => this.#ensemble === choice,
      );
    } finally {
      if (this.#ensemble === choice) this.#looked = true;
    }
  }

  async #follow<Report extends EvaluationReport>(
    begin: (signal: AbortSignal) => Promise<AsyncIterator<Measuring, Report>>,
    wanted: () => boolean,
  ): Promise<void> {
    if (this.#underWay) return;
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#progress = { done: 0, total: 0, secondsLeft: null };
    try {
      const steps = await begin(underWay.signal);
      for (let step = await steps.next(); ; step = await steps.next()) {
        if (step.done) {
          if (wanted()) this.#report = step.value;
          return;
        }
        if (this.#underWay === underWay) this.#progress = step.value;
      }
    } finally {
      if (this.#underWay === underWay) {
        this.#underWay = null;
        this.#progress = null;
      }
    }
  }
}
