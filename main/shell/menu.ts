import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import en from '#strings/en/menu.json' with { type: 'json' };
import zh from '#strings/zh/menu.json' with { type: 'json' };
import { menuCommands, pageCommands, themeCommands } from '#contract/commands.ts';
import type { Preferences } from '#contract/host.ts';

/** The native menu in the language of the preferences; what is chosen goes to the page as a command. */
export function setMenu({ language, theme }: Preferences, command: (name: string) => void): void {
  const chinese = language === 'zh' || (language === 'system' && app.getLocale().startsWith('zh'));
  const words = chinese ? zh : en;
  const mac = process.platform === 'darwin';
  const item = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => command(name),
    ...(accelerator && { accelerator }),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const file: MenuItemConstructorOptions[] = [
    item(words.open, menuCommands.open, 'CmdOrCtrl+O'),
    line,
    item(words.openProject, menuCommands.openProject, 'CmdOrCtrl+Shift+O'),
    item(words.exportProject, menuCommands.exportProject),
    line,
    { role: mac ? 'close' : 'quit' },
  ];
  // The roles serve text fields; what else can be undone is the page's.
  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo' },
    { role: 'redo' },
    line,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
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
    { role: 'togglefullscreen' },
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
  ];
  const run = [
    item(words.start, menuCommands.train, 'CmdOrCtrl+Enter'),
    item(words.stop, menuCommands.stop, 'CmdOrCtrl+.'),
  ];
  const help = [item(words.guide, menuCommands.help, 'F1'), item(words.keys, menuCommands.keys)];
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: words.file, submenu: file },
    { label: words.edit, submenu: edit },
    { label: words.view, submenu: view },
    { label: words.run, submenu: run },
    { label: words.help, role: 'help', submenu: help },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
