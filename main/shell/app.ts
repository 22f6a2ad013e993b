import { app, BrowserWindow, nativeTheme, session } from 'electron';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Preferences } from '#contract/host.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { PreferencesFile } from '#link/preferences-file.ts';
import { userDataFolder } from '#link/user-data.ts';
import { Actions, filesIn } from './actions.ts';
import { pick, reveal } from './dialogs.ts';
import { guardSession } from './guard.ts';
import { answerPage, type Picking } from './host.ts';
import { engineLauncher, runsOwnEngine } from './installed.ts';
import { menuWords, setMenu } from './menu.ts';
import { NewsDesk } from './news.ts';
import { stayAwakeAtWork } from './power.ts';
import { RecentProjects } from './recent-projects.ts';
import { answerScheme, declareScheme } from './scheme.ts';
import { asksForSelfTest, runSelfTest } from './self-test.ts';
import { openWindow } from './window.ts';
import { WorkBar } from './work.ts';

/**
 * Runs the window, or hands its files to the one that runs already.
 * @param out the folder of everything built
 */
export function runApp(out: string): void {
  if (asksForSelfTest(process.argv)) return void runSelfTest(out, engineLauncher(out));
  const userData = userDataFolder();
  app.setAppUserModelId('studio.heatlens.app'); // as in electron-builder.yml: Windows shows notifications of no other
  app.setPath('userData', userData); // first of all: the lock of the single instance lies there
  if (app.requestSingleInstanceLock()) start(out, userData);
  else app.quit(); // the first instance is told by itself, with our arguments
}

const report = (sentence: string) => void process.stderr.write(`${sentence}\n`);

function start(out: string, userData: string): void {
  const unpackaged = process.defaultApp === true;
  const preferences = new PreferencesFile(userData);
  const engine = new EngineProcess({
    launch: engineLauncher(out),
    args: () => ({ backend: preferences.values.backend, queue: 'goes-on', ...lastProject(preferences.values) }),
    report,
  });
  const actions = new Actions();
  const recent = new RecentProjects();
  if (!runsOwnEngine) engine.start(); // while Electron gets ready
  declareScheme();
  actions.open(filesIn(process.argv, process.cwd(), unpackaged));
  app.on('open-file', (event, file) => {
    event.preventDefault();
    actions.open([file]);
  });
  app.on('second-instance', (_event, argv, folder) => {
    focus();
    actions.open(filesIn(argv, folder, unpackaged));
  });
  app.on('window-all-closed', () => app.quit());
  endWithEngine(engine);
  void app.whenReady().then(() => {
    engine.start();
    follow(preferences.values);
    preferences.onChange(follow);
    guardSession(session.defaultSession);
    answerScheme(session.defaultSession, { folder: path.join(out, 'renderer'), pictures: () => engine.pictures });
    const window = openWindow({
      userData,
      preload: path.join(out, 'preload', 'index.cjs'),
      icon: path.join(out, 'icon.png'),
    });
    const bar = new WorkBar(window);
    const news = new NewsDesk(window, { focus, command: (name) => actions.command(name) });
    const abilities = {
      kind: 'desktop' as const,
      pick: true,
      paths: true,
      reveal: true,
      notify: true,
      platform: process.platform,
      version: app.getVersion(),
      shell: `Electron ${process.versions.electron}`,
    };
    const own = { pick: (request: Picking) => pick(window, request), reveal, notify: news.tell, working: bar.show };
    answerPage(window, { engine, preferences, abilities, ...own, onAction: actions.follow }, report);
    stayAwakeAtWork(engine, () => bar.busy);
  });

  function follow(values: Preferences): void {
    nativeTheme.themeSource = values.theme;
    const words = menuWords(values);
    setMenu(values, words, { command: (name) => actions.command(name), open: (folder) => actions.open([folder]) });
    recent.tell(values.recentProjects, words.recent);
  }
}

/** The project that was open last, unless the environment names one. */
function lastProject({ recentProjects: [last] }: Preferences): { project?: string } {
  const named = process.env['HEATLENS_PROJECT'];
  return !named && last !== undefined && existsSync(path.join(last, 'project.json')) ? { project: last } : {};
}

function focus(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}

/** The engine saves before the window's process goes. */
function endWithEngine(engine: EngineProcess): void {
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    void engine.close().finally(() => {
      ended = true;
      app.quit();
    });
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => app.quit());
}
