import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/failures.ts';
import { film, type Film } from '#contract/video.ts';
import { writeAtomic } from '#engine/project/atomic.ts';
import { ifPresent } from '#engine/project/file-failure.ts';
import type { Project } from '#engine/project/project.ts';
import { bytesOf, findPictures } from './ffmpeg/pictures.ts';
import { probeFilm } from './ffmpeg/probe.ts';
import { sweepProcesses } from './ffmpeg/process-records.ts';
import { namesAProtocol } from './ffmpeg/refused.ts';

/** `films.json`: only paths and facts are kept, the files stay where they are. */
const filmsFile = z.object({ version: z.literal(1), films: z.array(film.omit({ missing: true })) });

export interface OpenedFilms {
  readonly films: Film[];
  readonly skipped: { file: string; reason: string }[];
}

/** The films of a project, newest first. */
export class Films {
  readonly #project: Project;
  #films: Film[] = [];
  /** Those closed in this session, to be put back. */
  readonly #closed = new Map<string, Film>();

  private constructor(project: Project) {
    this.#project = project;
  }

  /** A list that cannot be read is begun anew; `report` hears of it. What an engine that was killed left running is ended. */
  static async open(project: Project, report: (thrown: unknown) => void): Promise<Films> {
    const films = new Films(project);
    const ended = sweepProcesses();
    if (ended.length > 0) report(new Error(`ended ffmpeg processes that were left running: ${ended.join(', ')}`));
    try {
      const text = await ifPresent(readFile(films.#file, 'utf8'));
      if (text !== null) films.#films = filmsFile.parse(JSON.parse(text)).films;
    } catch (thrown) {
      report(thrown);
    }
    return films;
  }

  async list(): Promise<Film[]> {
    return Promise.all(
      this.#films.map(async (each) => ((await stat(each.path).catch(() => null)) ? each : { ...each, missing: true })),
    );
  }

  /** Fails: `film/unknown`. */
  get(id: string): Film {
    const found = this.#films.find((each) => each.id === id) ?? this.#closed.get(id);
    if (!found) throw new AppError('film/unknown', `There is no film ${id}.`, { film: id });
    return found;
  }

  /**
   * Files, folders of pictures, numbered pictures. Those that are in the list already are looked at anew and come to its
   * top. Fails with the first reason where no film is left, and with `film/no-ffmpeg`.
   */
  async add(paths: readonly string[], signal: AbortSignal = new AbortController().signal): Promise<OpenedFilms> {
    const added = new Map<string, Film>();
    const skipped: OpenedFilms['skipped'] = [];
    let first: unknown = null;
    for (const path of paths) {
      signal.throwIfAborted();
      try {
        const opened = await lookAt(path, signal);
        added.set(opened.id, opened);
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code === 'film/no-ffmpeg') throw thrown;
        first ??= thrown;
        skipped.push({ file: path, reason: String(thrown.details['reason'] ?? reasonOf(thrown, path)) });
      }
    }
    if (added.size === 0) throw first;
    const films = [...added.values()];
    await this.#keep([...films, ...this.#films.filter(({ id }) => !added.has(id))]);
    return { films, skipped };
  }

  async close(ids: readonly string[]): Promise<void> {
    const closed = new Set(ids);
    for (const each of this.#films) if (closed.has(each.id)) this.#closed.set(each.id, each);
    await this.#keep(this.#films.filter(({ id }) => !closed.has(id)));
  }

  /** Where they were opened, not where they stood. */
  async restore(ids: readonly string[]): Promise<Film[]> {
    const back = ids.flatMap((id) => this.#closed.get(id) ?? []);
    for (const { id } of back) this.#closed.delete(id);
    const all = [...this.#films, ...back.filter(({ id }) => !this.#films.some((each) => each.id === id))];
    await this.#keep(all.sort((a, b) => b.opened.localeCompare(a.opened)));
    return back;
  }

  get #file(): string {
    return join(this.#project.folder, 'films.json');
  }

  async #keep(films: Film[]): Promise<void> {
    this.#films = films;
    await writeAtomic(this.#file, `${JSON.stringify({ version: 1, films }, null, 2)}\n`);
  }
}

/** A film of a path, as the list keeps it; the same file is the same film. Fails: what `probeFilm` fails with. */
export async function lookAt(path: string, signal: AbortSignal): Promise<Film> {
  const pictures = namesAProtocol(path) ? null : await findPictures(path);
  // Many numbered pictures dropped at once are one film, that of the first of their row.
  const place = pictures?.path ?? (namesAProtocol(path) ? path : resolve(path));
  const facts = await probeFilm(place, signal);
  const size = pictures ? await bytesOf(pictures) : (await stat(place)).size;
  const id = createHash('sha256').update(place).digest('hex').slice(0, 16);
  return { id, name: basename(place), path: place, size, opened: new Date().toISOString(), facts };
}

/** The sentence without the file's name, which stands beside it. */
function reasonOf({ message }: AppError, path: string): string {
  return message.replace(path, 'it').replace(/\.$/, '');
}
