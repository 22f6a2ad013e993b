import type { Action } from '#state/actions.svelte.ts';
import type { App } from '#state/app.svelte.ts';
import { backRooms, pages } from '#state/navigation.svelte.ts';
import { showResult, trySampleFilm } from '#state/receive-films.ts';
import { chooseData, chooseFilms, chooseModelFile, choosePhotoFiles } from '#state/receive.ts';
import { goRegion } from './regions.ts';

interface Openers {
  readonly openPalette: () => void;
  readonly openKeys: () => void;
  readonly openPreferences: () => void;
}

/** What can be done from everywhere: go to a room, open a run, change the theme. */
export function goActions(app: App, { openPalette, openKeys, openPreferences }: Openers): Action[] {
  const { t, navigation, preferences } = app;
  const rooms = [...pages, ...backRooms].map((page): Action => ({
    id: `go.${page}`,
    title: t('app.goTo', { page: t(`app.pages.${page}`) }),
    group: 'go',
    run: () => navigation.go(page),
  }));
  const themes = (['system', 'light', 'dark'] as const).map((theme): Action => ({
    id: `theme.${theme}`,
    title: t(`app.theme.${theme}`),
    group: 'do',
    run: () => void preferences.set({ theme }),
  }));
  const languages = (['en', 'zh'] as const).map((language): Action => ({
    id: `language.${language}`,
    title: t(`app.language.${language}`),
    words: 'language 语言',
    group: 'do',
    run: () => void preferences.set({ language }),
  }));
  const sets = app.datasets.all.map((set): Action => ({
    id: `dataset.${set.id}`,
    title: set.name,
    group: 'dataset',
    run: () => {
      navigation.dataset = set.id;
      navigation.go('data');
    },
  }));
  const runs = app.runs.all.map((run): Action => ({
    id: `run.${run.id}`,
    title: run.name,
    words: `${run.datasetName} ${run.presetName}`,
    group: 'run',
    run: () => {
      app.openRun(run.id);
      navigation.go('train');
    },
  }));
  const films = app.films.results.map((result): Action => ({
    id: `film.result.${result.id}`,
    title: t('film.results.film', { name: result.name }),
    words: result.model,
    group: 'do',
    run: () => showResult(app, result.id),
  }));
  return [
    { id: 'palette.open', title: t('app.search'), group: 'do', run: openPalette },
    { id: 'keys.show', title: t('app.keys.title'), group: 'do', run: openKeys },
    {
      id: 'preferences.open',
      title: t('preferences.title'),
      words: 'settings language notifications 设置',
      group: 'do',
      run: openPreferences,
    },
    { id: 'region.next', title: t('app.keys.nextRegion'), group: 'go', run: () => goRegion(1) },
    { id: 'region.previous', title: t('app.keys.previousRegion'), group: 'go', run: () => goRegion(-1) },
    { id: 'photos.open', title: t('photos.open'), group: 'do', run: () => void choosePhotoFiles(app) },
    { id: 'film.open', title: t('film.openTitle'), words: 'mp4 video', group: 'do', run: () => void chooseFilms(app) },
    {
      id: 'data.open',
      title: t('data.open.files'),
      group: 'do',
      run: () => void chooseData(app, 'files'),
    },
    { id: 'data.openFolder', title: t('data.open.folder'), group: 'do', run: () => void chooseData(app, 'folder') },
    {
      id: 'model.openFile',
      title: t('opening.choose'),
      words: 'keras h5 hdf5 json tensorflow.js savedmodel weights',
      group: 'do',
      run: () => void chooseModelFile(app),
    },
    ...rooms,
    exportAction(app),
    {
      id: 'go.compare',
      title: t('compare.title'),
      group: 'go',
      run: () => navigation.go('compare'),
      enabled: app.runs.all.length > 0,
    },
    {
      id: 'go.zoo',
      title: t('zoo.open'),
      words: 'imagenet keras resnet vgg',
      group: 'go',
      run: () => navigation.go('zoo'),
    },
    {
      id: 'film.sample',
      title: t('film.trySample'),
      words: 'video mp4',
      group: 'do',
      run: () => void trySampleFilm(app),
    },
    ...films,
    ...themes,
    ...languages,
    ...sets,
    ...runs,
  ];
}

/** The model that the page is about; on the data page the same keys save its table. */
function exportAction({ t, navigation, models, modelExport, runs }: App): Action {
  const run = runs.find(navigation.run);
  const trained = run && run.epochsDone > 0 ? run.id : undefined;
  const shown = { look: navigation.model ?? models.usual?.ref ?? null, model: navigation.preset };
  const page = navigation.page;
  const model = (page === 'look' || page === 'model' ? models.find(shown[page])?.ref : undefined) ?? trained;
  return {
    id: 'model.export',
    title: t('export.open'),
    words: 'keras h5 savedmodel tensorflow.js onnx tflite python',
    group: 'do',
    enabled: model !== undefined,
    run: () => model !== undefined && modelExport.open(model),
  };
}
