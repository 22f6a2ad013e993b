import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { FilmSettings } from '#contract/video.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import type { Models } from '#engine/predict/models.ts';
import type { Predictor } from '#engine/predict/predictor.ts';
import type { Project } from '#engine/project/project.ts';
import { openWriter } from './ffmpeg/open-writer.ts';
import { readFrames } from './ffmpeg/read-frames.ts';
import { Films } from './films.ts';
import { frameReader } from './one-frame.ts';
import { FilmPreviews } from './preview.ts';
import { FilmQueue } from './queue.ts';
import { FilmResults } from './results.ts';
import { checkSettings } from './run/check-settings.ts';
import { composeFrame, frameExplainer } from './run/frame.ts';
import { filmRunner } from './run/run-film.ts';
import { StandbyThreads } from './run/standby-threads.ts';
import { saveResult, type Saving } from './save.ts';
import type { ExplainFrame } from './stages.ts';

export interface ShelfParts {
  readonly models: Models;
  readonly predictor: Pick<Predictor, 'learnedOnDark'>;
  /** Whether a run trains: films wait for it. */
  training(): boolean;
  readonly report: (thrown: unknown) => void;
  /** Whether films that wait begin by themselves when the project is opened. */
  readonly goesOn: boolean;
  /** Whether there is a page, with a player. */
  readonly shown: boolean;
}

export interface Wanted {
  readonly film: string;
  readonly settings: FilmSettings;
  /** Where the film made is also to be. */
  readonly out?: string | undefined;
}

/** Of the engine, whichever project is open. */
const standby = new StandbyThreads();

/** What of films hangs on one open project. */
export interface Shelf {
  readonly films: Films;
  readonly previews: FilmPreviews;
  readonly queue: FilmQueue;
  readonly results: FilmResults;
  enqueue(wanted: Wanted): ReturnType<FilmQueue['enqueue']>;
  save(result: string, saving: Saving, signal?: AbortSignal): Promise<void>;
}

/** The films of a project: those opened, those in the queue, and what was made of them. */
export async function openShelf(project: Project, parts: ShelfParts): Promise<Shelf> {
  const { models, predictor, training, report, goesOn, shown } = parts;
  const [films, results] = await Promise.all([Films.open(project, report), FilmResults.open(project, report)]);
  const readFrameAt = frameReader(readFrames);
  const runFilm = filmRunner({ models, predictor, standby });
  const label = async (model: string, index: number) => (await models.classes(model))[index]?.label;
  const making = { runFilm, readFrames, openWriter, results, answers: project.filmAnswersFolder, label, report, shown };
  const queue = await FilmQueue.open(project, { ...making, training }, goesOn);
  const known = (model: string) => models.known(model);
  const explain = frameExplainer({ models, predictor });
  const explainFrame: ExplainFrame = async (...asked) => {
    const said = await explain(...asked);
    standby.prepare(); // whoever looks at a frame of a film is about to make it
    return said;
  };
  return {
    films,
    results,
    queue,
    previews: new FilmPreviews({ films, readFrameAt, explainFrame, composeFrame, known }),
    enqueue: async ({ film: id, settings, out }) => {
      const film = films.get(id);
      checkSettings(film, settings);
      await models.known(settings.model);
      await stat(film.path).catch((error: unknown) => {
        throw fileFailure(error, film.path, 'reading');
      });
      if (out !== undefined) await checkOut(out, film.path);
      return queue.enqueue(film, settings, out);
    },
    save: (result, saving, signal) => saveResult(result, saving, { results, readFrameAt }, signal),
  };
}

/** Said before hours of work rather than after. */
async function checkOut(out: string, film: string): Promise<void> {
  const refused = (reason: string) =>
    new AppError('file/not-writable', `${out} cannot be written: ${reason}.`, { file: out, reason });
  if (resolve(out) === resolve(film)) throw refused('it is the film itself');
  const folder = await stat(dirname(resolve(out))).catch(() => null);
  if (!folder?.isDirectory()) throw refused('its folder does not exist');
  if ((await stat(out).catch(() => null))?.isDirectory()) throw refused('it is a folder');
}
