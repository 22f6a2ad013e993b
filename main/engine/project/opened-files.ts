import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomic } from './atomic.ts';
import { ifPresent } from './file-failure.ts';
import type { Project } from './project.ts';

export interface OpenedFile {
  readonly id: string;
  readonly path: string;
  /** ISO 8601. */
  readonly opened: string;
  readonly missing?: true | undefined;
}

export interface OpenedFilesParts<F extends OpenedFile> {
  /** What they are: `photos` are kept in `photos.json`, under that word. */
  readonly kind: string;
  /** What is kept of each. */
  readonly schema: z.ZodType<F>;
  /** Whether what lies at its path now can be it; absent = anything can. */
  readonly stands?: (found: Stats) => boolean;
}

/** Files that a person opened in a project, newest first: what is known of them is kept, they stay where they are. */
export class OpenedFiles<F extends OpenedFile> {
  readonly #file: string;
  readonly #parts: OpenedFilesParts<F>;
  #files: F[] = [];
  /** Those closed in this session, to be put back, and the list as it was before. */
  readonly #closed = new Map<string, { readonly file: F; readonly order: readonly string[] }>();

  private constructor(project: Project, parts: OpenedFilesParts<F>) {
    this.#file = join(project.folder, `${parts.kind}.json`);
    this.#parts = parts;
  }

  /** A list that cannot be read is begun anew; `report` hears of it. */
  static async open<F extends OpenedFile>(
    project: Project,
    parts: OpenedFilesParts<F>,
    report: (thrown: unknown) => void,
  ): Promise<OpenedFiles<F>> {
    const opened = new OpenedFiles(project, parts);
    const { kind, schema } = parts;
    try {
      const text = await ifPresent(readFile(opened.#file, 'utf8'));
      if (text === null) return opened;
      const kept = z.looseObject({ version: z.literal(1) }).parse(JSON.parse(text));
      opened.#files = z.array(schema).parse(kept[kind]);
    } catch (thrown) {
      report(thrown);
    }
    return opened;
  }

  /** Those that are not where they were are marked. */
  async list(): Promise<F[]> {
    const { stands = () => true } = this.#parts;
    return Promise.all(
      this.#files.map(async (each) => {
        const found = await stat(each.path).catch(() => null);
        return found && stands(found) ? each : { ...each, missing: true as const };
      }),
    );
  }

  /** One of the list, or closed in this session. */
  find(id: string): F | undefined {
    return this.#files.find((each) => each.id === id) ?? this.#closed.get(id)?.file;
  }

  /** On top of the list; each that stood in it already leaves its place. Fails: `file/no-space`, `file/not-writable`. */
  async add(files: readonly F[]): Promise<void> {
    const ids = new Set(files.map(({ id }) => id));
    await this.#keep([...files, ...this.#files.filter(({ id }) => !ids.has(id))]);
  }

  async close(ids: readonly string[]): Promise<void> {
    const closed = new Set(ids);
    const order = this.#files.map(({ id }) => id);
    for (const file of this.#files) if (closed.has(file.id)) this.#closed.set(file.id, { file, order });
    await this.#keep(this.#files.filter(({ id }) => !closed.has(id)));
  }

  /** Where they stood: below what stood above them, else above what stood below, and below what was opened later. */
  async restore(ids: readonly string[]): Promise<F[]> {
    const wanted = new Set(ids);
    const back = [...this.#closed.values()].filter(({ file: { id } }) => wanted.has(id));
    const files = [...this.#files];
    for (const { file, order } of back) {
      this.#closed.delete(file.id);
      if (files.some(({ id }) => id === file.id)) continue;
      const place = order.indexOf(file.id);
      const [above, below] = [new Set(order.slice(0, place)), new Set(order.slice(place + 1))];
      const under = files.findLastIndex(({ id }) => above.has(id)) + 1;
      const over = files.findIndex(({ id }) => below.has(id));
      const later = files.findLastIndex(({ opened }) => opened > file.opened) + 1;
      files.splice(under > 0 ? under : Math.min(over < 0 ? files.length : over, later), 0, file);
    }
    await this.#keep(files);
    return back.map(({ file }) => file);
  }

  async #keep(files: F[]): Promise<void> {
    this.#files = files;
    await writeAtomic(this.#file, `${JSON.stringify({ version: 1, [this.#parts.kind]: files }, null, 2)}\n`);
  }
}

/** The same path is the same file. */
export const idOfPath = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 16);
