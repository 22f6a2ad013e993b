import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { Film } from '#contract/video.ts';
import { idOfPath, OpenedFiles } from '#engine/project/opened-files.ts';
import type { Project } from '#engine/project/project.ts';
import { bytesOf, findPictures } from './ffmpeg/pictures.ts';
import { probeFilm } from './ffmpeg/probe.ts';
import { sweepProcesses } from './ffmpeg/process-records.ts';
import { namesAProtocol } from './ffmpeg/refused.ts';
import { filmSamples, keptFilm } from './samples.ts';

export interface OpenedFilms {
  readonly films: Film[];
  readonly skipped: { file: string; reason: string }[];
}

/** The films of a project, newest first. */
export class Films {
  readonly #opened: OpenedFiles<Film>;

  private constructor(opened: OpenedFiles<Film>) {
    this.#opened = opened;
  }

  /** A list that cannot be read is begun anew; `report` hears of it. What an engine that was killed left running is ended. */
  static async open(project: Project, report: (thrown: unknown) => void): Promise<Films> {
    const ended = sweepProcesses();
    if (ended.length > 0) report(new Error(`ended ffmpeg processes that were left running: ${ended.join(', ')}`));
    const kept = { kind: 'films', schema: keptFilm };
    return new Films(await OpenedFiles.open<Film>(project, kept, report));
  }

  list(): Promise<Film[]> {
    return this.#opened.list();
  }

  /** Fails: `film/unknown`. */
  get(id: string): Film {
    const found = this.#opened.find(id);
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
    await this.#opened.add(films);
    return { films, skipped };
  }

  close(ids: readonly string[]): Promise<void> {
    return this.#opened.close(ids);
  }

  /** Where they stood. */
  restore(ids: readonly string[]): Promise<Film[]> {
    return this.#opened.restore(ids);
  }
}

/** A film of a path, as the list keeps it; the same file is the same film. Fails: what `probeFilm` fails with. */
export async function lookAt(path: string, signal: AbortSignal): Promise<Film> {
  const pictures = namesAProtocol(path) ? null : await findPictures(path);
  // Many numbered pictures dropped at once are one film, that of the first of their row.
  const place = pictures?.path ?? (namesAProtocol(path) ? path : resolve(path));
  const facts = await probeFilm(place, signal);
  const size = pictures ? await bytesOf(pictures) : (await stat(place)).size;
  const sample = filmSamples().find((each) => each.path === place)?.id;
  const id = idOfPath(sample === undefined ? place : `sample:${sample}`);
  const opened = new Date().toISOString();
  return { id, name: basename(place), path: place, ...(sample !== undefined && { sample }), size, opened, facts };
}

/** The sentence without the file's name, which stands beside it. */
function reasonOf({ message }: AppError, path: string): string {
  return message.replace(path, 'it').replace(/\.$/, '');
}
