import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComparedCurve, ComparedLine, ComparedRun, ComparisonTable } from '#contract/comparison.ts';
import { batchesFile, historyFile, readHistory, runFile } from '../run-files.ts';
import type { RunStore } from '../run-store.ts';
import { allBatches, stepsPerEpoch } from './batches.ts';
import { figuresOfRun, heldOutName } from './figures.ts';
import { Kept } from './kept.ts';
import { batchLine, epochLine } from './lines.ts';
import { comparedSettings } from './settings.ts';

/** Points of a line, and of all lines of an answer together. */
const mostPoints = 50_000;
const mostPointsTogether = 500_000;
/** A line is worth having, however many there are. */
const fewestPoints = 500;
/** Of all lines kept; each takes 32 bytes, and a line counts as some even if it is empty. */
const pointsKept = 2_000_000;
const emptyLine = 10;
const rowsKept = 10_000;

export interface CurvesAsked {
  readonly runs: readonly string[];
  readonly figure: string;
  readonly by: 'epoch' | 'batch';
}

/** Looks at several runs of a project at once. */
export class Comparison {
  readonly #store: Pick<RunStore, 'get' | 'folder'>;
  /** Of earlier answers: all is asked for again at every choice on the page, and when a run's epoch ends. */
  readonly #lines = new Kept<ComparedLine | null>(pointsKept, (line) => emptyLine + (line?.value.length ?? 0));
  readonly #rows = new Kept<ComparedRun>(rowsKept);

  constructor(store: Pick<RunStore, 'get' | 'folder'>) {
    this.#store = store;
  }

  /** Fails: `run/unknown`, `file/unreadable`. */
  async table(ids: readonly string[]): Promise<ComparisonTable> {
    const runs = ids.map((id) => this.#store.get(id));
    return {
      runs: await eachInTurn(ids, (id) => this.#row(id)),
      settings: comparedSettings(runs),
    };
  }

  /** Fails: `run/unknown`, `file/unreadable`. */
  async curves({ runs, figure, by }: CurvesAsked): Promise<ComparedCurve[]> {
    const lines = 2 * Math.max(1, runs.length);
    const most = Math.max(fewestPoints, Math.min(mostPoints, Math.floor(mostPointsTogether / lines)));
    const heldOut = heldOutName(figure);
    const batchwise = by === 'batch' && (figure === 'loss' || figure === 'accuracy');
    return eachInTurn(runs, async (run) => ({
      run,
      train: await (batchwise ? this.#byBatch(run, figure, most) : this.#byEpoch(run, figure, most)),
      validation: heldOut === null ? null : await this.#byEpoch(run, heldOut, most),
    }));
  }

  async #row(run: string): Promise<ComparedRun> {
    const folder = this.#store.folder(run);
    return this.#rows.get(run, [historyFile(folder), runFile(folder)], async () => {
      const [history, size] = await Promise.all([readHistory(folder), sizeOf(folder)]);
      return { run, ...figuresOfRun(history), size };
    });
  }

  #byBatch(run: string, figure: 'loss' | 'accuracy', most: number): Promise<ComparedLine | null> {
    return this.#line(run, `batch ${figure} ${most}`, async (folder) => {
      const [batches, history] = await Promise.all([allBatches(folder), readHistory(folder)]);
      return batchLine(batches, history, figure, most);
    });
  }

  #byEpoch(run: string, figure: string, most: number): Promise<ComparedLine | null> {
    return this.#line(run, `epoch ${figure} ${most}`, async (folder) => {
      const [history, steps] = await Promise.all([readHistory(folder), stepsPerEpoch(folder)]);
      return epochLine(history, figure, steps, most);
    });
  }

  #line(run: string, what: string, make: (folder: string) => Promise<ComparedLine | null>) {
    const folder = this.#store.folder(run);
    return this.#lines.get(`${run} ${what}`, [historyFile(folder), batchesFile(folder)], () => make(folder));
  }
}

/** One after the other: a hundred runs read at once would open a thousand files and hold all their texts. */
async function eachInTurn<T, R>(all: readonly T[], of: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const one of all) done.push(await of(one));
  return done;
}

/** Bytes of a folder's files; one that is removed meanwhile has none. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
