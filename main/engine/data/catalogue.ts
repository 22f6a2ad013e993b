import { join } from 'node:path';
import type { DataSetSummary, ImportReport, Problem, Splitting } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import type { Project } from '#engine/project/project.ts';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import { checkedEdit } from './checked-edit.ts';
import { contentHash } from './content-hash.ts';
import { appendDrawing, drawingPair, drawingsId } from './drawings.ts';
import type { Edit } from './edits.ts';
import { LeastRecent } from './least-recent.ts';
import { loadPairs } from './load-pairs.ts';
import { digits, mnistRecord } from './mnist.ts';
import { openRecord } from './open-record.ts';
import { arranged, OpenedSet, type GivenImages } from './opened-set.ts';
import { readPreparedIndex, sweepPrepared } from './prepared.ts';
import { readRecord, readRecords } from './record-files.ts';
import { dataRecord, fileProblems, stampedPair, summaryOf, type DataRecord } from './record.ts';

/** Data sets held in memory beside those that runs hold. */
const keptOpen = 3;

/** A set that was just read, before the project knows it. */
export type NewRecord = Omit<DataRecord, 'version' | 'created' | 'edits' | 'undone' | 'arranged'>;

/** The project's data sets. What is on the list is on disk, in `data/<id>.json`; MNIST is always there. */
export class Catalogue {
  readonly #project: Project;
  readonly #records: Map<string, DataRecord>;
  readonly #problems = new Map<string, Problem[]>();
  readonly #open = new LeastRecent<Promise<OpenedSet>>(keptOpen);
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
    const found = (await readRecords(project.dataFolder)).sort((a, b) => a.created.localeCompare(b.created));
    for (const record of found) {
      records.set(record.id, record.id === mnist.id ? withChangesOf(mnist, record) : record);
    }
    const inTrash = await readRecords(join(project.trashFolder, 'data'));
    await sweepPrepared(
      project.preparedFolder,
      new Set([...found, ...inTrash].map((each) => each.prepared?.key ?? '')),
    );
    return new Catalogue(project, records);
  }

  /** Folder of what the project has decoded. */
  get prepared(): string {
    return this.#project.preparedFolder;
  }

  /** MNIST first, then the oldest. */
  list(): DataSetSummary[] {
    return [...this.#records.values()].map((record) => summaryOf(record, this.#problems.get(record.id)));
  }

  /** Looks whether all files are still there and unchanged; `list` then says so. */
  async check(): Promise<void> {
    for (const record of this.#records.values()) {
      if (record.kind !== 'mnist' && record.kind !== 'drawings') {
        this.#problems.set(record.id, await fileProblems(record));
      }
    }
  }

  /** Fails: `data/unknown-set`, and the codes of `openRecord`. */
  get(id: string): Promise<OpenedSet> {
    return this.#open.get(id) ?? this.#remember(id, this.#load(id));
  }

  /**
   * Lists a set that was just read; the same content again is the same set, with the changes that were made to it. Its
   * name and splitting are those given now.
   * Fails: `data/splitting`.
   */
  add({ splitting, ...fresh }: NewRecord, given: GivenImages): Promise<DataSetSummary> {
    return this.#change(async () => {
      const { created = new Date().toISOString(), edits, undone } = this.#records.get(fresh.id) ?? {};
      const changes = { ...(edits && { edits }), ...(undone && { undone }), ...(splitting && { splitting }) };
      return this.#keep(arranged({ version: 1, created, ...fresh, ...changes }, given), given);
    });
  }

  /** The name that a set is known by; undefined for a new one. */
  nameOf(id: string): string | undefined {
    return this.#records.get(id)?.name;
  }

  /** What became of the files of an import. Fails: `data/unknown-set`, `data/prepared-lost`. */
  async report(id: string): Promise<ImportReport> {
    const { prepared, name } = this.#record(id);
    if (!prepared) return { total: 0, skipped: 0, repaired: 0, byOddity: {}, rows: [] };
    const { total, rows } = await readPreparedIndex(this.prepared, prepared.key, name);
    const byOddity: ImportReport['byOddity'] = {};
    for (const { oddity } of rows) byOddity[oddity] = (byOddity[oddity] ?? 0) + 1;
    return { total, skipped: prepared.skipped, repaired: prepared.repaired, byOddity, rows };
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

  /** Fails: `data/unknown-set`. */
  rename(id: string, name: string): Promise<DataSetSummary> {
    return this.#rewrite(id, (record) => ({ ...record, name: name.trim() || record.name }));
  }

  /** Draws the splits anew. Fails: `data/unknown-set`, `data/splitting`. */
  resplit(id: string, splitting: Splitting): Promise<DataSetSummary> {
    return this.#rewrite(id, ({ splitting: _, drawnAfter: __, ...record }) => {
      if (splitting.by === 'given') return record;
      const drawnAfter = record.edits?.length ?? 0;
      return { ...record, splitting, ...(drawnAfter > 0 && { drawnAfter }) };
    });
  }

  /**
   * Adds a change to those made before; images are named by their places in the set as it is now.
   * Fails: `data/unknown-set`, `data/unknown-image`, `data/splitting`, `call/invalid`.
   */
  edit(id: string, change: Edit): Promise<DataSetSummary> {
    return this.#rewrite(id, ({ undone: _, ...record }, opened) => {
      const made = checkedEdit(change, opened);
      return { ...record, edits: [...(record.edits ?? []), made] };
    });
  }

  /** Takes the last change back. Fails: `data/unknown-set`. */
  undoEdit(id: string): Promise<DataSetSummary> {
    return this.#rewrite(id, ({ edits = [], undone = [], ...record }) => {
      const last = edits.at(-1);
      return last ? { ...record, edits: edits.slice(0, -1), undone: [last, ...undone] } : { ...record, edits, undone };
    });
  }

  /** Makes the change again that was taken back last. Fails: `data/unknown-set`. */
  redoEdit(id: string): Promise<DataSetSummary> {
    return this.#rewrite(id, ({ edits = [], undone = [], ...record }) => {
      const [first, ...others] = undone;
      return first ? { ...record, edits: [...edits, first], undone: others } : { ...record, edits, undone };
    });
  }

  /** Adds a drawn digit to the project's own set, which is made by the first. Fails: the codes of `appendDrawing`. */
  addDrawing(pixels: Uint8Array, label: number): Promise<DataSetSummary> {
    return this.#change(async () => {
      await appendDrawing(this.#project.dataFolder, pixels, label);
      return (await this.#openDrawings()).summary;
    });
  }

  /** Its images stay open: a change is another view of them. */
  #rewrite(id: string, change: (record: DataRecord, opened: OpenedSet) => DataRecord): Promise<DataSetSummary> {
    return this.#change(async () => {
      const opened = await (this.#open.get(id) ?? this.#remember(id, this.#loadNow(id)));
      return this.#keep(arranged(change(this.#record(id), opened), opened.given), opened.given);
    });
  }

  #remember(id: string, opening: Promise<OpenedSet>): Promise<OpenedSet> {
    this.#open.set(id, opening);
    opening.catch(() => this.#open.delete(id)); // the next call tries again
    return opening;
  }

  /** Drawings are two files that change together: never look between their changes. */
  #load(id: string): Promise<OpenedSet> {
    return id === drawingsId ? this.#change(() => this.#loadNow(id)) : this.#loadNow(id);
  }

  #loadNow(id: string): Promise<OpenedSet> {
    return id === drawingsId && this.#records.has(id) ? this.#openDrawings() : this.#openListed(id);
  }

  async #openListed(id: string): Promise<OpenedSet> {
    const record = this.#record(id);
    const { given, stamped } = await openRecord(record, this.prepared);
    if (stamped !== record && this.#records.get(id) === record) await this.#write(stamped);
    return new OpenedSet(stamped, given);
  }

  /** The project's own files are right, whatever an interrupted change left in their record. */
  async #openDrawings(): Promise<OpenedSet> {
    const known = this.#records.get(drawingsId);
    const pair = await drawingPair(this.#project.dataFolder);
    const { sources } = await loadPairs([pair]);
    const content = await contentHash(sources);
    const { name, created, classes } = known ?? {
      name: 'Drawings',
      created: new Date().toISOString(),
      classes: [...digits],
    };
    const given = { sources, classes };
    if (known && content === known.content) return new OpenedSet(known, given);
    const pairs = [await stampedPair(pair, sources.get('train')?.count ?? 0)];
    const [, height = 0, width = 0] = pair.images.dims;
    const facts = { id: drawingsId, kind: 'drawings', name, created, height, width, channels: 1, classes } as const;
    const { edits, undone, splitting, drawnAfter } = known ?? {};
    const changes = known && { edits, undone, splitting, drawnAfter };
    await this.#keep(arranged(dataRecord.parse({ version: 1, ...facts, content, pairs, ...changes }), given), given);
    return this.get(drawingsId);
  }

  /** On disk first, then opened. */
  async #keep(record: DataRecord, given: GivenImages): Promise<DataSetSummary> {
    const opened = new OpenedSet(record, given);
    await this.#write(record);
    this.#open.set(record.id, Promise.resolve(opened));
    return opened.summary;
  }

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

/** The project keeps what was changed about MNIST; where its files lie is this installation's affair. */
function withChangesOf(mnist: DataRecord, record: DataRecord): DataRecord {
  const { classes, edits, undone, splitting, drawnAfter, arranged: now } = record;
  if (classes.length !== mnist.classes.length) return mnist;
  const drawn = { ...(splitting && { splitting }), ...(drawnAfter && { drawnAfter }) };
  const changes = { ...(undone && { undone }), ...drawn, ...(now && { arranged: now }) };
  return { ...mnist, classes, ...(edits && { edits }), ...changes };
}

const unknownSet = (id: string) => new AppError('data/unknown-set', `There is no data set "${id}".`, { dataset: id });

const invalid = (field: string, problem: string) =>
  new AppError('call/invalid', `\`${field}\`: ${problem}.`, { field, problem });
