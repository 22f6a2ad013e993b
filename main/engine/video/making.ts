import { join } from 'node:path';
import type { FilmResult } from '#contract/video.ts';
import { copyWhole } from './copied-file.ts';
import { plays, writePlayerCopy, type CopyParts } from './player-copy.ts';
import type { KeptJob } from './queue-file.ts';
import { resultFiles, type FilmResults } from './results.ts';
import type { FilmProgress, RunFilm } from './stages.ts';

export interface MakingParts extends CopyParts {
  readonly runFilm: RunFilm;
  readonly results: FilmResults;
  /** Of the project: what networks said. */
  readonly answers: string;
  /** Whether somebody will look at what is made in a player. */
  readonly shown: boolean;
  /** What a class is called. Fails: `model/unknown`. */
  label(model: string, index: number): Promise<string | undefined>;
  /** Hears of what could not be done and keeps no film from being made. */
  readonly report: (thrown: unknown) => void;
}

/** A result that is kept, and why it is not where it was also wanted. */
export interface Made {
  readonly result: FilmResult;
  readonly notWritten: unknown;
}

/**
 * One film from the file to the result. What fails or is cancelled leaves nothing but the network's answers.
 * Fails: as `RunFilm`; with the signal's reason.
 */
export async function makeFilm(
  { id, film, settings, out }: KeptJob,
  { runFilm, results, answers, label, report, shown, ...copying }: MakingParts,
  tell: (progress: FilmProgress) => void,
  signal: AbortSignal,
): Promise<Made> {
  try {
    const folder = await results.begin(id);
    const made = await runFilm({ film, settings, folder, answers }, tell, signal);
    const copied = shown && !plays(film, settings) && (await copy(join(folder, resultFiles.copy)));
    const notWritten = out === undefined ? null : await written(join(folder, resultFiles.film), out);
    const named = settings.class === 'top' ? undefined : await label(settings.model, settings.class).catch(report);
    signal.throwIfAborted();
    const { name, path } = film;
    const source = copied ? ('copy' as const) : ('original' as const);
    const facts = { name, path, settings, source, made: new Date().toISOString() };
    const result: FilmResult = { id, film: film.id, ...facts, ...made };
    await results.keep({ result, film, ...(named && { label: named }) });
    return { result, notWritten };
  } catch (thrown) {
    await results.drop(id).catch(report);
    throw thrown;
  }

  /** Without it the film made is as good; only the player has nothing to show beside it. */
  async function copy(file: string): Promise<boolean> {
    try {
      await writePlayerCopy({ film, settings, file }, copying, signal);
      return true;
    } catch (thrown) {
      signal.throwIfAborted();
      report(thrown);
      return false;
    }
  }

  async function written(from: string, to: string): Promise<unknown> {
    try {
      await copyWhole(from, to, signal);
      return null;
    } catch (thrown) {
      signal.throwIfAborted();
      report(thrown);
      return thrown;
    }
  }
}
