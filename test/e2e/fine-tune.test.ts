import app from '#strings/en/app.json' with { type: 'json' };
import train from '#strings/en/train.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

test('from the first start to a model that knows two classes of photos, and on with unfrozen blocks', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  const done = () => expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 120_000 });
  const accuracy = async () => Number.parseFloat((await page.getByTestId('test-accuracy').innerText()).split('\n')[1]!);

  await test.step('the first page leads to a ready model and a sample of two classes', async () => {
    await page.getByRole('button', { name: new RegExp(welcome.own.title) }).click();
    await page.getByTestId('tune-sample').click();
    const images = page.getByTestId('first-images').getByRole('listitem');
    await expect(images).toHaveCount(15, { timeout: 30_000 });
    for (const image of await images.all()) await expect(image).toHaveText(/^\s*(cat|astronaut)\s*$/);
    const sizes = () =>
      images.locator('img').evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
    await expect.poll(async () => [...new Set(await sizes())]).toEqual([224]);
  });

  await test.step('a new head learns on features that are computed once; images that no one trained on are told apart', async () => {
    await page.getByTestId('train').click();
    await done();
    expect(await accuracy()).toBeGreaterThanOrEqual(95);
    await expect(page.getByTestId('run-tuned')).toContainText('68');
  });

  await test.step('one click goes on with the last blocks unfrozen', async () => {
    await page.getByTestId('go-on-unfrozen').click();
    await expect(page.getByTestId('run-chip')).toBeVisible();
    await done();
    expect(await accuracy()).toBeGreaterThanOrEqual(95);
    await page.getByText(train.tabs.run, { exact: true }).click();
    await expect(page.getByText('1e-5').first()).toBeVisible();
  });

  await test.step('the result is a run like any other', async () => {
    await page.locator(`nav [data-page="evaluate"]`).click();
    await expect(page.locator('[data-cell="0-0"]')).toBeVisible({ timeout: 60_000 });
    await expect(page.locator('nav')).toContainText(app.pages.evaluate);
  });
});
