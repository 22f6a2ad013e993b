import type { Locator, Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import app from '#strings/en/app.json' with { type: 'json' };
import augment from '#strings/en/augment.json' with { type: 'json' };
import compare from '#strings/en/compare.json' with { type: 'json' };
import data from '#strings/en/data.json' with { type: 'json' };
import evaluate from '#strings/en/evaluate.json' with { type: 'json' };
import train from '#strings/en/train.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';
import { folderOfCrops, oddPhotos } from '#test/support/photo-crops.ts';

const each = 20;

/** A mistake of the confusion matrix, whichever the network made. */
async function someMistake(page: Page): Promise<Locator> {
  const cells = page.locator('button[data-cell]:not([disabled])');
  const names = await cells.evaluateAll((found) => found.map((cell) => (cell as HTMLElement).dataset['cell'] ?? ''));
  const wrong = names.find((name) => new Set(name.split('-')).size === 2);
  return page.locator(`[data-cell="${wrong ?? 'none'}"]`);
}

test('a folder of photos with ten bad files in it is looked through, trained on, compared and corrected', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  const home = await mkdtemp(join(tmpdir(), 'heatlens-photos-'));
  const folder = join(home, 'holiday');
  await folderOfCrops(folder, each);
  const odd = await oddPhotos();
  const grid = page.getByTestId('image-grid');
  const count = page.getByTestId('image-count');
  const sets = page.getByRole('complementary', { name: data.sets }).getByRole('listitem');

  await page.locator('nav [data-page="data"]').click();
  await test.step('dropped: the dialog says what it is', async () => {
    await heatlens.drop([folder], () => expect(page.getByTestId('drop-veil')).toBeVisible());
    const dialog = page.getByTestId('import-dialog');
    await expect(dialog).toBeVisible();
    await expect(page.getByRole('heading', { name: 'holiday' })).toBeVisible();
    for (const name of ['cat', 'astronaut', 'photographer'])
      await expect(dialog.getByTitle(name, { exact: true })).toBeVisible();
    await dialog.getByLabel(data.import.size, { exact: true }).fill('48');
    await dialog.getByLabel(data.import.height, { exact: true }).fill('48');
    await dialog.getByText(data.splitting.fraction, { exact: true }).click();
    await dialog.getByLabel(data.splitting.testShare, { exact: true }).fill('25');
    await page.getByTestId('import').click();
  });

  await test.step('the report names exactly the ten', async () => {
    const report = page.getByTestId('import-report');
    await expect(report).toBeVisible({ timeout: 60_000 });
    const files = report.getByTestId('odd-files').locator('.file');
    await expect(files).toHaveCount(10);
    expect((await files.allInnerTexts()).sort()).toEqual(Object.keys(odd).sort());
    await report.getByRole('button', { name: app.close }).click();
  });

  await test.step('the distribution counts the others', async () => {
    await expect(sets).toHaveCount(2);
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'photographer' }) });
    // A quarter of each class is the test.
    await expect(row.getByRole('cell')).toHaveText(['15', /%/, '5', /%/]);
  });

  await test.step('a file is found by its name; two images change their class, and change it back', async () => {
    const byName = page.getByLabel(data.fileName);
    await byName.fill('photographer-1');
    await expect(count).toContainText(/^\d+ images?$/);
    await byName.fill('');
    await expect(count).toHaveText('46 images');
    await grid.getByRole('gridcell').first().click();
    await grid
      .getByRole('gridcell')
      .nth(1)
      .click({ modifiers: ['Shift'] });
    await expect(page.getByTestId('picked')).toContainText('2');
    const before = await grid.getByRole('gridcell').first().getAttribute('aria-label');
    await page.keyboard.press('3');
    await expect(grid.getByRole('gridcell').first()).not.toHaveAttribute('aria-label', before ?? '');
    await page.keyboard.press('ControlOrMeta+Z');
    await expect(grid.getByRole('gridcell').first()).toHaveAttribute('aria-label', before ?? '');
  });

  await test.step('one is left out, that is taken back and made again', async () => {
    await grid.getByRole('gridcell').first().click();
    await page.keyboard.press('Delete');
    await expect(count).toHaveText('45 images');
    await page.keyboard.press('ControlOrMeta+Z');
    await expect(count).toHaveText('46 images');
    await page.keyboard.press('ControlOrMeta+Shift+Z');
    await expect(count).toHaveText('45 images');
    await page.keyboard.press('ControlOrMeta+Z');
  });

  const settings = page.getByRole('complementary').last();
  const runs = page.getByTestId('runs').getByRole('listitem');
  const trained = async (count: number) => {
    await expect(runs).toHaveCount(count);
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 90_000 });
  };

  await test.step('what training will change about the images is seen, and trained with', async () => {
    await page.locator('nav [data-page="train"]').click();
    await expect(settings.getByLabel(train.form.dataset, { exact: true })).toHaveValue(/photos|holiday/);
    await page.getByRole('button', { name: augment.title }).click();
    await page.getByTestId('augment').getByRole('button', { name: augment.start }).click();
    await page.getByRole('menuitem', { name: augment.starters.photos }).click();
    await expect(page.getByTestId('augment-preview').first()).toHaveAttribute('data-shown', 'true');
    await settings.getByLabel(train.form.preset, { exact: true }).selectOption('tutorial-mlp-64');
    await settings.getByLabel(train.form.epochs, { exact: true }).fill('2');
    // So small a rate that mistakes are left.
    await settings.getByLabel(train.form.learningRate, { exact: true }).fill('1e-6');
    await page.getByTestId('train').click();
    await trained(1);
  });

  await test.step('and without them; the comparison shows that this is what differs', async () => {
    await page.getByTestId('augment').getByRole('button', { name: augment.start }).click();
    await page.getByRole('menuitem', { name: augment.clear }).click();
    await page.getByTestId('train').click();
    await trained(2);
    for (const box of await page.getByTestId('runs').getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: `${compare.button} (2)` }).click();
    const columns = page.getByTestId('compare-table').getByRole('columnheader');
    await expect(columns.filter({ hasText: compare.settings['augmentation-ops'] }).first()).toBeVisible();
    await expect(columns.filter({ hasText: compare.settings.batchSize })).toHaveCount(0);
  });

  await test.step('a mistake is relabelled from its cell, and the network trained again', async () => {
    await page.locator('nav [data-page="evaluate"]').click();
    await expect(page.locator('button[data-cell]:not([disabled])').first()).toBeVisible({ timeout: 60_000 });
    await (await someMistake(page)).click();
    const images = page.getByTestId('cell-images').getByRole('gridcell');
    await images.first().click();
    const before = await images.count();
    const fact = page.locator('dt', { hasText: evaluate.image.predicted }).locator('+ dd');
    await expect(fact).toHaveText(/cat|astronaut|photographer/);
    const predicted = await fact.innerText();
    const classes = page.getByRole('group', { name: evaluate.correct.title });
    await classes.getByRole('button', { name: predicted, exact: true }).click();
    await expect(images).toHaveCount(before - 1, { timeout: 60_000 });
    await page.locator('button[data-cell]:not([disabled])').first().click();
    await images.first().click();
    await page.getByRole('button', { name: evaluate.correct.again }).click();
    await trained(3);
  });

  await rm(home, { recursive: true });
  expect(heatlens.complaints).toEqual([]);
});
