import { _electron, expect, test } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import news from '#strings/en/news.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { hostEnvironment, root } from '#test/support/heatlens-window.ts';
import { findElectron } from '../../scripts/electron.mjs';

/** What the shell told the system, kept where the test can read it. */
interface Told {
  news: { title: string; body: string }[];
  bars: number[];
  awake: number;
  click(): void;
}

test('a run that ends while another window is in front is told by the system, and a click shows it', async () => {
  const electron = findElectron();
  if (!electron) throw new Error('no Electron on this machine: run node scripts/electron.mjs');
  const home = await mkdtemp(join(tmpdir(), 'heatlens-e2e-'));
  const app = await _electron.launch({
    executablePath: electron.program,
    args: [...electron.flags, root],
    env: { ...hostEnvironment(home), HEATLENS_NODE: process.execPath },
  });
  try {
    const page = await app.firstWindow();
    await app.evaluate(({ BrowserWindow, Notification, powerSaveBlocker }) => {
      const told: Told = { news: [], bars: [], awake: 0, click: () => undefined };
      (globalThis as unknown as { told: Told }).told = told;
      const [window] = BrowserWindow.getAllWindows();
      if (!window) return;
      // No screen here has a second window to stand in front, nor a notification centre.
      window.isFocused = () => false;
      window.setProgressBar = (share: number) => void told.bars.push(share);
      Notification.isSupported = () => true;
      // `show` is each one's own and does nothing without a notification centre; whoever listens to a click shows it.
      const { on } = Notification.prototype;
      Notification.prototype.on = function (this: Electron.Notification, event: string, hear: () => void) {
        if (event === 'click') {
          told.news.push({ title: this.title, body: this.body });
          told.click = () => this.emit('click');
        }
        return on.call(this, event as 'show', hear);
      } as typeof on;
      const start = powerSaveBlocker.start.bind(powerSaveBlocker);
      powerSaveBlocker.start = (type) => {
        told.awake += 1;
        return start(type);
      };
    });
    const told = () =>
      app.evaluate(() => {
        const { news: all, bars, awake } = (globalThis as unknown as { told: Told }).told;
        return { news: all, bars, awake };
      });
    await page.evaluate(() => (document.hasFocus = () => false));

    await page.getByRole('button', { name: new RegExp(welcome.learn.title) }).click();
    await expect(page.getByTestId('run-chip')).toBeVisible();
    await page.locator('nav [data-page="help"]').click();
    await expect
      .poll(async () => (await told()).bars.some((share) => share > 0 && share < 1), { timeout: 60_000 })
      .toBe(true);
    await expect.poll(async () => (await told()).awake, { timeout: 30_000 }).toBeGreaterThan(0);
    await expect(page).toHaveTitle(/^\d+ % – My project – Heatlens$/);

    await expect.poll(async () => (await told()).news.length, { timeout: 150_000 }).toBe(1);
    const [item] = (await told()).news;
    expect(item?.title).toMatch(new RegExp(news.run.done.replace('{name}', '.+')));
    expect(item?.body).toMatch(/2 epochs · test accuracy \d+\.\d %/);
    expect((await told()).bars.at(-1)).toBe(-1);
    await expect(page).toHaveTitle(/^\(1\) /);

    await app.evaluate(() => (globalThis as unknown as { told: Told }).told.click());
    await expect(page.locator('nav [data-page="train"]')).toHaveAttribute('aria-current', 'page');
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done');
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
