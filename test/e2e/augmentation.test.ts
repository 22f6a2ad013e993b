import type { Page } from '@playwright/test';
import app from '#strings/en/app.json' with { type: 'json' };
import augment from '#strings/en/augment.json' with { type: 'json' };
import train from '#strings/en/train.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

const go = (page: Page, room: keyof typeof app.pages) => page.locator(`nav [data-page="${room}"]`).click();
const named = (text: string, name: string) => text.replace('{name}', name);

test('changes to images are chosen and seen, put in order, taken back, trained with and used again', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  await go(page, 'train');
  const section = page.getByTestId('augment');
  const preview = page.getByTestId('augment-preview').first();
  const names = section.getByRole('listitem').locator('.words');
  const { ops } = augment;

  await test.step('a starting point shows at once what it does', async () => {
    await page.getByRole('button', { name: augment.title }).click();
    await section.getByRole('button', { name: augment.start }).click();
    await page.getByRole('menuitem', { name: augment.starters.digits }).click();
    await expect(names).toContainText([ops.rotation, ops.shift]);
    await expect(preview).toHaveAttribute('data-shown', 'true');
    await expect(preview.getByRole('img')).toBeVisible();
  });

  await test.step('a number that is changed, and the most extreme, show another picture', async () => {
    const picture = () => preview.getByRole('img').getAttribute('src');
    let before = await picture();
    await section.getByRole('button', { name: ops.rotation }).first().click();
    await section.getByRole('spinbutton', { name: augment.numbers.rotation.degrees }).fill('45');
    await expect(names.first()).toContainText('±45°');
    await expect.poll(picture).not.toBe(before);
    before = await picture();
    await section.getByRole('switch', { name: augment.preview.extreme }).click();
    await expect.poll(picture).not.toBe(before);
  });

  await test.step('the order is changed with the keyboard too, and every change is taken back', async () => {
    await section.getByRole('button', { name: augment.add }).click();
    await page.getByRole('menuitem', { name: ops.brightness }).click();
    await expect(names).toContainText([ops.rotation, ops.shift, ops.brightness]);
    await section.getByRole('button', { name: ops.brightness }).first().press('Alt+ArrowUp');
    await expect(names).toContainText([ops.rotation, ops.brightness, ops.shift]);
    await page.keyboard.press('Alt+ArrowUp');
    await expect(names).toContainText([ops.brightness, ops.rotation, ops.shift]);
    await page.keyboard.press('Delete');
    await expect(names).toContainText([ops.rotation, ops.shift]);
    await page.keyboard.press('ControlOrMeta+z');
    await expect(names).toContainText([ops.brightness, ops.rotation, ops.shift]);
    await section.getByRole('button', { name: named(augment.remove, ops.brightness) }).click();
    await expect(names).toHaveCount(2);
  });

  await test.step('a run is trained with it, tells of it, and gives it to the next', async () => {
    const field = (label: string) => page.getByRole('complementary').last().getByLabel(label, { exact: true });
    await field(train.form.preset).selectOption('tutorial-mlp-64');
    await field(train.form.epochs).fill('1');
    await field(train.form.limitTrain).fill('1000');
    await page.getByTestId('train').click();
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 90_000 });
    await section.getByRole('button', { name: augment.start }).click();
    await page.getByRole('menuitem', { name: augment.clear }).click();
    await expect(names).toHaveCount(0);
    await page.getByText(train.tabs.run, { exact: true }).click();
    await expect(page.getByText(`${ops.rotation} ±45°`)).toBeVisible();
    await page.getByRole('complementary').last().getByRole('button', { name: train.menu.use }).click();
    await expect(page.getByRole('button', { name: augment.title })).toContainText(ops.rotation);
  });
});
