import type { KnownModel, ModelLook } from '#contract/models.ts';
import { toFailure } from '#contract/failures.ts';
import type { App } from './app.svelte.ts';

/** Endings of model files that are told by their names. */
export const modelEndings = ['keras', 'h5', 'hdf5', 'json', 'pb'] as const;
const modelFile = new RegExp(`\\.(${modelEndings.join('|')})$`, 'i');
/** tfjs' values beside their model.json. */
const shard = /\.bin$/i;

/** The model file among these, if they are one and what belongs to it. */
export function modelAmong(paths: readonly string[]): string | undefined {
  const models = paths.filter((path) => modelFile.test(path));
  const rest = paths.filter((path) => !modelFile.test(path) && !shard.test(path));
  return models.length === 1 && rest.length === 0 ? models[0] : undefined;
}

/** Looks at a model file and asks what is to be known of it. Weights of a model of the zoo go there. */
export async function receiveModel(app: App, path: string): Promise<void> {
  await app.attempt(() => app.modelOpening.ask(path, (look) => taken(app, look)));
}

async function taken(app: App, { format, path }: ModelLook): Promise<boolean> {
  const id = format === 'h5-weights' ? await app.zoo.recognise(path) : null;
  if (id === null) return false;
  app.navigation.go('zoo');
  void app.zoo.take(id, path, (name) => app.toasts.tell(app.t('zoo.come', { name })));
  return true;
}

/** The same for a folder that turned out to be no data. @returns whether it is a model, or one that was refused */
export async function receiveFolderAsModel(app: App, paths: readonly string[]): Promise<boolean> {
  const [path] = paths;
  if (path === undefined || paths.length > 1 || /\.[A-Za-z0-9]{1,8}$/.test(path)) return false;
  try {
    await app.modelOpening.ask(path);
  } catch (thrown) {
    if (!toFailure(thrown).code.startsWith('model/')) return false;
    app.toasts.failure(thrown);
  }
  return true;
}

/** Takes a model that has come in hand: it stands among the networks and the models. */
export async function finishModel(app: App, { ref, name, origin }: KnownModel): Promise<void> {
  await app.attempt(() => Promise.all([app.networks.load(), app.models.refresh()]));
  app.navigation.model = ref;
  if (origin?.format === 'saved-model') {
    // It has no layers to look at: what it can do is to answer.
    app.navigation.go('look');
  } else {
    app.navigation.preset = ref;
    app.navigation.go('model');
  }
  app.toasts.tell(app.t('opening.done', { name }));
}
