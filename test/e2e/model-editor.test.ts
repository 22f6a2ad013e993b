import type { Page } from '@playwright/test';
import app from '#strings/en/app.json' with { type: 'json' };
import model from '#strings/en/model.json' with { type: 'json' };
import train from '#strings/en/train.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

const rows = (page: Page) => page.locator('tr[data-layer]');
const row = (page: Page, name: string) => page.locator(`tr[data-layer="${name}"]`);
const argument = (page: Page, keras: string) => page.getByLabel(keras, { exact: true });

async function add(page: Page, after: string, kind: string): Promise<void> {
  await row(page, after).click();
  await page.getByRole('button', { name: model.edit.add }).click();
  await page.locator('.find').fill(kind);
  await page.locator('.find').press('Enter');
}

test('a network is made from a preset, changed with the keyboard and the mouse, and trained', async ({ heatlens }) => {
  const { page } = heatlens;
  await page.locator('nav [data-page="model"]').click();
  await page.getByText('MLP 16-16', { exact: true }).click();
  await page.getByRole('button', { name: model.edit.copy, exact: true }).click();

  await test.step('its layers, and what they come to', async () => {
    await expect(rows(page)).toHaveCount(4);
    await expect(row(page, 'dense')).toContainText('16 units, relu');
    await expect(page.locator('tfoot')).toContainText('13,002');
  });

  await test.step('an argument changes the figures at once; undo and redo go back and forth', async () => {
    await row(page, 'dense').click();
    await argument(page, 'units').last().fill('20');
    await expect(row(page, 'dense')).toContainText('20 units');
    await expect(page.locator('tfoot')).toContainText('16,206');
    await page.getByRole('heading', { level: 2 }).first().click();
    await page.keyboard.press('Control+z');
    await expect(page.locator('tfoot')).toContainText('13,002');
    await page.keyboard.press('Control+Shift+Z');
    await expect(page.locator('tfoot')).toContainText('16,206');
  });

  await test.step('a layer in the wrong place says so where it is, and is moved with the keyboard', async () => {
    await add(page, 'flatten', 'Conv2D');
    await expect(page.locator('tr.told').first()).toContainText('conv2d');
    await expect(page.getByRole('button', { name: new RegExp(model.train) })).toBeDisabled();
    await row(page, 'conv2d').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(rows(page).first()).toHaveAttribute('data-layer', 'conv2d');
    await expect(page.locator('tr.told')).toHaveCount(0);
    await expect(row(page, 'conv2d')).toContainText('26×26×32');
    await expect(row(page, 'conv2d')).toBeFocused();
  });

  await test.step('a value that cannot be is told at the field and changes nothing', async () => {
    const field = argument(page, 'filters');
    await field.fill('0');
    await expect(page.getByRole('alert')).toContainText(model.field.whole);
    await field.fill('4');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(row(page, 'conv2d')).toContainText('26×26×4');
  });

  await test.step('branches are seen in the graph, where a click selects the layer', async () => {
    await argument(page, 'padding').selectOption('same');
    await add(page, 'conv2d', 'Conv2D');
    await argument(page, 'filters').fill('4');
    await argument(page, 'padding').selectOption('same');
    await add(page, 'conv2d_1', 'Add');
    await expect(row(page, 'add')).toContainText('← conv2d_1, conv2d');
    await expect(row(page, 'add')).toContainText('28×28×4');
    await page.getByText(model.graph, { exact: true }).click();
    await expect(page.locator('path.edge')).toHaveCount(8);
    await page.locator('g[data-layer="conv2d_1"]').click();
    await expect(argument(page, 'name')).toHaveValue('conv2d_1');
    await page.getByText(model.list, { exact: true }).click();
    await expect(row(page, 'conv2d_1')).toHaveAttribute('aria-selected', 'true');
  });

  await test.step('it has a name of its own, and outlives the window', async () => {
    await page.getByLabel(model.edit.name, { exact: true }).fill('Little branches');
    await expect(page.getByTestId('own-networks')).toContainText('Little branches');
    await heatlens.restart();
    await heatlens.page.locator('nav [data-page="model"]').click();
    await heatlens.page.getByTestId('own-networks').getByText('Little branches').click();
    await expect(rows(heatlens.page)).toHaveCount(7);
  });

  await test.step('discarded and taken back', async () => {
    const now = heatlens.page;
    await now.getByRole('button', { name: model.edit.more }).click();
    await now.getByRole('menuitem', { name: model.edit.discard }).click();
    await expect(now.getByTestId('own-networks')).toHaveCount(0);
    await now.getByRole('button', { name: app.undo }).first().click();
    await expect(now.getByTestId('own-networks')).toContainText('Little branches');
  });

  await test.step('it trains', async () => {
    const now = heatlens.page;
    await now.getByRole('button', { name: new RegExp(model.train) }).click();
    await now.getByLabel(train.form.limitTrain, { exact: true }).fill('600');
    await now.getByLabel(train.form.epochs, { exact: true }).fill('1');
    await now.keyboard.press('Control+Enter');
    await expect(now.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 120_000 });
    await expect(now.getByText('Little branches 1').first()).toBeVisible();
  });
  expect(heatlens.complaints).toEqual([]);
});
