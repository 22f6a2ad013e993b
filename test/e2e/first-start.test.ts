import type { Page } from '@playwright/test';
import app from '#strings/en/app.json' with { type: 'json' };
import evaluate from '#strings/en/evaluate.json' with { type: 'json' };
import look from '#strings/en/look.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

const go = (page: Page, room: keyof typeof app.pages) => page.locator(`nav [data-page="${room}"]`).click();

/** A seven as a hand draws it: a bar, then a slanted stroke. */
async function drawSeven(page: Page): Promise<void> {
  const box = await page.getByTestId('pad').boundingBox();
  if (!box) throw new Error('the pad is not in sight');
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(0.28, 0.25));
  await page.mouse.down();
  await page.mouse.move(...at(0.72, 0.25), { steps: 8 });
  await page.mouse.move(...at(0.42, 0.8), { steps: 10 });
  await page.mouse.up();
}

test('from the first start to a trained network, its mistakes, a drawn digit, and the run again after a restart', async ({
  heatlens,
}) => {
  await test.step('the first page offers what can be done', async () => {
    await expect(heatlens.page.getByTestId('welcome')).toBeVisible();
    await heatlens.page.getByRole('button', { name: new RegExp(welcome.learn.title) }).click();
  });

  await test.step('a small network learns on 6,000 digits, and the page answers meanwhile', async () => {
    const { page } = heatlens;
    await expect(page.getByTestId('run-chip')).toBeVisible();
    await go(page, 'data'); // the rest of the window is there while it trains
    await expect(page.getByTestId('image-grid').getByRole('gridcell').first()).toBeVisible();
    await go(page, 'train');
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 150_000 });
    const accuracy = await page.getByTestId('test-accuracy').innerText();
    expect(Number.parseFloat(accuracy.replace(/[^\d.]/g, ''))).toBeGreaterThan(90);
  });

  await test.step('a cell of the confusion matrix opens its images', async () => {
    const { page } = heatlens;
    await go(page, 'evaluate');
    await expect(page.getByRole('table', { name: evaluate.confusion.title })).toBeVisible({ timeout: 60_000 });
    await page.locator('[data-cell="7-7"]').click();
    const images = page.getByTestId('cell-images');
    await expect(images.getByRole('gridcell').first()).toBeVisible();
    await images.getByRole('gridcell').first().click();
    await expect(page.getByText(evaluate.image.probabilities)).toBeVisible();
  });

  await test.step('a drawn seven is taken for a digit, centred in 28×28', async () => {
    const { page } = heatlens;
    await go(page, 'look');
    await page.getByText(look.views.draw, { exact: true }).click();
    await drawSeven(page);
    await expect(page.getByTestId('digit')).toHaveText(/^\d$/);
    expect(
      await page.getByTestId('seen').evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]),
    ).toEqual([28, 28]);
    await expect(page.getByRole('button', { name: look.clear })).toBeEnabled();
  });

  await test.step('after a restart the run is still there', async () => {
    await heatlens.restart();
    const { page } = heatlens;
    await go(page, 'train');
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
    await expect(page.getByTestId('test-accuracy')).toBeVisible();
  });

  expect(heatlens.complaints).toEqual([]);
});
