import type { App } from './app.svelte.ts';

/** Takes files handed over by drop, dialog or system: for now they are data sets; the engine says what is wrong. */
export async function receive(app: App, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  // Files that were sent lie in a folder named by chance; a set is otherwise named after its folder.
  const name = app.link.abilities.paths ? undefined : (stemOf(paths[0] ?? '') ?? app.t('data.open.unnamed'));
  const opened = await app.attempt(() => app.datasets.open(paths, name));
  if (!opened) return;
  app.navigation.dataset = opened.id;
  app.navigation.go('data');
  void app.preferences.set({ welcomed: true });
  app.toasts.undoable(
    app.t('app.drop.opened', { name: opened.name }),
    () => void app.attempt(() => app.datasets.remove(opened.id)),
  );
}

/**
 * Lets the person choose files or a folder and opens them: the system's dialog where the host has one, else the
 * browser's own and an upload.
 */
export async function chooseData(app: App, kind: 'files' | 'folder'): Promise<void> {
  const { link, t } = app;
  const paths = await app.attempt(async () => {
    if (link.abilities.pick) return link.host.pick({ kind, title: t(`data.open.${kind}Title`) });
    const files = await browserFiles(kind === 'folder');
    return files.length === 0 ? [] : link.take(files, {});
  });
  if (paths) await receive(app, paths);
}

function browserFiles(folder: boolean): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
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
  const file = path.split(/[\\/]/).pop() ?? '';
  const stem = file
    .replace(/\.gz$/i, '')
    .replace(/[-_.]?idx\d[-_.]ubyte$/i, '')
    .replace(/[-_.]?(images|labels)$/i, '')
    .replace(/(^|[-_.])(train|training|t10k|test|validation|val)$/i, '');
  return stem === '' ? undefined : stem;
}
