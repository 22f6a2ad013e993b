import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import type { HeatPlane } from '#contract/heat-plane.ts';
import { filmFrame, filmResult, type FilmFrame, type FilmResult } from '#contract/video.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { fromTrash, toTrash } from '#engine/project/trash.ts';
import { keptFilm } from './samples.ts';

/** Files of a result, beside `film.json`, which is written last: a folder without it holds nothing whole. */
export const resultFiles = { film: 'heat.mp4', frames: 'frames.jsonl', maps: 'maps.f32', copy: 'source.mp4' } as const;
const factsFile = 'film.json';

/** Raised when the files change their meaning. */
const version = 1;
const kept = z.object({
  version: z.literal(version),
  result: filmResult,
  /** As it was when the result was made: frames of the original are read by it. */
  film: keptFilm,
  /** What the class is called that all heat is for, if it is one. */
  label: z.string().optional(),
});
export type KeptResult = Omit<z.infer<typeof kept>, 'version'>;

/** What was made of films: a folder each, by its id. */
export class FilmResults {
  readonly #project: Project;
  readonly #results = new Map<string, KeptResult>();

  private constructor(project: Project) {
    this.#project = project;
  }

  /**
   * Folders of films that were never finished go; one whose film.json cannot be read stays on the disk and is left out.
   * `report` hears of both.
   */
  static async open(project: Project, report: (thrown: unknown) => void): Promise<FilmResults> {
    const results = new FilmResults(project);
    const entries = await readdir(project.filmsFolder, { withFileTypes: true });
    await Promise.all(
      entries.filter((entry) => entry.isDirectory()).map(({ name }) => results.#load(name).catch(report)),
    );
    return results;
  }

  /** Newest first. */
  list(): FilmResult[] {
    return [...this.#results.values()]
      .map(({ result }) => result)
      .sort((a, b) => b.made.localeCompare(a.made) || b.id.localeCompare(a.id));
  }

  /** Fails: `film/unknown-result`. */
  get(id: string): KeptResult {
    const found = this.#results.get(id);
    if (!found) throw unknown(id);
    return found;
  }

  folder(id: string): string {
    return join(this.#project.filmsFolder, id);
  }

  /** Fails: `film/unknown-result`. */
  file(id: string, part: keyof typeof resultFiles): string {
    return join(this.folder(this.get(id).result.id), resultFiles[part]);
  }

  /** A name for what is to be made of a film; nothing has it, not in the trash either. */
  freeId(name: string, taken: (id: string) => boolean): string {
    const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const word = name
      .replace(/\.[^.]*$/, '')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-+|-+$/g, '');
    const first = `${stamp}-${[...word].slice(0, 40).join('') || 'film'}`;
    let id = first;
    for (let number = 2; taken(id) || this.#taken(id); number++) id = `${first}-${number}`;
    return id;
  }

  /** An empty folder for what is to be made; what lay there was not whole. Fails: `file/no-space`, `file/not-writable`. */
  async begin(id: string): Promise<string> {
    const folder = this.folder(id);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw fileFailure(error, folder, 'writing');
    });
    return folder;
  }

  /** Takes back what `begin` made. */
  async drop(id: string): Promise<void> {
    await rm(this.folder(id), { recursive: true, force: true });
  }

  /** From now on it is a result. Fails: `file/no-space`, `file/not-writable`. */
  async keep(made: KeptResult): Promise<void> {
    const text = `${JSON.stringify({ version, ...made }, null, 2)}\n`;
    await writeAtomic(join(this.folder(made.result.id), factsFile), text);
    this.#results.set(made.result.id, made);
  }

  /** One after the other, as they came. Fails: `film/unknown-result`, `file/…`. */
  async *frames(id: string): AsyncGenerator<FilmFrame> {
    const file = this.file(id, 'frames');
    try {
      for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
        if (line) yield filmFrame.parse(JSON.parse(line));
      }
    } catch (thrown) {
      throw fileFailure(thrown, file, 'reading');
    }
  }

  /** The heat of one frame, 0…1. @param place from 0. Fails: `film/unknown-result`, `file/…`. */
  async map(id: string, place: number): Promise<HeatPlane> {
    const { height, width } = this.get(id).result.maps;
    const file = this.file(id, 'maps');
    const values = new Float32Array(height * width);
    try {
      const handle = await open(file);
      try {
        const { bytesRead } = await handle.read(
          new Uint8Array(values.buffer),
          0,
          values.byteLength,
          place * values.byteLength,
        );
        if (bytesRead < values.byteLength) throw new Error(`it ends before frame ${place}`);
      } finally {
        await handle.close();
      }
    } catch (thrown) {
      throw fileFailure(thrown, file, 'reading');
    }
    return { height, width, values };
  }

  /** Fails: `film/unknown-result`, `file/not-writable`. */
  async remove(id: string): Promise<void> {
    await toTrash(this.#project, 'films', this.get(id).result.id);
    this.#results.delete(id);
  }

  /** Fails: `film/unknown-result`. */
  async restore(id: string): Promise<FilmResult> {
    if (!this.#results.has(id)) {
      if (id !== basename(id) || id.startsWith('.')) throw unknown(id);
      await fromTrash(this.#project, 'films', id).catch(() => {
        throw unknown(id);
      });
      await this.#load(id);
    }
    return this.get(id).result;
  }

  #taken(id: string): boolean {
    return (
      this.#results.has(id) || existsSync(this.folder(id)) || existsSync(join(this.#project.trashFolder, 'films', id))
    );
  }

  async #load(id: string): Promise<void> {
    const folder = this.folder(id);
    const file = join(folder, factsFile);
    if (!existsSync(file)) {
      await rm(folder, { recursive: true, force: true });
      throw new Error(`removed ${folder}: the film was not finished`);
    }
    if (!existsSync(join(folder, resultFiles.film))) throw new Error(`left out ${folder}: its film is gone`);
    try {
      const read = kept.parse(JSON.parse(await readFile(file, 'utf8')));
      // A folder may have been copied or renamed by hand: its name is what tells results apart.
      this.#results.set(id, { ...read, result: { ...read.result, id, path: read.film.path } });
    } catch (thrown) {
      throw new Error(`left out ${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
        cause: thrown,
      });
    }
  }
}

/** What the class is called that all heat is for; it may be among no frame's most probable. */
export function namedClass({ result, label }: Pick<KeptResult, 'result' | 'label'>) {
  const { class: index } = result.settings;
  return index === 'top' || label === undefined ? null : { class: index, label };
}

const unknown = (id: string) =>
  new AppError('film/unknown-result', `There is no film "${id}" that was made in this project.`, { result: id });
