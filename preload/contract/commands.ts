/**
 * Commands that a native menu sends to the page as `HostAction`; the page has an action of the same name wherever the
 * command makes sense, and ignores it elsewhere.
 */
export const menuCommands = {
  /** Choose files of a data set. */
  open: 'data.open',
  openProject: 'project.open',
  exportProject: 'project.export',
  unpackProject: 'project.unpack',
  forgetProjects: 'project.forget-recent',
  openPhotos: 'photos.open',
  openModel: 'model.openFile',
  openFilm: 'film.open',
  preferences: 'preferences.open',
  undo: 'edit.undo',
  train: 'train.start',
  /** Stop after the epoch under way. */
  stop: 'train.stop-epoch',
  palette: 'palette.open',
  keys: 'keys.show',
  help: 'go.help',
} as const;

/** Pages in the order of ⌘1…; the command is `go.<page>`. */
export const pageCommands = ['data', 'model', 'train', 'evaluate', 'look', 'film'] as const;

/** The command is `theme.<theme>`. */
export const themeCommands = ['system', 'light', 'dark'] as const;
