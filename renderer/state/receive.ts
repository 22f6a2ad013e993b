import type { DataSetSummary, FamousSet, ImageForm, ImportOptions } from '#contract/data.ts';
import { toFailure } from '#contract/failures.ts';
import type { App } from './app.svelte.ts';
import { importForm, optionsOf, plain } from './import-form.ts';
import type { Looked } from './imports.svelte.ts';
import { receiveProject } from './open-project.ts';
import { modelAmong, modelEndings, receiveFolderAsModel, receiveModel } from './receive-model.ts';
import { areFilms, filmEndings, receiveFilms, receiveFilmsAmong, receiveFolderAsFilm } from './receive-films.ts';
import { arePictures, pictureEndings, receivePhotos } from './receive-photos.ts';
import { lastPart } from './last-part.ts';

/**
 * Takes files and folders handed over by drop, dialog or system: what they are is looked up, and where there is
 * something to choose, a person is asked.
 */
export async function receive(app: App, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  if (areFilms(paths)) return receiveFilmsAmong(app, paths);
  if (app.navigation.page === 'film' && (await receiveFolderAsFilm(app, paths))) return;
  if (arePictures(paths)) return receivePhotos(app, paths);
  if (await receiveProject(app, paths)) return;
  const model = modelAmong(paths);
  if (model !== undefined) return receiveModel(app, model);
  const found = await lookedAt(app, paths);
  if (!found) return;
  const looked = byChance.test(found.look.name) ? { ...found, name: nameOf(app, paths) } : found;
  app.navigation.go('data');
  void app.preferences.set({ welcomed: true });
  if (plain(looked.look)) await importLooked(app, looked, looked.look.suggested);
  else app.imports.ask(looked);
}

/** Undefined: it was no data, and was opened as photos, or why not was told. */
async function lookedAt(app: App, paths: string[]): Promise<Looked | undefined> {
  try {
    return await app.imports.look(paths);
  } catch (thrown) {
    // A folder may be a model: SavedModel, or tfjs.
    if (loose.test(toFailure(thrown).code) && (await receiveFolderAsModel(app, paths))) return undefined;
    // A folder of pictures without class folders is no data, but pictures it has.
    if (loose.test(toFailure(thrown).code)) await receivePhotos(app, paths, thrown);
    else app.toasts.failure(thrown);
    return undefined;
  }
}

const loose = /^data\/(one-class|no-usable-images)$/;

/** Takes what was dropped; to be called while the drop is handled. */
export async function receiveDropped(app: App, dropped: DataTransfer): Promise<void> {
  const missed: string[] = [];
  const sent = app.imports.send(
    (options) => app.link.takeDropped(dropped, options),
    (path) => missed.push(path),
  );
  const paths = await app.attempt(() => sent);
  const [file = ''] = missed;
  if (missed.length > 0) app.toasts.tell(app.t('app.drop.missed', { count: missed.length, file }));
  if (paths) await receive(app, paths);
}

/** Imports what was looked at; its end is told with a way back. */
export async function importLooked(app: App, looked: Looked, options: ImportOptions): Promise<void> {
  const known = app.datasets.all.map(({ id }) => id);
  const name = looked.name ?? looked.look.name;
  const made = await app.attempt(() => app.news.after(name, 'go.data', () => app.imports.import(looked, options)));
  if (made) finish(app, made, known);
}

/** Fetches a set from where it is published, and takes it in hand. */
export async function fetchFamous(app: App, set: Pick<FamousSet, 'id' | 'name'>): Promise<void> {
  const known = app.datasets.all.map(({ id }) => id);
  const get = () => app.imports.download(set);
  const made = await app.attempt(() => app.news.after(set.name, 'go.data', get, 'data.import.done'));
  if (made) finish(app, made, known);
}

/** Takes a set that has come in hand. */
function finish(app: App, made: DataSetSummary, known: readonly string[]): void {
  app.navigation.dataset = made.id;
  // Who wants to teach a model new classes goes on with that.
  if (app.draft.form.tuning && isOfPhotos(made)) app.navigation.go('train');
  const { skipped = 0, repaired = 0, name } = made;
  const text =
    skipped + repaired > 0
      ? app.t('data.import.doneOdd', { name, skipped, repaired })
      : app.t('data.import.done', { name });
  // A set that was there already is not new, so there is nothing to take back.
  if (known.includes(made.id)) app.toasts.tell(text);
  else app.toasts.undoable(text, () => void app.attempt(() => app.datasets.remove(made.id)));
  if (skipped + repaired > 0) app.imports.report = made.id;
}

/** Files that were sent lie in a folder of such a name, so a set of loose ones is named after the first of them. */
const byChance = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function nameOf(app: App, [first = '']: readonly string[]): string {
  return stemOf(first) ?? app.t('data.open.unnamed');
}

/**
 * Lets the person choose files or a folder and opens them: the system's dialog where the host has one, else the
 * browser's own and an upload.
 */
export async function chooseData(app: App, kind: 'files' | 'folder'): Promise<void> {
  const { link, t } = app;
  const paths = await app.attempt(async () => {
    if (link.abilities.pick) return link.host.pick({ kind, title: t(`data.open.${kind}Title`) });
    return sent(app, await browserFiles(kind === 'folder'));
  });
  if (paths) await receive(app, paths);
}

/** The same for photos. */
export async function choosePhotoFiles(app: App): Promise<void> {
  const { link, t } = app;
  const paths = await app.attempt(async () => {
    const filters = [{ name: t('photos.files'), extensions: [...pictureEndings] }];
    if (link.abilities.pick) return link.host.pick({ kind: 'files', title: t('photos.open'), filters });
    return sent(app, await browserFiles(false, 'image/*'));
  });
  if (paths && paths.length > 0) await receivePhotos(app, paths);
}

/** The same for films: files, or a folder of pictures as one. */
export async function chooseFilms(app: App, kind: 'files' | 'folder' = 'files'): Promise<void> {
  const { link, t } = app;
  const paths = await app.attempt(async () => {
    if (!link.abilities.pick)
      return sent(app, await browserFiles(kind === 'folder', kind === 'folder' ? '' : filmTypes));
    const filters = kind === 'folder' ? [] : [{ name: t('film.files'), extensions: [...filmEndings] }];
    return link.host.pick({ kind, title: t(kind === 'folder' ? 'film.folderTitle' : 'film.openTitle'), filters });
  });
  if (paths && paths.length > 0) await receiveFilms(app, paths);
}

/** One file of a model's weights; undefined where the person chose none. */
export async function chooseWeights(app: App): Promise<string | undefined> {
  const { link, t } = app;
  const paths = await app.attempt(async () => {
    const filters = [{ name: t('zoo.files'), extensions: ['h5', 'hdf5', 'keras'] }];
    if (link.abilities.pick) return link.host.pick({ kind: 'files', title: t('zoo.fileTitle'), filters });
    return sent(app, await browserFiles(false, '.h5,.hdf5,.keras'));
  });
  return paths?.[0];
}

/** The same for a model file. */
export async function chooseModelFile(app: App): Promise<void> {
  const { link, t } = app;
  const paths = await app.attempt(async () => {
    const filters = [{ name: t('opening.files'), extensions: [...modelEndings] }];
    if (link.abilities.pick) return link.host.pick({ kind: 'files', title: t('opening.choose'), filters });
    const accept = modelEndings.map((ending) => `.${ending}`).join(',');
    return sent(app, await browserFiles(false, `${accept},.bin`));
  });
  if (!paths || paths.length === 0) return;
  await receiveModel(app, modelAmong(paths) ?? paths[0] ?? '');
}

async function sent(app: App, files: readonly File[]): Promise<string[]> {
  if (files.length === 0) return [];
  return app.imports.send(
    (options) => app.link.take(files, options),
    () => undefined,
  );
}

/** Systems do not know all of them as films. */
const filmTypes = ['video/*', ...filmEndings.map((ending) => `.${ending}`)].join(',');

function browserFiles(folder: boolean, accept = ''): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.multiple = true;
  input.webkitdirectory = folder;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]), { once: true });
    input.addEventListener('cancel', () => resolve([]), { once: true });
    input.click();
  });
}

/** What an IDX file's name says besides its part: `letters-images-idx3-ubyte.gz` → `letters`; of `train-…` nothing. */
export function stemOf(path: string): string | undefined {
  const file = lastPart(path);
  const stem = file
    .replace(/\.(gz|txt)$/i, '')
    .replace(/[-_.]?idx\d[-_.]ubyte$/i, '')
    .replace(/[-_.]?(images|labels)$/i, '')
    .replace(/(^|[-_.])(train|training|t10k|test|validation|val)$/i, '');
  return stem === '' ? undefined : stem;
}

const isOfPhotos = ({ kind }: DataSetSummary) => kind === 'folder' || kind === 'archive';

/** The data of this name that comes with the app, imported at the size that the chosen base takes. */
export async function importSample(app: App, id: string): Promise<void> {
  const path = await app.attempt(
    async () => (await app.link.engine.data.samples()).find((each) => each.id === id)?.path,
  );
  const looked = path === undefined ? undefined : await lookedAt(app, [path]);
  if (!looked) return;
  await importLooked(app, looked, optionsOf(looked.look, importForm(looked.look, baseForm(app))));
}

/** The form in which photos are taken in for the base that is chosen; undefined where none is. */
export function baseForm(app: App): Partial<ImageForm> | undefined {
  const { tuning } = app.draft.form;
  const base = tuning && app.models.find(tuning.base);
  if (!base) return undefined;
  const { height, width, channels, fit } = base;
  return { height, width, channels: channels === 1 ? 1 : 3, fit };
}
