import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSetSummary, Problem } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { ifPresent } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import { contentHash } from './content-hash.ts';
import type { DataSet } from './data-set.ts';
import { appendDrawing, drawingPair, drawingsId } from './drawings.ts';
import { excludedCount, originalIndex, type Edit } from './edits.ts';
import type { IdxDataSet } from './idx-data-set.ts';
import { LeastRecent } from './least-recent.ts';
import { loadPairs, type LoadedPairs } from './load-pairs.ts';
import { digits, mnistRecord } from './mnist.ts';
import { openRecord } from './open-record.ts';
import { nameOf, pairFiles } from './pair-files.ts';
import { dataRecord, dataSetOf, fileProblems, recordOf, summaryOf, type DataRecord } from './record.ts';

/** Data sets held in memory beside those that runs hold. */
const keptOpen = 3;

/** The project's data sets. What is on the list is on disk, in `data/<id>.json`; MNIST is always there. */
export class Catalogue {
  readonly #project: Project;
  readonly #records: Map<string, DataRecord>;
  readonly #problems = new Map<string, Problem[]>();
  readonly #open = new LeastRecent<Promise<IdxDataSet>>(keptOpen);
  /** Changes happen one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(project: Project, records: Map<string, DataRecord>) {
    this.#project = project;
    this.#records = records;
  }

  /** A record that cannot be read is left where it is and not listed. */
  static async open(project: Project): Promise<Catalogue> {
    const mnist = mnistRecord();
    const records = new Map([[mnist.id, mnist]]);
    const names = (await readdir(project.dataFolder)).filter((name) => name.endsWith('.json'));
    const read = await Promise.all(names.map((name) => readRecord(join(project.dataFolder, name))));
    const found = read.filter((record) => record !== null).sort((a, b) => a.created.localeCompare(b.created));
    for (const record of found) {
      records.set(record.id, record.id === mnist.id ? withNamesOf(mnist, record) : record);
    }
    return new Catalogue(project, records);
  }

  /** MNIST first, then the oldest. */
  list(): DataSetSummary[] {
    return [...this.#records.values()].map((record) => summaryOf(record, this.#problems.get(record.id)));
  }

  /** Looks whether all files are still there and unchanged; `list` then says so. */
  async check(): Promise<void> {
    for (const record of this.#records.values()) {
      if (record.kind === 'idx') this.#problems.set(record.id, await fileProblems(record));
    }
  }

  /** Fails: `data/unknown-set`, `data/changed`, the codes of `readIdxHeader`. */
  get(id: string): Promise<DataSet> {
    const kept = this.#open.get(id);
    if (kept) return kept;
    return this.#remember(id, this.#load(id));
  }

  /** Opens IDX files. The same content again is the same data set. Fails: the codes of `pairFiles` and `loadPairs`. */
  openFiles(paths: readonly string[], name?: string): Promise<DataSetSummary> {
    return this.#change(async () => {
      const pairs = await pairFiles(paths);
      const loaded = await loadPairs(pairs);
      const content = await contentHash(loaded.sources);
      const id = idOf(content, pairs[0]?.images.dims ?? []);
      const known = this.#records.get(id);
      const classes = known?.classes ?? classNames(loaded.classCount);
      const created = known?.created ?? new Date().toISOString();
      const chosen = name?.trim() || (known?.name ?? nameOf(pairs));
      const given = { id, name: chosen, kind: 'idx', created, classes, content, edits: known?.edits } as const;
      const record = await recordOf(given, pairs, loaded);
      return (await this.#keep(record, loaded.sources)).summary;
    });
  }

  /** Fails: `data/unknown-set`, `call/invalid` for MNIST. */
  remove(id: string): Promise<void> {
    return this.#change(async () => {
      this.#record(id);
      if (id === 'mnist') throw invalid('dataset', 'MNIST comes with Heatlens and stays on the list');
      await toTrash(this.#project, 'data', `${id}.json`);
      this.#records.delete(id);
      this.#open.delete(id);
    });
  }

  /** Fails: `data/unknown-set` when it was never removed. */
  restore(id: string): Promise<DataSetSummary> {
    return this.#change(async () => {
      const listed = this.#records.get(id);
      if (listed) return summaryOf(listed);
      const plainId = /^[a-z0-9-]+$/.test(id);
      if (!plainId || !(await readRecord(join(this.#project.trashFolder, 'data', `${id}.json`)))) throw unknownSet(id);
      await fromTrash(this.#project, 'data', `${id}.json`);
      const record = await readRecord(this.#file(id));
      if (!record) throw unknownSet(id);
      this.#records.set(id, record);
      return summaryOf(record);
    });
  }

  /** Fails: `data/unknown-set`, `call/invalid` for another number of classes or a name used twice. */
  renameClasses(id: string, classes: readonly string[]): Promise<DataSetSummary> {
    return this.#change(async () => {
      const record = this.#record(id);
      const names = classes.map((name) => name.trim());
      if (names.length !== record.classes.length) {
        throw invalid('classes', `${names.length} names; expected ${record.classes.length}`);
      }
      const twice = names.find((name, position) => name === '' || names.indexOf(name) !== position);
      if (twice !== undefined) throw invalid('classes', twice ? `"${twice}" is there twice` : 'a name is empty');
      const renamed = { ...record, classes: names };
      await this.#write(renamed);
      const summary = summaryOf(renamed);
      const open = this.#open.get(id);
      this.#open.delete(id);
      // Drawings are opened in turn with changes, so what is being opened now already has the new names.
      if (open && id !== drawingsId)
        void this.#remember(
          id,
          open.then((dataSet) => dataSet.described(summary)),
        );
      return summary;
    });
  }

  /** Adds a change to those made before. Fails: `data/unknown-set`, `data/unknown-image`, `call/invalid`. */
  edit(id: string, change: Edit): Promise<DataSetSummary> {
    return this.#change(async () => {
      const record = this.#record(id);
      const { edits = [] } = record;
      if (change.kind === 'relabel' && change.label >= record.classes.length) {
        throw invalid('label', `${change.label}; expected 0 … ${record.classes.length - 1}`);
      }
      const images = record.pairs.find(({ split }) => split === change.split)?.count ?? 0;
      const index = originalIndex(change.split, change.index, images, edits);
      if (index === undefined) {
        const count = images - excludedCount(change.split, edits);
        throw unknownImage(record.name, change.split, change.index, count);
      }
      return this.#rewrite({ ...record, edits: [...edits, { ...change, index }] });
    });
  }

  /** Takes the last change back. Fails: `data/unknown-set`. */
  undoEdit(id: string): Promise<DataSetSummary> {
    return this.#change(() => {
      const record = this.#record(id);
      return this.#rewrite({ ...record, edits: (record.edits ?? []).slice(0, -1) });
    });
  }

  /** Adds a drawn digit to the project's own set, which is made by the first. Fails: the codes of `appendDrawing`. */
  addDrawing(pixels: Uint8Array, label: number): Promise<DataSetSummary> {
    return this.#change(async () => {
      await appendDrawing(this.#project.dataFolder, pixels, label);
      return (await this.#openDrawings()).summary;
    });
  }

  /** What was open under the earlier record is read anew when it is next asked for. */
  async #rewrite(record: DataRecord): Promise<DataSetSummary> {
    await this.#write(record);
    this.#open.delete(record.id);
    return summaryOf(record);
  }

  #remember(id: string, opening: Promise<IdxDataSet>): Promise<IdxDataSet> {
    this.#open.set(id, opening);
    opening.catch(() => this.#open.delete(id)); // the next call tries again
    return opening;
  }

  #load(id: string): Promise<IdxDataSet> {
    // Drawings are two files that change together: never look between their changes.
    return id === drawingsId ? this.#change(() => this.#openDrawings(this.#record(id))) : this.#openListed(id);
  }

  async #openListed(id: string): Promise<IdxDataSet> {
    const record = this.#record(id);
    const { dataSet, stamped } = await openRecord(record);
    if (stamped !== record && this.#records.get(id) === record) await this.#write(stamped);
    return dataSet;
  }

  /** The project's own files are right, whatever an interrupted change left in their record. */
  async #openDrawings(known = this.#records.get(drawingsId)): Promise<IdxDataSet> {
    const pairs = [await drawingPair(this.#project.dataFolder)];
    const loaded = await loadPairs(pairs);
    const content = await contentHash(loaded.sources);
    const first = { name: 'Drawings', created: new Date().toISOString(), classes: [...digits] };
    const { name, created, classes } = known ?? first;
    const given = { id: drawingsId, kind: 'drawings', name, created, classes, content, edits: known?.edits } as const;
    const record = await recordOf(given, pairs, loaded);
    return content === known?.content ? dataSetOf(record, loaded.sources) : this.#keep(record, loaded.sources);
  }

  /** Lists a set whose images were just read. */
  async #keep(record: DataRecord, sources: LoadedPairs['sources']): Promise<IdxDataSet> {
    await this.#write(record);
    const dataSet = dataSetOf(record, sources);
    this.#open.set(record.id, Promise.resolve(dataSet));
    return dataSet;
  }

  /** On disk first, then believed. */
  async #write(record: DataRecord): Promise<void> {
    await writeAtomic(this.#file(record.id), `${JSON.stringify(record, null, 2)}\n`);
    this.#records.set(record.id, record);
    this.#problems.delete(record.id);
  }

  #record(id: string): DataRecord {
    const record = this.#records.get(id);
    if (!record) throw unknownSet(id);
    return record;
  }

  #file(id: string): string {
    return join(this.#project.dataFolder, `${id}.json`);
  }

  #change<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act, act);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** The project keeps MNIST's class names and edits; where its files lie is this installation's affair. */
function withNamesOf(mnist: DataRecord, { classes, edits }: DataRecord): DataRecord {
  return classes.length === mnist.classes.length ? { ...mnist, classes, ...(edits && { edits }) } : mnist;
}

async function readRecord(file: string): Promise<DataRecord | null> {
  const text = await ifPresent(readFile(file, 'utf8'));
  try {
    return dataRecord.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

/** The same pixels in another shape are other images; grey images may say so with a fourth dimension of 1. */
function idOf(content: string, [, height = 0, width = 0, channels = 1]: readonly number[]): string {
  const whole = createHash('sha256')
    .update(JSON.stringify([content, height, width, channels]))
    .digest('hex');
  return `idx-${whole.slice(0, 16)}`;
}

const classNames = (count: number) => Array.from({ length: count }, (_, label) => String(label));

const unknownSet = (id: string) => new AppError('data/unknown-set', `There is no data set "${id}".`, { dataset: id });

const unknownImage = (dataset: string, split: string, index: number, count: number) =>
  new AppError('data/unknown-image', `"${dataset}" has no image ${index} in ${split}; it holds ${count}.`, {
    ...{ dataset, split, index, count },
  });

const invalid = (field: string, problem: string) =>
  new AppError('call/invalid', `\`${field}\`: ${problem}.`, { field, problem });
