import {
  _electron,
  chromium,
  expect,
  test as base,
  type Browser,
  type ElectronApplication,
  type Page,
} from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findElectron } from '../../scripts/electron.mjs';

/** The checkout whose built app is driven; another one may be named, while this one is being built. */
export const root = process.env['HEATLENS_E2E_ROOT'] ?? join(import.meta.dirname, '..', '..');

/** Heatlens as a person has it before them, in either host, with a home of its own. */
export interface HeatlensWindow {
  readonly kind: 'electron' | 'browser';
  readonly home: string;
  page: Page;
  /** What the page said on its console as an error or threw; a test ends with none. */
  readonly complaints: string[];
  /** Closes the window and its host and opens them again on the same home. */
  restart(): Promise<void>;
  /** Files dropped from the system onto the middle of the window, with their paths as a real drop has them. */
  drop(paths: string[], look?: () => Promise<void>): Promise<void>;
  /**
   * What `ask` has saved: on a desktop the system's dialog, which no test can operate, is answered with a place in `folder`
   * under the name that it was offered; a browser downloads.
   */
  save(folder: string, ask: () => Promise<void>): Promise<{ name: string; path: string }>;
}

interface Host {
  readonly page: Page;
  save(folder: string, ask: () => Promise<void>): Promise<{ name: string; path: string }>;
  close(): Promise<void>;
}

interface Options {
  readonly home: string;
  readonly size: { width: number; height: number };
  readonly env?: Record<string, string>;
}

async function openElectron({ home, size, env }: Options): Promise<Host> {
  const electron = findElectron();
  if (!electron) throw new Error('no Electron on this machine: run node scripts/electron.mjs');
  const app: ElectronApplication = await _electron.launch({
    executablePath: electron.program,
    args: [...electron.flags, root],
    env: { ...hostEnvironment(home), ...env, HEATLENS_NODE: process.execPath },
  });
  const page = await app.firstWindow();
  await app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);
  const save = async (folder: string, ask: () => Promise<void>) => {
    await app.evaluate(({ dialog }, into) => {
      dialog.showSaveDialog = (...asked: unknown[]) => {
        const { defaultPath = '' } = asked.at(-1) as { defaultPath?: string };
        const name = defaultPath.split(/[\\/]/).at(-1) ?? '';
        (globalThis as { savedAs?: string }).savedAs = name;
        return Promise.resolve({ canceled: false, filePath: `${into}/${name}` });
      };
    }, folder);
    await ask();
    const asked = () => app.evaluate(() => (globalThis as { savedAs?: string }).savedAs);
    await expect.poll(asked).toBeTruthy();
    const name = (await asked()) ?? '';
    await app.evaluate(() => delete (globalThis as { savedAs?: string }).savedAs);
    const path = join(folder, name);
    await expect.poll(() => existsSync(path), { timeout: 90_000 }).toBe(true);
    return { name, path };
  };
  return { page, save, close: () => app.close() };
}

async function openBrowser({ home, size, env }: Options): Promise<Host> {
  const server = spawn(process.execPath, [join(root, 'out/main/cli.cjs'), 'serve', '--json'], {
    env: { ...hostEnvironment(home), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await announcedUrl(server);
  const executablePath = process.env['HEATLENS_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser: Browser = await chromium.launch({
    executablePath,
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const page = await browser.newPage({ viewport: size });
  await page.goto(url);
  // The token is answered with a cookie and a page that leads to the window without it.
  await page.waitForURL(({ searchParams }) => !searchParams.has('token'));
  return {
    page,
    save: async (_, ask) => {
      const [download] = await Promise.all([page.waitForEvent('download'), ask()]);
      return { name: download.suggestedFilename(), path: await download.path() };
    },
    close: async () => {
      await browser.close();
      const ended = new Promise((settle) => server.once('exit', settle));
      server.kill('SIGINT');
      await ended;
    },
  };
}

function announcedUrl(server: ChildProcess): Promise<string> {
  return new Promise((settle, fail) => {
    let said = '';
    server.once('exit', (code) => fail(new Error(`serve ended with ${code}: ${said}`)));
    server.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /"url"\s*:\s*"([^"]+)"/.exec(said)?.[1];
      if (url) settle(url);
    });
  });
}

export function hostEnvironment(home: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(inherited),
    HEATLENS_HOME: home,
    HEATLENS_USER_DATA: join(home, 'user-data'),
    LANG: 'en_US.UTF-8',
    LANGUAGE: 'en',
  };
}

export async function dropOn(page: Page, files: string[], look?: () => Promise<void>): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const data = { items: [], files, dragOperationsMask: 1 };
  const at = { x: width / 2, y: height / 2 };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at, data });
  // A hand hovers: a drop before the page has answered a hover counts as one outside.
  for (let hover = 0; hover < 3; hover++) {
    await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at, data });
    await page.evaluate(() => new Promise((settle) => requestAnimationFrame(() => requestAnimationFrame(settle))));
  }
  await look?.();
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at, data });
  await session.detach();
}

/** Opens one window; the caller closes it. */
export async function openHeatlens(
  kind: HeatlensWindow['kind'],
  home: string,
  size = { width: 1280, height: 800 },
  env: Record<string, string> = {},
): Promise<HeatlensWindow & { close(): Promise<void> }> {
  const open = kind === 'electron' ? openElectron : openBrowser;
  const complaints: string[] = [];
  const listen = (page: Page) => {
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on(
      'console',
      (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`),
    );
  };
  let host = await open({ home, size, env });
  listen(host.page);
  const window = {
    kind,
    home,
    complaints,
    page: host.page,
    restart: async () => {
      await host.close();
      host = await open({ home, size, env });
      listen(host.page);
      window.page = host.page;
    },
    drop: (paths: string[], look?: () => Promise<void>) => dropOn(window.page, paths, look),
    save: (folder: string, ask: () => Promise<void>) => host.save(folder, ask),
    close: () => host.close(),
  };
  return window;
}

export const test = base.extend<{ heatlens: HeatlensWindow }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
  heatlens: async ({}, use, info) => {
    const home = await mkdtemp(join(tmpdir(), 'heatlens-e2e-'));
    const window = await openHeatlens(info.project.name === 'browser' ? 'browser' : 'electron', home);
    try {
      await use(window);
      if (info.status !== 'passed')
        await info.attach('window', { body: await window.page.screenshot(), contentType: 'image/png' });
    } finally {
      await window.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  },
});

export { expect };
