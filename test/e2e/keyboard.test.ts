import app from '#strings/en/app.json' with { type: 'json' };
import preferences from '#strings/en/preferences.json' with { type: 'json' };
import appZh from '#strings/zh/app.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

test('everything is found by typing, and rooms, grid and themes are reached without a pointer', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  const html = page.locator('html');
  const palette = page.getByPlaceholder(app.search);
  await expect(page.getByTestId('welcome')).toBeVisible();

  await page.keyboard.press('Control+k');
  await palette.fill('dark');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(html).toHaveAttribute('data-theme', 'dark');

  await page.keyboard.press('Control+3');
  await expect(page.locator('nav [data-page="train"]')).toHaveAttribute('aria-current', 'page');

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: app.keys.title })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.keyboard.press('Control+k');
  await palette.fill(app.goTo.replace('{page}', app.pages.data));
  await page.keyboard.press('Enter');
  await expect(page.locator('nav [data-page="data"]')).toHaveAttribute('aria-current', 'page');

  await page.keyboard.press('Control+k');
  await palette.fill('中文');
  await page.keyboard.press('Enter');
  await expect(html).toHaveAttribute('lang', 'zh');
  await expect(page.locator('nav [data-page="train"]')).toContainText(appZh.pages.train);
  expect(heatlens.complaints).toEqual([]);
});

test('the first Tab leads past the rail, F6 goes round the parts, dialogs keep the focus and give it back', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  const focusIn = (selector: string) =>
    page.evaluate((part) => document.activeElement?.closest(part) !== null, selector);
  await expect(page.getByTestId('welcome')).toBeVisible();

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: app.skip })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('Tab');
  expect(await focusIn('main')).toBe(true);

  await page.keyboard.press('Control+2');
  // A part without a control, as while the engine starts, is passed over.
  await expect(page.locator('main [data-region] :is(button, input)').first()).toBeAttached({ timeout: 60_000 });
  await page.keyboard.press('F6');
  const parts: string[] = [];
  for (let round = 0; round < 6; round++) {
    parts.push(
      await page.evaluate(() => document.activeElement?.closest('[data-region], nav, aside')?.tagName ?? 'none'),
    );
    await page.keyboard.press('F6');
  }
  expect(new Set(parts)).toEqual(new Set(['HEADER', 'NAV', 'ASIDE', 'DIV']));

  const search = page.locator('header .search');
  await search.focus();
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog', { name: preferences.title });
  await expect(dialog).toBeVisible();
  for (let step = 0; step < 12; step++) {
    expect(await focusIn('[role="dialog"]')).toBe(true);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(search).toBeFocused();

  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: app.keys.title });
  await expect(keys.getByRole('heading').nth(1)).toContainText(app.pages.model);
  await page.keyboard.press('Escape');
  expect(heatlens.complaints).toEqual([]);
});
