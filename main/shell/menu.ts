import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import path from 'node:path';
import en from '#strings/en/menu.json' with { type: 'json' };
import zh from '#strings/zh/menu.json' with { type: 'json' };
import { menuCommands, pageCommands, themeCommands } from '#contract/commands.ts';
import type { Preferences } from '#contract/host.ts';
import { recentShown } from './recent-projects.ts';

/** The menu's texts in the language of the preferences. */
export function menuWords({ language }: Preferences): typeof en {
  const chinese = language === 'zh' || (language === 'system' && app.getLocale().startsWith('zh'));
  return chinese ? zh : en;
}

interface Chosen {
  readonly command: (name: string) => void;
  /** A recent project. */
  readonly open: (folder: string) => void;
}

/** The native menu; what is chosen goes to the page. */
export function setMenu(
  { theme, recentProjects }: Preferences,
  words: ReturnType<typeof menuWords>,
  { command, open }: Chosen,
): void {
  const mac = process.platform === 'darwin';
  const item = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => command(name),
    ...(accelerator && { accelerator }),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const settings = item(words.preferences, menuCommands.preferences, 'CmdOrCtrl+,');
  const file: MenuItemConstructorOptions[] = [
    item(words.open, menuCommands.open, 'CmdOrCtrl+O'),
    item(words.openPhotos, menuCommands.openPhotos, 'CmdOrCtrl+Shift+P'),
    item(words.openFilm, menuCommands.openFilm),
    item(words.openModel, menuCommands.openModel),
    line,
    item(words.openProject, menuCommands.openProject, 'CmdOrCtrl+Shift+O'),
    { label: words.recent, enabled: recentProjects.length > 0, submenu: recent() },
    item(words.exportProject, menuCommands.exportProject),
    item(words.unpackProject, menuCommands.unpackProject),
    line,
    ...(mac ? [] : [settings, line]),
    mac ? { role: 'close', label: words.close } : { role: 'quit', label: words.quit },
  ];
  // The roles serve text fields; what else can be undone is the page's.
  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo', label: words.undo },
    { role: 'redo', label: words.redo },
    line,
    { role: 'cut', label: words.cut },
    { role: 'copy', label: words.copy },
    { role: 'paste', label: words.paste },
    { role: 'selectAll', label: words.selectAll },
  ];
  const view: MenuItemConstructorOptions[] = [
    ...pageCommands.map((page, place) => item(words[page], `go.${page}`, `CmdOrCtrl+${place + 1}`)),
    line,
    item(words.palette, menuCommands.palette, 'CmdOrCtrl+K'),
    {
      label: words.theme,
      submenu: themeCommands.map((name) => ({
        ...item(words[name], `theme.${name}`),
        type: 'radio',
        checked: theme === name,
      })),
    },
    line,
    { role: 'zoomIn', label: words.zoomIn },
    // The same key as on most keyboards' plus, without Shift.
    {
      role: 'zoomIn',
      label: words.zoomIn,
      accelerator: 'CmdOrCtrl+=',
      visible: false,
      acceleratorWorksWhenHidden: true,
    },
    { role: 'zoomOut', label: words.zoomOut },
    { role: 'resetZoom', label: words.zoomReset },
    line,
    { role: 'togglefullscreen', label: words.fullScreen },
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
  ];
  const run = [
    item(words.start, menuCommands.train, 'CmdOrCtrl+Enter'),
    item(words.stop, menuCommands.stop, 'CmdOrCtrl+.'),
  ];
  const help = [item(words.guide, menuCommands.help, 'F1'), item(words.keys, menuCommands.keys)];
  const ofMac: MenuItemConstructorOptions[] = [
    { role: 'about' },
    line,
    settings,
    line,
    { role: 'services' },
    line,
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    line,
    { role: 'quit' },
  ];
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ label: app.name, submenu: ofMac }] : []),
    { label: words.file, submenu: file },
    { label: words.edit, submenu: edit },
    { label: words.view, submenu: view },
    { label: words.run, submenu: run },
    { label: words.help, role: 'help', submenu: help },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));

  function recent(): MenuItemConstructorOptions[] {
    if (recentProjects.length === 0) return [];
    const projects = recentProjects.slice(0, recentShown).map((folder) => ({
      label: path.basename(folder),
      toolTip: folder,
      click: () => open(folder),
    }));
    return [...projects, line, item(words.forget, menuCommands.forgetProjects)];
  }
}
