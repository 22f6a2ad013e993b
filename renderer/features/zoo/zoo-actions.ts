import type { ZooEntry } from '#contract/zoo.ts';
import type { Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';
import { chooseWeights } from '#state/receive.ts';

/** Gets the weights; what has come when the person is elsewhere is told. */
export async function getWeights(app: App, { id, name }: ZooEntry): Promise<void> {
  const come = await app.zoo.fetch(id);
  if (come && app.navigation.page !== 'zoo') app.toasts.tell(app.t('zoo.come', { name }));
}

/** Takes the weights from a file that the person chooses. @param entry absent = the model that the file belongs to */
export async function installFile(app: App, entry?: ZooEntry): Promise<void> {
  const { zoo, t } = app;
  const path = await chooseWeights(app);
  if (path === undefined) return;
  const id = entry?.id ?? (await app.attempt(() => zoo.recognise(path)));
  if (id === undefined) return;
  if (id === null) {
    app.toasts.tell(t('zoo.unrecognised'));
    return;
  }
  zoo.select(id);
  await zoo.install(path, id);
}

/** Removed weights can be fetched again. */
export async function removeWeights(app: App, { id, name }: ZooEntry): Promise<void> {
  await app.attempt(() => app.zoo.remove(id));
  app.toasts.tell(app.t('zoo.removed', { name }));
}

export function classifyWith(app: App, { id }: ZooEntry): void {
  app.navigation.look({ model: id });
}

/** A run that begins with these weights: its settings are on the Train page. */
export function fineTune(app: App, { id }: ZooEntry): void {
  app.draft.tune(id);
  app.navigation.go('train');
}

/** A copy of the network in the project, where it can be looked at and changed. */
export async function seeNetwork(app: App, { id }: ZooEntry): Promise<void> {
  const { networks, navigation, t } = app;
  await app.attempt(async () => {
    await networks.editor?.settle();
    const spec = await app.link.engine.model.spec({ preset: id });
    const source = t('model.edit.madeFrom', { name: spec.name });
    const name = t('model.edit.copyOf', { name: spec.name });
    navigation.preset = await networks.create({ ...spec, source, name });
    navigation.go('model');
  });
}

export function zooActions(app: App): Action[] {
  const { t, zoo } = app;
  const entry = zoo.selected;
  return [
    {
      id: 'zoo.classify',
      title: t('zoo.classify'),
      group: 'do',
      enabled: entry !== undefined && entry.here !== 'no',
      run: () => entry && classifyWith(app, entry),
    },
    { id: 'zoo.openFile', title: t('zoo.openFile'), group: 'do', run: () => void installFile(app) },
    {
      id: 'zoo.measureAll',
      title: t('zoo.measureAll'),
      group: 'do',
      enabled: !zoo.measuring,
      run: () => void zoo.measure(zoo.entries.map(({ id }) => id)),
    },
  ];
}
