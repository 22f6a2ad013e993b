import { BrowserWindow, nativeImage, nativeTheme, screen, type BrowserWindowConstructorOptions } from 'electron';
import path from 'node:path';
import { guardContents } from './guard.ts';
import { pageOrigin } from './scheme.ts';
import { keepWindowState, readWindowState } from './window-state.ts';

/** As `--paper` in renderer/ui/tokens.css, so that nothing flashes before the page is there. */
const papers = { light: '#fafaf8', dark: '#141417' } as const;

/** The smallest content the page is laid out for, px. */
const smallest = { width: 1280, height: 800 } as const;

/** Two crashes of the page within this many milliseconds are not answered with another reload. */
const crashPause = 10_000;

interface Places {
  readonly userData: string;
  readonly preload: string;
  /** A picture that a package carries; a file that is not there is no harm. */
  readonly icon: string;
}

export function openWindow({ userData, preload, icon }: Places): BrowserWindow {
  const kept = readWindowState(userData);
  const options: BrowserWindowConstructorOptions = {
    ...(kept ? kept.bounds : { ...smallest, useContentSize: true }),
    show: false,
    title: 'Heatlens',
    ...ownIcon(icon),
    backgroundColor: paper(),
    webPreferences: {
      preload: path.resolve(preload),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  };
  const window = new BrowserWindow(options);
  keepMinimum(window);
  if (kept?.maximized) window.maximize();
  guardContents(window.webContents);
  keepWindowState(userData, window);
  reloadAfterCrash(window);
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(paper());
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${pageOrigin}/`);
  return window;
}

/** On other systems a window has that of its program; on Linux none, where the package was not installed. */
function ownIcon(file: string): { icon?: Electron.NativeImage } {
  if (process.platform !== 'linux') return {};
  const icon = nativeImage.createFromPath(path.resolve(file));
  return icon.isEmpty() ? {} : { icon };
}

/** Minimum sizes count the frame; a screen may be smaller than what the page would like. */
function keepMinimum(window: BrowserWindow): void {
  const [width = 0, height = 0] = window.getSize();
  const [contentWidth = 0, contentHeight = 0] = window.getContentSize();
  const { workAreaSize } = screen.getDisplayMatching(window.getBounds());
  window.setMinimumSize(
    Math.min(smallest.width + width - contentWidth, workAreaSize.width),
    Math.min(smallest.height + height - contentHeight, workAreaSize.height),
  );
}

const paper = () => (nativeTheme.shouldUseDarkColors ? papers.dark : papers.light);

function reloadAfterCrash(window: BrowserWindow): void {
  let last = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = performance.now();
    if (now - last > crashPause) window.webContents.reload();
    last = now;
  });
}
