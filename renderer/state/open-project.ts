import type { App } from './app.svelte.ts';
import { lastPart } from './last-part.ts';

/** Ending of a project in one file. */
export const archiveEnding = 'heatlens';
const archiveFile = /\.heatlens(\.zip)?$/i;
const projectFile = /(^|[\\/])project\.json$/;
/** A folder's name, or a zip archive's. */
const perhaps = /(^|[\\/])[^\\/.]*$|[\\/]$|\.zip$/i;

/** Opens another project; what it holds replaces what is shown. */
export async function openProject(app: App, folder: string): Promise<void> {
  await swapped(app, () => app.projects.open(folder));
}

/** One of the list; a folder that is gone leaves it, where opening it would make an empty project. */
export async function openRecent(app: App, folder: string): Promise<void> {
  const place = await app.attempt(() => app.projects.recognise(folder));
  if (place === 'folder') return openProject(app, folder);
  if (place === undefined) return;
  await app.attempt(() => app.projects.forget(folder));
  app.toasts.tell(app.t('app.project.gone', { folder }));
}

/** The system's dialog for a folder. */
export async function chooseProject(app: App): Promise<void> {
  const [folder] =
    (await app.attempt(() => app.link.host.pick({ kind: 'folder', title: app.t('app.project.open') }))) ?? [];
  if (folder) await openProject(app, folder);
}

/** Puts the project into one file that the person names. */
export async function saveArchive(app: App): Promise<void> {
  const { t, link, projects, news } = app;
  const name = `${projects.current?.name ?? 'project'}.${archiveEnding}`;
  const filters = [{ name: t('app.project.files'), extensions: [archiveEnding] }];
  const [file] =
    (await app.attempt(() =>
      link.host.pick({ ...{ kind: 'save', name, filters }, title: t('app.project.archive') }),
    )) ?? [];
  if (!file) return;
  const done = await app.attempt(() => news.after(lastPart(file), '', () => projects.archive(file)));
  if (done !== undefined) app.toasts.tell(t('app.project.archived', { file: done }));
}

export async function chooseArchive(app: App): Promise<void> {
  const { t, link } = app;
  const filters = [{ name: t('app.project.files'), extensions: [archiveEnding, 'zip'] }];
  const [file] =
    (await app.attempt(() => link.host.pick({ kind: 'files', title: t('app.project.unpack'), filters }))) ?? [];
  if (file) await openArchive(app, file);
}

/** Unpacks a project's file where the person says; a host without dialogs puts it beside the first project. */
export async function openArchive(app: App, file: string): Promise<void> {
  const { t, link, projects, news } = app;
  let into: string | undefined;
  if (link.abilities.pick) {
    [into] = (await app.attempt(() => link.host.pick({ kind: 'folder', title: t('app.project.unpackInto') }))) ?? [];
    if (!into) return;
  }
  await swapped(app, () => news.after(lastPart(file), '', () => projects.unpack(file, into)));
}

/**
 * Opens a project that was handed over: its folder, its `project.json`, or its archive.
 * @returns false where these are something else
 */
export async function receiveProject(app: App, paths: readonly string[]): Promise<boolean> {
  const [path = ''] = paths;
  if (paths.length !== 1) return false;
  const folder = projectFile.test(path) ? path.replace(/[\\/]project\.json$/, '') : path;
  if (folder === path && !archiveFile.test(path) && !perhaps.test(path)) return false;
  const place = await app.projects.recognise(folder).catch(() => 'neither' as const);
  if (place === 'folder') await openProject(app, folder);
  else if (place === 'archive' || archiveFile.test(path)) await openArchive(app, path);
  else return false;
  return true;
}

async function swapped(app: App, work: () => Promise<void>): Promise<void> {
  const done = await app.attempt(async () => {
    await work();
    await app.refresh();
    return true;
  });
  const { current } = app.projects;
  if (done && current) app.toasts.tell(app.t('app.project.opened', { name: current.name }));
}
