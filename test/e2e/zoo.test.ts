import zoo from '#strings/en/zoo.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

test('the zoo is sorted, chosen from table and plot, and its own model goes to the photos', async ({ heatlens }) => {
  const { page } = heatlens;
  const table = page.getByTestId('zoo-table');
  const first = table.locator('[data-model]').first();
  const facts = page.getByTestId('zoo-facts');

  await test.step('it is reached from the Model page', async () => {
    await page.locator('[data-page=model]').click();
    await page.getByText(zoo.openNote).click();
    await expect(table.locator('[data-model]')).toHaveCount(14, { timeout: 60_000 });
    await expect(page.locator('[data-page=model]')).toHaveClass(/here/);
  });

  await test.step('columns sort, and turn', async () => {
    await table.getByRole('button', { name: zoo.columns.top1, exact: true }).click();
    await expect(first).toContainText('NASNetLarge');
    await table.getByRole('button', { name: zoo.columns.parameters }).click();
    await expect(first).toContainText('MobileNetV2');
    await table.getByRole('button', { name: zoo.columns.parameters }).click();
    await expect(first).toContainText('VGG19');
  });

  await test.step('the keys choose', async () => {
    await first.click();
    await page.keyboard.press('ArrowDown');
    await expect(facts).toContainText('VGG16');
    await expect(facts).toContainText('138,357,544');
    await expect(facts).toContainText(zoo.pixels.caffe);
  });

  await test.step('a bubble chooses', async () => {
    await page.locator('[data-bubble=densenet121] circle').click();
    await expect(facts).toContainText('8,062,504');
    await expect(page.getByRole('button', { name: zoo.fineTune })).toBeDisabled();
  });

  await test.step('a network is measured', async () => {
    await table.locator('[data-model=mobilenetv2]').click();
    await facts.getByRole('button', { name: zoo.measure }).click();
    await expect(facts.getByRole('button', { name: zoo.measureAgain })).toBeVisible({ timeout: 120_000 });
  });

  await test.step('the one inside goes to the photos', async () => {
    await table.locator('[data-model=efficientnet-lite0]').click();
    await page.getByRole('button', { name: zoo.classify }).click();
    await expect(page.locator('[data-page=look]')).toHaveClass(/here/);
  });
});
