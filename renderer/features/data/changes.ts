import type { DataSetSummary } from '#contract/data.ts';
import type { App } from '#state/app.svelte.ts';

/** Makes a change that can be taken back, and says so. False: it failed, which was told. */
export async function change(
  app: App,
  dataset: string,
  work: () => Promise<DataSetSummary>,
  told: string,
): Promise<boolean> {
  const done = await app.attempt(work);
  if (done) app.toasts.undoable(told, () => undo(app, dataset));
  return done !== undefined;
}

export function undo(app: App, dataset: string): void {
  app.browse.place = null;
  void app.attempt(() => app.datasets.undoEdit(dataset));
}

export function redo(app: App, dataset: string): void {
  app.browse.place = null;
  void app.attempt(() => app.datasets.redoEdit(dataset));
}

/** The images in hand: another class, or none of the set any more. */
export async function changePicked(app: App, set: DataSetSummary, to: number | 'exclude'): Promise<void> {
  const { view, picked } = app.browse;
  if (!view || picked.size === 0) return;
  const items = await app.attempt(() => view.itemsAt([...picked]));
  if (!items || items.length === 0) return;
  const images = items.map(({ split, index }) => ({ split, index }));
  const count = images.length;
  if (to === 'exclude') {
    const told = app.t('data.picked.excluded', { count });
    if (await change(app, set.id, () => app.datasets.excludeImages(set.id, images), told)) app.browse.place = null;
  } else {
    const told = app.t('data.picked.relabelled', { count, label: set.classes[to] ?? String(to) });
    await change(app, set.id, () => app.datasets.relabelImages(set.id, images, to), told);
  }
}
