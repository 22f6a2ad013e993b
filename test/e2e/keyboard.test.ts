import app from '#strings/en/app.json' with { type: 'json' };
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
