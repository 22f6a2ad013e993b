import type { ComparedCurve, ComparisonTable } from '#contract/comparison.ts';
import type { EvaluationReport } from '#contract/evaluation.ts';
import type { Link } from '#page-link/index.ts';
import type { Range } from '#ui/line-data.ts';

export type ComparisonView = 'curves' | 'bars' | 'confusion';
export type TimeAxis = 'step' | 'epoch' | 'seconds';

/** Which runs are compared, and how they are looked at; kept while pages change. */
export class Comparison {
  #link: Link;
  #chosen = $state.raw<readonly string[]>([]);
  #pinned = $state.raw<ReadonlySet<string>>(new Set());
  #pinnedColumns = $state.raw<ReadonlySet<string>>(new Set());
  #table = $state.raw<ComparisonTable | null>(null);
  #curves = $state.raw<readonly ComparedCurve[]>([]);
  /** Answers that come after a newer question are not taken. */
  #asked = { table: 0, curves: 0 };

  /** The run that the others are shown against. */
  reference = $state<string | null>(null);
  filter = $state('');
  dataset = $state('');
  tag = $state('');
  /** Also the settings in which the runs do not differ. */
  everything = $state(false);
  sort = $state.raw<{ readonly column: string; readonly down: boolean } | null>(null);
  view = $state<ComparisonView>('curves');

  figure = $state('loss');
  by = $state<'epoch' | 'batch'>('epoch');
  axis = $state<TimeAxis>('epoch');
  logX = $state(false);
  logY = $state(false);
  smoothing = $state(0);
  range = $state.raw<Range | null>(null);
  cursor = $state<number | null>(null);
  /** The column whose values the bars are. */
  bars = $state('final.valAccuracy');
  differences = $state(false);
  /** Two confusion matrices are shown as their difference. */
  subtracted = $state(false);

  constructor(link: Link) {
    this.#link = link;
  }

  /** In the order in which they were chosen. */
  get chosen(): readonly string[] {
    return this.#chosen;
  }

  set chosen(runs: readonly string[]) {
    this.#chosen = [...new Set(runs)];
  }

  toggle(run: string): void {
    this.chosen = this.#chosen.includes(run) ? this.#chosen.filter((id) => id !== run) : [...this.#chosen, run];
  }

  /** Runs that stay on top, columns that stay on the left. */
  get pinned(): ReadonlySet<string> {
    return this.#pinned;
  }

  get pinnedColumns(): ReadonlySet<string> {
    return this.#pinnedColumns;
  }

  pin(run: string): void {
    this.#pinned = toggled(this.#pinned, run);
  }

  pinColumn(column: string): void {
    this.#pinnedColumns = toggled(this.#pinnedColumns, column);
  }

  /** First downwards, then upwards, then as chosen. */
  turn(column: string): void {
    const { sort } = this;
    if (sort?.column !== column) this.sort = { column, down: true };
    else this.sort = sort.down ? { column, down: false } : null;
  }

  get table(): ComparisonTable | null {
    return this.#table;
  }

  get curves(): readonly ComparedCurve[] {
    return this.#curves;
  }

  /** Fails: `run/unknown`. */
  async loadTable(runs: readonly string[]): Promise<void> {
    const asked = ++this.#asked.table;
    const table = runs.length > 0 ? await this.#link.engine.comparison.table({ runs: [...runs] }) : null;
    if (asked === this.#asked.table) this.#table = table;
  }

  /** Fails: `run/unknown`. */
  async loadCurves(runs: readonly string[], figure: string, by: 'epoch' | 'batch'): Promise<void> {
    const asked = ++this.#asked.curves;
    const curves = runs.length > 0 ? await this.#link.engine.comparison.curves({ runs: [...runs], figure, by }) : [];
    if (asked === this.#asked.curves) this.#curves = curves;
  }

  /** The report that was kept with a run; null where it was not measured. Fails: `run/unknown`. */
  report(run: string): Promise<EvaluationReport | null> {
    return this.#link.engine.evaluation.kept({ run, split: 'test' });
  }
}

function toggled(all: ReadonlySet<string>, one: string): ReadonlySet<string> {
  return all.has(one) ? new Set([...all].filter((other) => other !== one)) : new Set([...all, one]);
}
