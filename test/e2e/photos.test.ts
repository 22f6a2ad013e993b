import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import app from '#strings/en/app.json' with { type: 'json' };
import data from '#strings/en/data.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';
import { folderOfCrops, oddPhotos } from '#test/support/photo-crops.ts';

const each = 20;

test('a folder of photos with ten bad files in it becomes a data set that says which', async ({ heatlens }) => {
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

  await rm(home, { recursive: true });
  expect(heatlens.complaints).toEqual([]);
});
