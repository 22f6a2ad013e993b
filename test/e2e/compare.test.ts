import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import app from '#strings/en/app.json' with { type: 'json' };
import compare from '#strings/en/compare.json' with { type: 'json' };
import evaluate from '#strings/en/evaluate.json' with { type: 'json' };
import train from '#strings/en/train.json' with { type: 'json' };
import { expect, test, type HeatlensWindow } from '#test/support/heatlens-window.ts';

const field = (page: Page, label: string) => page.getByRole('complementary').last().getByLabel(label, { exact: true });
const columns = (page: Page) => page.getByTestId('compare-table').getByRole('columnheader');
const rows = (page: Page) =>
  page
    .getByTestId('compare-table')
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') });

/** What the window hands over to be saved: in a browser the file itself; on a desktop the system would ask where first. */
async function saved({ page, kind }: HeatlensWindow, menu: string, item: string): Promise<string> {
  const choose = async () => {
    await page.getByRole('button', { name: menu }).first().click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  if (kind === 'browser') {
    const [download] = await Promise.all([page.waitForEvent('download'), choose()]);
    return readFile(await download.path(), 'utf8');
  }
  const handed = page.evaluate(
    () =>
      new Promise<string>((settle) => {
        HTMLAnchorElement.prototype.click = () => undefined;
        URL.createObjectURL = (content) => {
          if (content instanceof Blob) void content.text().then(settle);
          return '';
        };
      }),
  );
  await choose();
  return handed;
}

test('of several runs the best is found: what differs, what came of it, and what was thought of it', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  await page.locator('nav [data-page="train"]').click();
  await expect(page.getByTestId('train')).toBeVisible();

  await test.step('two runs with different rates are trained', async () => {
    await field(page, train.form.preset).selectOption('tutorial-mlp-64');
    await field(page, train.form.epochs).fill('3');
    await field(page, train.form.limitTrain).fill('2000');
    await field(page, train.form.limitTest).fill('500');
    await page.getByRole('button', { name: train.more.rateTitle }).click();
    await field(page, train.more.schedule).selectOption('cosine');
    await expect(page.getByTestId('schedule-preview')).toBeVisible();
    expect(await saved(heatlens, app.saving.chart, app.saving.svg)).toMatch(/<polyline[^>]*stroke="rgb/);
    expect(await saved(heatlens, app.saving.chart, app.saving.png)).toContain('PNG');
    await page.getByTestId('sweep').click();
    await page.getByLabel(train.sweep.values).fill('0.01, 0.00001');
    await page.getByTestId('sweep-start').click();
    await expect(page.getByTestId('runs').getByRole('listitem')).toHaveCount(2);
    await expect(page.getByRole('region', { name: train.sweep.table }).getByText('done')).toHaveCount(2, {
      timeout: 90_000,
    });
  });

  await test.step('only the setting that differs is a column, and the better run is found by sorting', async () => {
    for (const box of await page.getByTestId('runs').getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: `${compare.button} (2)` }).click();
    await expect(rows(page)).toHaveCount(2);
    await expect(columns(page).filter({ hasText: compare.settings['optimizer-learningRate'] })).toHaveCount(1);
    await expect(columns(page).filter({ hasText: compare.settings.batchSize })).toHaveCount(0);
    await page.getByRole('switch', { name: compare.everything }).click();
    await expect(columns(page).filter({ hasText: compare.settings.batchSize })).toHaveCount(1);
    await page.getByRole('switch', { name: compare.everything }).click();
    const accuracy = page.getByTitle(compare.sortBy.replace('{column}', compare.figures.testAccuracy));
    await accuracy.click();
    await expect(rows(page).first()).toContainText('0.01');
    await accuracy.click();
    await expect(rows(page).first()).toContainText('1e-5');
  });

  await test.step('by keys one is the reference and stays on top', async () => {
    await page.getByTestId('compare-table').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('r');
    await page.keyboard.press('Space');
    await expect(rows(page).first()).toContainText('0.01');
    await expect(rows(page).first()).toHaveAttribute('aria-selected', 'true');
    await page.getByRole('switch', { name: compare.differences }).click();
    await expect(rows(page).nth(1)).toContainText('−');
  });

  await test.step('the table is saved for a paper, with full figures for a program', async () => {
    const text = await saved(heatlens, app.saving.table, app.saving.csv);
    expect(text.split('\r\n')[0]).toContain(compare.figures.testAccuracy);
    expect(text).toContain('0.00001');
    const latex = await saved(heatlens, app.saving.table, app.saving.latex);
    expect(latex).toContain('\\toprule');
    expect(latex).toContain('$10^{-5}$');
  });

  await test.step('curves of both lie over each other, by time as well, and are saved', async () => {
    const chart = page.getByTestId('compare-curves');
    await expect(chart.getByRole('listitem')).toHaveCount(4);
    await page.getByRole('radio', { name: compare.curves.axisSeconds, exact: true }).check({ force: true });
    await page.getByRole('radio', { name: compare.curves.batch, exact: true }).check({ force: true });
    await page.getByRole('switch', { name: compare.curves.logX }).click();
    await page.getByRole('switch', { name: compare.curves.logY }).click();
    const svg = await saved(heatlens, app.saving.chart, app.saving.svg);
    expect(svg.match(/<path d="M[^"]+L/g)?.length).toBeGreaterThanOrEqual(2);
  });

  await test.step('one figure of all runs as bars', async () => {
    await page.getByRole('radio', { name: compare.views.bars, exact: true }).check({ force: true });
    await page.getByLabel(compare.bars.figure).selectOption({ label: compare.figures.testAccuracy });
    await expect(page.getByTestId('compare-bars').locator('canvas')).toBeVisible();
    const svg = await saved(heatlens, app.saving.chart, app.saving.svg);
    expect(svg.match(/<rect x/g)).toHaveLength(2);
  });

  await test.step('two confusion matrices stand side by side, or one less the other', async () => {
    await page.locator('nav [data-page="evaluate"]').click();
    const runs = page.getByTestId('evaluated-runs');
    for (const item of await runs.getByRole('listitem').all()) {
      await item.getByRole('button').first().click();
      await expect(page.getByRole('table', { name: evaluate.confusion.title })).toBeVisible({ timeout: 60_000 });
    }
    await page.getByRole('button', { name: compare.title }).click();
    await expect(page.getByTestId('confusion-canvas')).toHaveCount(2);
    await page.getByRole('radio', { name: compare.confusion.difference, exact: true }).check({ force: true });
    await expect(page.getByTestId('confusion-canvas')).toHaveCount(1);
    await expect(page.getByTestId('compare-confusion')).toContainText('minus');
  });

  await test.step('notes and tags are kept without a button, and found again after a restart', async () => {
    const notes = page.getByRole('textbox', { name: compare.notes.title, exact: true });
    await rows(page).first().click();
    await notes.fill('learns fast');
    await rows(page).nth(1).click();
    await expect(notes).toHaveValue('');
    await rows(page).first().click();
    await expect(notes).toHaveValue('learns fast');
    await page.getByLabel(compare.notes.add).fill('paper');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: compare.notes.remove.replace('{tag}', 'paper') })).toBeVisible();
    await expect(page.getByText(compare.notes.saved, { exact: true })).toBeVisible();
    await heatlens.restart();
    const again = heatlens.page;
    await again.locator('nav [data-page="train"]').click();
    await again.getByRole('button', { name: compare.button, exact: true }).click();
    await again.getByLabel(compare.filter).fill('fast');
    await expect(again.getByTestId('compare-runs').getByRole('listitem')).toHaveCount(1);
    await expect(again.getByTestId('compare-runs')).toContainText('#paper');
  });

  expect(heatlens.complaints).toEqual([]);
});
