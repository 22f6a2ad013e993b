import type { Photo } from '#contract/prediction.ts';
import type { Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';
import { photoPanes } from '#state/navigation.svelte.ts';
import { trySample } from '#state/receive-photos.ts';

interface Doings {
  readonly step: (by: number) => void;
  readonly close: (photo: Photo) => void;
  readonly closeAll: () => void;
  readonly startAll: () => void;
  /** The one in hand. */
  readonly photo: Photo | null;
}

/** What can be done with photos, for the palette and the keys. */
export function photoActions(app: App, { step, close, closeAll, startAll, photo }: Doings): Action[] {
  const { t, photos } = app;
  const some = photos.all.length > 0;
  const panes = photoPanes.map((pane): Action => ({
    id: `photos.pane.${pane}`,
    title: t(`photos.panes.${pane}`),
    group: 'do',
    enabled: some,
    run: () => (app.navigation.photoPane = pane),
  }));
  return [
    { id: 'photos.cat', title: t('photos.tryCat'), group: 'do', run: () => void trySample(app, 'chelsea') },
    { id: 'photos.previous', title: t('photos.previous'), group: 'do', enabled: some, run: () => step(-1) },
    { id: 'photos.next', title: t('photos.next'), group: 'do', enabled: some, run: () => step(1) },
    ...panes,
    {
      id: 'photos.classify',
      title: t('photos.batch.start', { count: photos.all.length }),
      group: 'do',
      enabled: some,
      run: () => {
        app.navigation.photoPane = 'table';
        startAll();
      },
    },
    {
      id: 'photos.close',
      title: t('photos.close'),
      group: 'do',
      enabled: photo !== null,
      run: () => photo && close(photo),
    },
    { id: 'photos.closeAll', title: t('photos.closeAll'), group: 'do', enabled: some, run: closeAll },
  ];
}
