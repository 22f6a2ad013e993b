import type { Page } from '@playwright/test';
import { join } from 'node:path';
import app from '#strings/en/app.json' with { type: 'json' };
import appZh from '#strings/zh/app.json' with { type: 'json' };
import compare from '#strings/en/compare.json' with { type: 'json' };
import data from '#strings/en/data.json' with { type: 'json' };
import evaluate from '#strings/en/evaluate.json' with { type: 'json' };
import exporting from '#strings/en/export.json' with { type: 'json' };
import compareZh from '#strings/zh/compare.json' with { type: 'json' };
import preferences from '#strings/en/preferences.json' with { type: 'json' };
import preferencesZh from '#strings/zh/preferences.json' with { type: 'json' };
import zooZh from '#strings/zh/zoo.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import zoo from '#strings/en/zoo.json' with { type: 'json' };
import { findings } from '#test/support/axe-findings.ts';
import { expect, test, type HeatlensWindow } from '#test/support/heatlens-window.ts';

type Door = keyof typeof app.pages;
const doors = Object.keys(app.pages) as Door[];
const photos = ['chelsea.jpg', 'astronaut.jpg'].map((name) =>
  join(import.meta.dirname, '..', '..', 'assets', 'photos', name),
);
const modelFile = join(import.meta.dirname, '..', 'fixtures', 'keras-files', 'features.keras');
const go = (page: Page, door: Door) => page.locator(`nav [data-page="${door}"]`).click();

/** Does what has this title, by the palette. */
async function byTitle(page: Page, title: string, search = app.search): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder(search).fill(title);
  await page.keyboard.press('Enter');
  await expect(page.getByPlaceholder(search)).toBeHidden();
}

async function roomFindings(page: Page, where: string): Promise<string[]> {
  const found: string[] = [];
  for (const door of doors) {
    await go(page, door);
    await expect(page.locator('main')).not.toBeEmpty();
    found.push(...(await findings(page, `${where} ${door}`)));
  }
  return found;
}

/** Sees what a person with reduced motion sees: nothing fades while it is looked at. */
const still = ({ page }: HeatlensWindow) => page.emulateMedia({ reducedMotion: 'reduce' });

test('axe-core finds nothing serious on any page and in any dialog, in light and dark, in English and Chinese', async ({
  heatlens,
}) => {
  test.setTimeout(300_000); // every page is read twice by axe-core while a network trains
  const { page } = heatlens;
  await still(heatlens);
  await expect(page.getByTestId('welcome')).toBeVisible();
  const found = await findings(page, 'welcome');

  await test.step('with a run under way, in light colours', async () => {
    await page.getByRole('button', { name: new RegExp(welcome.learn.title) }).click();
    await expect(page.getByTestId('run-chip')).toBeVisible();
    found.push(...(await roomFindings(page, 'light')));
  });

  await test.step('dialogs and menus', async () => {
    const shows = async (name: string, open: () => Promise<void>) => {
      await open();
      await expect(page.getByRole('dialog')).toBeVisible();
      found.push(...(await findings(page, name)));
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    };
    await go(page, 'data');
    await shows('palette', () => page.keyboard.press('Control+k'));
    await shows('keys', () => page.keyboard.press('?'));
    await shows('preferences', () => page.keyboard.press('Control+,'));
    const byName = (title: string) => () => byTitle(page, title);
    await shows('rename', byName(data.renameSet.open));
    await shows('classes', byName(data.classEdit.open));
    await shows('splits', byName(data.splitting.again));
    await shows('export', byName(data.export.open));
    await shows('famous', byName(data.famous.open));
    await page.locator('header button').first().click();
    await expect(page.getByRole('menu')).toBeVisible();
    found.push(...(await findings(page, 'menu')));
    await page.keyboard.press('Escape');
  });

  await test.step('what a trained run has: its evaluation, comparison, export, and the zoo', async () => {
    await go(page, 'train');
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 180_000 });
    await go(page, 'evaluate');
    await expect(page.getByRole('table', { name: evaluate.confusion.title })).toBeVisible({ timeout: 60_000 });
    found.push(...(await findings(page, 'evaluate, trained')));
    await go(page, 'train');
    await page.getByTestId('runs').getByRole('checkbox').first().check();
    await byTitle(page, compare.title);
    await expect(page.getByTestId('compare-table').getByRole('rowheader')).toHaveCount(1);
    found.push(...(await findings(page, 'compare')));
    await byTitle(page, zoo.open);
    await expect(page.getByTestId('zoo')).toBeVisible();
    found.push(...(await findings(page, 'zoo')));
    await go(page, 'look');
    await heatlens.drop(photos);
    await expect(page.getByTestId('photo-list').getByRole('option')).toHaveCount(photos.length, { timeout: 60_000 });
    found.push(...(await findings(page, 'photos')));
    const dialog = page.getByRole('dialog');
    await go(page, 'train');
    await byTitle(page, exporting.open);
    for (const name of [exporting.formats.keras.name, exporting.formats.python.name]) {
      await dialog.getByRole('radio', { name }).check();
      found.push(...(await findings(page, `export ${name}`)));
    }
    await page.keyboard.press('Escape');
    await heatlens.drop([modelFile]);
    await expect(page.getByTestId('model-open')).toBeVisible({ timeout: 60_000 });
    found.push(...(await findings(page, 'a model file')));
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

  await test.step('dark, in Chinese', async () => {
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog').getByText(preferences.themes.dark, { exact: true }).click();
    await page.getByRole('dialog').getByText(preferences.languages.zh, { exact: true }).click();
    await expect(page.getByRole('dialog', { name: preferencesZh.title })).toBeVisible();
    found.push(...(await findings(page, 'dark preferences')));
    await page.keyboard.press('Escape');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
    await expect(page.locator('nav [data-page="data"]')).toContainText(appZh.pages.data);
    found.push(...(await roomFindings(page, 'dark')));
    for (const title of [compareZh.title, zooZh.open]) {
      await byTitle(page, title, appZh.search);
      await expect(page.locator('main')).not.toBeEmpty();
      found.push(...(await findings(page, `dark ${title}`)));
    }
  });

  expect([...new Set(found)]).toEqual([]);
  expect(heatlens.complaints).toEqual([]);
});
