import type { App } from '#state/app.svelte.ts';

/** Takes files handed over by drop, dialog or system: for now they are data sets; the engine says what is wrong. */
export async function receive(app: App, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  const opened = await app.attempt(() => app.datasets.open(paths));
  if (!opened) return;
  app.navigation.dataset = opened.id;
  app.navigation.go('data');
  void app.preferences.set({ welcomed: true });
  app.toasts.undoable(
    app.t('app.drop.opened', { name: opened.name }),
    () => void app.attempt(() => app.datasets.remove(opened.id)),
  );
}
