import { toFailure } from '#contract/failures.ts';
import type { Photo } from '#contract/prediction.ts';
import type { App } from './app.svelte.ts';
import type { Opened, Sample } from './photos.svelte.ts';
import { lastPart } from './last-part.ts';

/** Endings of the pictures that the engine reads. */
export const pictureEndings = ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif'] as const;
const pictureFile = new RegExp(`\\.(${pictureEndings.join('|')})$`, 'i');

/** All of them are picture files on their own, not folders or archives. */
export function arePictures(paths: readonly string[]): boolean {
  return paths.length > 0 && paths.every((path) => pictureFile.test(path));
}

/**
 * Opens files, or folders of loose pictures, as photos and shows them: one by itself, more as a table.
 * @param otherwise what is told when there is no picture among them
 */
export async function receivePhotos(app: App, paths: string[], otherwise?: unknown): Promise<void> {
  try {
    const opened = await app.photos.open(paths);
    app.navigation.lookView = 'photos';
    app.navigation.go('look');
    showOpened(app, opened);
  } catch (thrown) {
    const none = otherwise !== undefined && toFailure(thrown).code === 'photo/none';
    app.toasts.failure(none ? otherwise : thrown);
  }
}

/** A picture of the clipboard, or one that has no file. */
export async function receivePicture(app: App, picture: Blob, name: string): Promise<void> {
  const photo = await app.attempt(() => app.photos.paste(picture, name));
  if (photo) showPhoto(app, photo);
}

/** A photo of the app: the cat, for whoever has none at hand. */
export async function trySample(app: App, name: Sample): Promise<boolean> {
  const photo = await app.attempt(() => app.photos.sample(name));
  if (photo) showPhoto(app, photo);
  return photo !== undefined;
}

/** Takes photos off the list; undo brings them back. */
export async function closePhotos(app: App, photos: readonly Photo[]): Promise<void> {
  const ids = photos.map(({ id }) => id);
  const [first] = photos;
  if (!first) return;
  const done = await app.attempt(async () => {
    await app.photos.close(ids);
    return true;
  });
  if (!done) return;
  app.batch.forget(new Set(ids));
  const text = app.t('photos.closed', { count: photos.length, name: first.name });
  app.toasts.undoable(text, () => void app.attempt(() => app.photos.restore(ids)));
}

function showPhoto(app: App, photo: Photo): void {
  app.navigation.look({ picture: { photo: photo.id } });
  void app.preferences.set({ welcomed: true });
}

function showOpened(app: App, { photos, skipped }: Opened): void {
  const [first] = photos;
  if (!first) return;
  showPhoto(app, first);
  if (skipped.length > 0) {
    const file = lastPart(skipped[0]?.file ?? '');
    app.toasts.tell(app.t('photos.skipped', { count: skipped.length, file }));
  }
  if (photos.length === 1) return;
  app.navigation.photoPane = 'table';
  startBatch(
    app,
    photos.map(({ id }) => id),
  );
}

/** Asks the model in hand about many photos. */
export function startBatch(app: App, photos: readonly string[]): void {
  const model = app.models.find(app.navigation.model) ?? app.models.usual;
  if (model) void app.batch.ask(model, photos, app.looking.waysOf(model));
}
