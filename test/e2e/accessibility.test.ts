import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import app from '#strings/en/app.json' with { type: 'json' };
import appZh from '#strings/zh/app.json' with { type: 'json' };
import data from '#strings/en/data.json' with { type: 'json' };
import preferences from '#strings/en/preferences.json' with { type: 'json' };
import preferencesZh from '#strings/zh/preferences.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, test, type HeatlensWindow } from '#test/support/heatlens-window.ts';

type Door = keyof typeof app.pages;
const doors = Object.keys(app.pages) as Door[];
const go = (page: Page, door: Door) => page.locator(`nav [data-page="${door}"]`).click();

/** What axe-core finds serious or critical, one line each. */
async function findings(page: Page, where: string): Promise<string[]> {
  // What fades in or out has colours of its own.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => null))).then(() => null),
  );
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode()
    .analyze(); // else it opens a page of its own, which Electron has not
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${where}: ${id} ${target.join(' ')} ${failureSummary ?? ''}`),
    );
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
    const byName = (title: string) => async () => {
      await page.keyboard.press('Control+k');
      await page.getByPlaceholder(app.search).fill(title);
      await page.keyboard.press('Enter');
      await expect(page.getByPlaceholder(app.search)).toBeHidden();
    };
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
  });

  expect([...new Set(found)]).toEqual([]);
  expect(heatlens.complaints).toEqual([]);
});
