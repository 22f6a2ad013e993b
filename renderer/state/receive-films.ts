import { AppError, toFailure, type Failure } from '#contract/failures.ts';
import type { Film, FilmJob, FilmResult } from '#contract/video.ts';
import { duration } from '#ui/format.ts';
import type { App } from './app.svelte.ts';
import type { OpenedFilms } from './films.svelte.ts';
import { lastPart } from './last-part.ts';

/** Endings of films, and of playlists: those are refused, and told why. */
export const filmEndings = [
  ...['mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi', 'mpg', 'mpeg', 'ts', 'mts', 'm2ts', 'wmv', 'flv', 'ogv', '3gp', 'mxf'],
  ...['vob', 'y4m'],
] as const;
const filmFile = new RegExp(`\\.(${[...filmEndings, 'm3u8', 'm3u', 'mpd'].join('|')})$`, 'i');

/** There is a film among them. */
export function areFilms(paths: readonly string[]): boolean {
  return paths.some((path) => filmFile.test(path));
}

/** Opens films and shows the first. */
export async function receiveFilms(app: App, paths: string[]): Promise<void> {
  try {
    showOpened(app, await app.films.open(paths));
  } catch (thrown) {
    const { code, message, details } = namedShort(toFailure(thrown));
    app.toasts.failure(new AppError(code, message, details));
  }
}

/** A person knows the film by its name; where a browser's upload lies says nothing. */
export function namedShort(failure: Failure): Failure {
  const { file } = failure.details;
  return typeof file === 'string' ? { ...failure, details: { ...failure.details, file: lastPart(file) } } : failure;
}

/** Opens the films among these; pictures beside them, as a camera has both, wait on the Look page. */
export async function receiveFilmsAmong(app: App, paths: readonly string[]): Promise<void> {
  const rest = paths.filter((path) => !filmFile.test(path));
  await receiveFilms(
    app,
    paths.filter((path) => filmFile.test(path)),
  );
  if (rest.length === 0) return;
  const opened = await app.photos.open(rest).catch(() => null);
  const text = opened
    ? app.t('film.photosToo', { count: opened.photos.length })
    : app.t('film.passedOver', { count: rest.length, file: lastPart(rest[0] ?? '') });
  app.toasts.tell(text);
}

/**
 * On the Film page a folder is a film of pictures.
 * @returns whether it is one; if not, it may be something else
 */
export async function receiveFolderAsFilm(app: App, paths: string[]): Promise<boolean> {
  if (paths.some((path) => /\.[A-Za-z0-9]{1,8}$/.test(lastPart(path)))) return false;
  try {
    showOpened(app, await app.films.open(paths));
    return true;
  } catch (thrown) {
    if (!toFailure(thrown).code.startsWith('film/')) app.toasts.failure(thrown);
    return !toFailure(thrown).code.startsWith('film/');
  }
}

function showOpened(app: App, { films, skipped }: OpenedFilms): void {
  const [first] = films;
  if (first) showFilm(app, first);
  const [odd] = skipped;
  if (odd) {
    const { file, reason } = { file: lastPart(odd.file), reason: odd.reason };
    app.toasts.tell(app.t('film.skipped', { count: skipped.length, file, reason }));
  }
}

function showFilm(app: App, film: Film): void {
  app.films.show({ kind: 'film', id: film.id });
  app.navigation.go('film');
  void app.preferences.set({ welcomed: true });
}

/** The film of the app, for whoever has none at hand. */
export async function trySampleFilm(app: App): Promise<boolean> {
  const film = await app.attempt(() => app.films.sample());
  if (film) showFilm(app, film);
  return film !== undefined;
}

/** Takes a film off the list; undo brings it back. */
export async function closeFilm(app: App, { id, name }: Film): Promise<void> {
  const done = await app.attempt(async () => {
    await app.films.close([id]);
    return true;
  });
  if (!done) return;
  const back = () => void app.attempt(() => app.films.restore([id]));
  app.toasts.undoable(app.t('film.closed', { name }), back);
}

/** Removes what was made; undo brings it back. */
export async function removeResult(app: App, { id, name, film }: FilmResult): Promise<void> {
  const done = await app.attempt(async () => {
    await app.films.remove(id);
    return true;
  });
  if (!done) return;
  // What was shown is gone: its film is shown, until it comes back.
  const shown = app.films.shown?.id === id;
  if (shown) app.films.show({ kind: 'film', id: film });
  const back = () =>
    void app.attempt(async () => {
      await app.films.restoreResult(id);
      if (shown) showResult(app, id);
    });
  app.toasts.undoable(app.t('film.results.removed', { name }), back);
}

/** Shows what was made. */
export function showResult(app: App, id: string): void {
  app.films.show({ kind: 'result', id });
  app.navigation.go('film');
}

/** Tells of a film that is made, and shows it to whoever was watching it come. */
export async function filmEnded(app: App, job: FilmJob): Promise<void> {
  const { t, films, navigation } = app;
  const watching = () => navigation.page === 'film' && films.shown?.kind === 'job' && films.shown.id === job.id;
  if (job.state === 'cancelled') {
    if (watching()) films.show({ kind: 'film', id: job.film });
    // What a person ended is no news, and nothing is left of it.
    return void app.attempt(() => app.filmQueue.cancel(job.id));
  }
  if (job.state === 'failed') {
    const sentence = job.failure ? app.strings.failure(namedShort(job.failure as Failure)) : '';
    const title = t('film.queue.failedTold', { name: job.name, sentence: '' }).trim();
    return app.news.tell({ title, body: sentence, command: 'go.film' }, !watching());
  }
  await app.attempt(() => films.refreshResults());
  const made = films.result(job.result);
  if (!made) return;
  const watched = watching();
  if (watched) showResult(app, made.id);
  // It stands among the results now.
  void app.attempt(() => app.filmQueue.cancel(job.id));
  const frames = t('film.frames', { count: made.frames.out });
  const title = t('film.queue.made', { name: job.name, frames, time: duration(made.took.whole) });
  app.news.tell({ title, body: made.model, command: `film.result.${made.id}` }, !watched);
}
