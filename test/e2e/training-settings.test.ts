import type { Page } from '@playwright/test';
import app from '#strings/en/app.json' with { type: 'json' };
import train from '#strings/en/train.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

const go = (page: Page, room: keyof typeof app.pages) => page.locator(`nav [data-page="${room}"]`).click();
const field = (page: Page, label: string) => page.getByRole('complementary').last().getByLabel(label, { exact: true });

test('a run is checked first, stopped, taken up again, queued and swept, with a schedule and metrics of its own', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  await go(page, 'train');
  await expect(page.getByTestId('train')).toBeVisible();

  await test.step('settings that few need lie folded, and are told in a few words', async () => {
    await field(page, train.form.preset).selectOption('tutorial-mlp-64');
    await field(page, train.form.epochs).fill('120'); // on a fast machine 30 are over before anybody stops them
    await field(page, train.form.limitTrain).fill('2000');
    await field(page, train.form.limitTest).fill('200');
    await page.getByRole('button', { name: train.more.rateTitle }).click();
    await field(page, train.more.schedule).selectOption('cosine');
    await expect(page.getByTestId('schedule-preview')).toBeVisible();
    await field(page, train.more.warmUp).fill('many');
    await expect(page.getByText('A number from 0 to 100,000.')).toBeVisible();
    await expect(page.getByTestId('train')).toBeDisabled();
    await field(page, train.more.warmUp).fill('2');
    await page.getByRole('button', { name: train.more.aimTitle }).click();
    await page.getByLabel(train.metrics.auc).check();
    await page.getByRole('button', { name: train.more.rateTitle }).click();
    await expect(page.getByRole('button', { name: train.more.rateTitle })).toContainText('Cosine · warm-up 2');
  });

  await test.step('one batch is tried before the run, with memory and time', async () => {
    await page.getByTestId('preflight').click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(train.steps.compiled)).toBeVisible({ timeout: 60_000 });
    await dialog.getByRole('button', { name: train.preflight.close }).click();
  });

  await test.step('a run that was stopped goes on from its checkpoint to its end', async () => {
    await page.getByTestId('train').click();
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'training', { timeout: 60_000 });
    await expect(page.getByRole('rowgroup').or(page.getByRole('row')).nth(2)).toBeVisible({ timeout: 60_000 });
    await page.getByRole('button', { name: train.controls.stop, exact: true }).click();
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'stopped', { timeout: 30_000 });
    await expect(page.getByTestId('checkpoint')).toContainText('epoch');
    await page.getByTestId('continue').click();
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 90_000 });
    await expect(page.getByRole('columnheader', { name: train.metrics.auc })).toBeVisible();
    await page.getByLabel(train.curves.also).selectOption('learningRate');
    await expect(page.getByTestId('extra-chart')).toBeVisible();
  });

  await test.step('a sweep becomes runs in the queue, and they train one after the other', async () => {
    await field(page, train.form.epochs).fill('2');
    await page.getByTestId('sweep').click();
    await page.getByLabel(train.sweep.values).fill('0.01, 0.001');
    await expect(page.getByTestId('sweep-count')).toHaveText('2 runs');
    await page.getByTestId('sweep-start').click();
    await expect(page.getByTestId('runs').getByRole('listitem')).toHaveCount(3);
    await expect(page.getByRole('region', { name: train.sweep.table }).getByText('done')).toHaveCount(2, {
      timeout: 90_000,
    });
  });

  expect(heatlens.complaints).toEqual([]);
});
