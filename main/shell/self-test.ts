import { app, BrowserWindow, session } from 'electron';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LaunchEngine } from '#link/engine-child.ts';
import type { EngineProcess } from '#link/engine-process.ts';
import type { HostParts } from '#link/host-calls.ts';
import { PreferencesFile } from '#link/preferences-file.ts';
import { selfTest } from '#link/self-test/self-test.ts';
import { guardSession } from './guard.ts';
import { answerPage } from './host.ts';
import { answerScheme, declareScheme, pageOrigin } from './scheme.ts';

const flag = '--self-test';

/** The frame of the page alone, with its menus, has some hundred. */
const fewestElements = 40;

export const asksForSelfTest = (argv: readonly string[]) =>
  argv.some((each) => each === flag || each.startsWith(`${flag}=`));

/**
 * `--self-test`: no window is shown, nothing of this user is touched; one line of JSON on stdout, or in the file of
 * `--self-test=FILE` (programs with windows have no stdout on Windows), and exit code 0 or 1.
 */
export async function runSelfTest(out: string, launch: LaunchEngine): Promise<void> {
  const profile = mkdtempSync(path.join(tmpdir(), 'heatlens-profile-'));
  app.setPath('userData', profile); // before anything lies there
  // At the very end: what Chromium writes when it closes lies there too.
  process.once('exit', () => rmSync(profile, { recursive: true, force: true }));
  app.on('window-all-closed', () => undefined); // else the end of the only window is the end of the app
  declareScheme();
  await app.whenReady();
  const { electron = '', chrome = '', node } = process.versions;
  const report = await selfTest({
    launch,
    versions: { heatlens: app.getVersion(), electron, chrome, node },
    packaged: app.isPackaged,
    report: (sentence) => void process.stderr.write(`${sentence}\n`),
    ownSteps: { page: (engine) => showPage(out, profile, engine) },
  });
  const file = process.argv.find((each) => each.startsWith(`${flag}=`))?.slice(flag.length + 1);
  const text = `${JSON.stringify(report)}\n`;
  if (file) writeFileSync(file, text);
  else await new Promise((settle) => process.stdout.write(text, settle));
  app.exit(report.ok ? 0 : 1);
}

/** The page as a person gets it, in a window that is never shown. */
async function showPage(out: string, profile: string, engine: EngineProcess) {
  const inMemory = session.fromPartition('self-test', { cache: false });
  guardSession(inMemory);
  answerScheme(inMemory, { folder: path.join(out, 'renderer'), pictures: () => engine.pictures });
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      ...{ preload: path.resolve(out, 'preload', 'index.cjs'), session: inMemory },
      ...{ sandbox: true, contextIsolation: true },
    },
  });
  const nothing = () => undefined;
  const host: HostParts = {
    engine,
    preferences: new PreferencesFile(profile),
    abilities: {
      ...{ kind: 'desktop', pick: false, paths: true, reveal: false, notify: false },
      ...{ platform: process.platform, version: app.getVersion(), shell: `Electron ${process.versions.electron}` },
    },
    pick: () => Promise.resolve([]),
    reveal: () => Promise.resolve(),
    notify: nothing,
    working: nothing,
    onAction: () => nothing,
  };
  answerPage(window, host, nothing);
  await window.loadURL(`${pageOrigin}/`);
  const elements = await elementsIn(window);
  const title = window.getTitle();
  window.destroy();
  return { title, elements };
}

/** The page builds itself when its calls are answered. Fails when it has not after half a minute. */
async function elementsIn(window: BrowserWindow): Promise<number> {
  let elements = 0;
  for (const until = performance.now() + 30_000; performance.now() < until;) {
    elements = (await window.webContents.executeJavaScript('document.querySelectorAll("body *").length')) as number;
    if (elements >= fewestElements) return elements;
    await new Promise((settle) => setTimeout(settle, 100));
  }
  throw new Error(`The page shows nothing: ${elements} elements, expected ${fewestElements} or more.`);
}
