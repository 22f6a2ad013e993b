import { playerKeys } from './film-keys.ts';

/**
 * Every key of the app, in one place: actions take theirs from here, `?` and the help list them. `Mod` is ⌘ on a Mac, else
 * Ctrl. Several keys of one meaning stand side by side.
 */

/** Where keys work: everywhere, or while one page is shown. */
export const keyPlaces = [
  'everywhere',
  'data',
  'model',
  'zoo',
  'train',
  'compare',
  'evaluate',
  'look',
  'film',
] as const;
export type KeyPlace = (typeof keyPlaces)[number];

export interface KeyEntry {
  readonly keys: readonly [string, ...string[]];
  /** What they do: a key of the strings, e.g. `app.search`. */
  readonly word: string;
  /** The action that has them; absent = the part that has the focus does. */
  readonly id?: string;
  /** That part, below `renderer/`; none = the browser or a library. */
  readonly in?: readonly string[];
}

const act = (id: string, keys: string, word: string): KeyEntry => ({ id, keys: [keys], word });
const part = (files: readonly string[], word: string, ...keys: [string, ...string[]]): KeyEntry => ({
  keys,
  word,
  in: files,
});

const arrows: [string, ...string[]] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const upDown: [string, ...string[]] = ['ArrowUp', 'ArrowDown'];
const players = Object.entries(playerKeys).map(([name, keys]) =>
  act(`film.player.${name}`, keys, `film.player.keys.${name}`),
);
const grids = ['ui/SpriteGrid.svelte', 'ui/sprite-grid.ts', 'features/look/classes/HeatTiles.svelte'];

export const keyTable: Readonly<Record<KeyPlace, readonly KeyEntry[]>> = {
  everywhere: [
    act('palette.open', 'Mod+K', 'app.search'),
    act('keys.show', '?', 'app.keys.title'),
    act('go.help', 'F1', 'app.pages.help'),
    act('preferences.open', 'Mod+,', 'preferences.title'),
    act('go.data', 'Mod+1', 'app.pages.data'),
    act('go.model', 'Mod+2', 'app.pages.model'),
    act('go.train', 'Mod+3', 'app.pages.train'),
    act('go.evaluate', 'Mod+4', 'app.pages.evaluate'),
    act('go.look', 'Mod+5', 'app.pages.look'),
    act('go.film', 'Mod+6', 'app.pages.film'),
    act('data.open', 'Mod+O', 'data.open.files'),
    act('photos.open', 'Mod+Shift+P', 'photos.open'),
    act('project.open', 'Mod+Shift+O', 'app.project.open'),
    act('model.export', 'Mod+Shift+E', 'export.open'),
    act('region.next', 'F6', 'app.keys.nextRegion'),
    act('region.previous', 'Shift+F6', 'app.keys.previousRegion'),
    part([], 'app.keys.next', 'Tab', 'Shift+Tab'),
    part([], 'app.keys.close', 'Escape'),
    part([], 'app.keys.zoom', 'Mod+Plus', 'Mod+-', 'Mod+0'),
    part(['ui/HeatCanvas.svelte'], 'app.keys.readHeat', ...arrows),
    part(['ui/HeatCanvas.svelte'], 'app.keys.original', ' '),
  ],
  data: [
    act('data.undo', 'Mod+Z', 'app.undo'),
    act('data.redo', 'Mod+Shift+Z', 'app.redo'),
    act('data.saveDistribution', 'Mod+Shift+E', 'data.saveDistribution'),
    part([...grids, 'features/data/LargeImage.svelte'], 'app.keys.move', ...arrows),
    part(grids, 'app.keys.rows', 'Home', 'End', 'PageUp', 'PageDown'),
    part(grids, 'app.keys.ends', 'Mod+Home', 'Mod+End'),
    part([...grids, 'features/data/LargeImage.svelte'], 'app.keys.large', ' ', 'Enter'),
    part(grids, 'app.keys.pick', 'Mod+Space'),
    part(grids, 'app.keys.range', 'Shift+ArrowLeft', 'Shift+ArrowRight'),
    part(grids, 'app.keys.all', 'Mod+A'),
    part(['features/data/Images.svelte', 'state/class-keys.ts'], 'app.keys.label', '0…9'),
    part(['features/data/Images.svelte'], 'app.keys.leaveOut', 'Delete'),
  ],
  model: [
    act('model.train', 'Mod+Enter', 'model.train'),
    act('model.copy', 'E', 'model.edit.copy'),
    act('model.view', 'G', 'model.edit.toGraph'),
    act('model.add', 'A', 'model.edit.add'),
    act('edit.undo', 'Mod+Z', 'model.edit.undo'),
    act('edit.redo', 'Mod+Shift+Z', 'model.edit.redo'),
    act('model.up', 'Alt+ArrowUp', 'model.edit.up'),
    act('model.down', 'Alt+ArrowDown', 'model.edit.down'),
    { ...act('model.remove', 'Delete', 'model.edit.remove'), in: ['features/model/EditorTable.svelte'] },
    part(['features/model/EditorTable.svelte'], 'model.edit.remove', 'Backspace'),
    part(['features/model/EditorTable.svelte'], 'app.keys.layers', ...upDown, 'Home', 'End'),
    part(['features/model/NetworkGraph.svelte'], 'app.keys.graph', ...arrows),
    part(['features/model/EditorTable.svelte', 'features/model/NetworkGraph.svelte'], 'app.keys.layer', 'Enter', ' '),
  ],
  zoo: [
    part(['features/zoo/ZooTable.svelte'], 'app.keys.tableRows', ...upDown, 'Home', 'End'),
    part(['features/zoo/ZooTable.svelte'], 'app.keys.ask', 'Enter'),
  ],
  train: [
    act('train.start', 'Mod+Enter', 'train.start'),
    act('train.enqueue', 'Mod+Shift+Enter', 'train.queue.add'),
    act('train.pause', 'P', 'app.keys.pause'),
    act('train.stop-epoch', 'Mod+.', 'train.controls.afterEpoch'),
    part(['features/train/AugmentOp.svelte'], 'app.keys.order', 'Alt+ArrowUp', 'Alt+ArrowDown'),
    part(['features/train/AugmentOp.svelte'], 'app.keys.takeOut', 'Delete'),
    part(['features/train/Augment.svelte'], 'app.keys.undoAugment', 'Mod+Z', 'Mod+Shift+Z'),
  ],
  compare: [
    part(['features/compare/CompareTable.svelte'], 'app.keys.tableRows', ...upDown, 'Home', 'End'),
    part(['features/compare/CompareTable.svelte'], 'app.keys.pin', ' '),
    part(['features/compare/CompareTable.svelte'], 'app.keys.refer', 'R'),
    part(['features/compare/CompareTable.svelte'], 'app.keys.openRun', 'Enter'),
  ],
  evaluate: [
    part(['features/evaluate/Confusion.svelte', 'ui/ConfusionCanvas.svelte'], 'app.keys.cells', ...arrows),
    part(['ui/ConfusionCanvas.svelte'], 'app.keys.cell', ' ', 'Enter'),
    part(['ui/ConfusionCanvas.svelte'], 'app.keys.zoomMatrix', '+', '-', '0'),
    part(['features/evaluate/CellImages.svelte', 'state/class-keys.ts'], 'app.keys.label', '0…9'),
    part(['features/evaluate/CellImages.svelte'], 'app.keys.leaveOut', 'Delete'),
  ],
  look: [
    act('photos.previous', ',', 'photos.previous'),
    act('photos.next', '.', 'photos.next'),
    act('photos.close', 'Delete', 'photos.close'),
    act('look.undoStroke', 'Mod+Z', 'look.undoStroke'),
    act('look.clear', 'Delete', 'look.clear'),
    part([], 'app.keys.paste', 'Mod+V'),
    part(
      ['features/look/photos/PhotoList.svelte', 'features/look/photos/BatchTable.svelte'],
      'app.keys.photos',
      ...upDown,
      'Home',
      'End',
      'PageUp',
      'PageDown',
    ),
    part(['features/look/photos/BatchTable.svelte'], 'app.keys.photo', 'Enter'),
    part(['features/look/draw/Pad.svelte'], 'app.keys.penMove', ...arrows),
    part(['features/look/draw/Pad.svelte'], 'app.keys.penDown', ' '),
    part(['features/look/tree/Treemap.svelte'], 'app.keys.branches', ...arrows),
    part(['features/look/tree/Treemap.svelte'], 'app.keys.branchIn', ' ', 'Enter'),
    part(['features/look/tree/Treemap.svelte'], 'app.keys.branchOut', 'Backspace', 'Escape'),
    part(['features/look/classes/BoxImage.svelte', 'features/look/classes/heat-box.ts'], 'app.keys.box', ...arrows),
    part(
      ['features/look/classes/BoxImage.svelte', 'features/look/classes/heat-box.ts'],
      'app.keys.boxSize',
      'Shift+ArrowRight',
      'Shift+ArrowDown',
    ),
    part(['features/look/classes/BoxImage.svelte'], 'app.keys.boxOff', 'Delete', 'Backspace'),
  ],
  film: [
    act('film.make', 'Mod+Enter', 'film.make.button'),
    act('film.previous', ',', 'film.actions.previous'),
    act('film.next', '.', 'film.actions.next'),
    act('film.begin', 'I', 'film.actions.begin'),
    act('film.end', 'O', 'film.actions.end'),
    part(['features/film/FilmList.svelte'], 'app.keys.films', ...upDown),
    ...players,
    part(['features/film/player/Timeline.svelte'], 'film.player.chart.keys', '+', '-', '0'),
    part(['features/film/player/BiasBox.svelte'], 'app.keys.box', ...arrows),
    part(['features/film/player/BiasBox.svelte'], 'app.keys.boxSize', 'Shift+ArrowRight', 'Shift+ArrowDown'),
    part(
      ['features/film/player/BiasPanel.svelte'],
      'app.keys.biasFrames',
      ...upDown,
      'PageUp',
      'PageDown',
      'Home',
      'End',
    ),
  ],
};

const entriesOf = (page: string): readonly KeyEntry[] => (page in keyTable ? keyTable[page as KeyPlace] : []);

/** The keys that an action has on a page. Where the page gives them to something of its own, it has none. */
export function keysOf(id: string, page: string): string | undefined {
  const own = entriesOf(page);
  const found = own.find((entry) => entry.id === id);
  if (found) return found.keys[0];
  const [keys] = keyTable.everywhere.find((entry) => entry.id === id)?.keys ?? [];
  return keys !== undefined && own.some((entry) => entry.id !== undefined && entry.keys.includes(keys))
    ? undefined
    : keys;
}
