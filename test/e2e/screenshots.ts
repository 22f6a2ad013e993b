import type { Page } from '@playwright/test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { test } from '@playwright/test';
import app from '#strings/en/app.json' with { type: 'json' };
import exporting from '#strings/en/export.json' with { type: 'json' };
import filmWords from '#strings/en/film.json' with { type: 'json' };
import heat from '#strings/en/heat.json' with { type: 'json' };
import zoo from '#strings/en/zoo.json' with { type: 'json' };
import compare from '#strings/en/compare.json' with { type: 'json' };
import augment from '#strings/en/augment.json' with { type: 'json' };
import look from '#strings/en/look.json' with { type: 'json' };
import model from '#strings/en/model.json' with { type: 'json' };
import photoWords from '#strings/en/photos.json' with { type: 'json' };
import train from '#strings/en/train.json' with { type: 'json' };
import tune from '#strings/en/tune.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, openHeatlens } from '#test/support/heatlens-window.ts';
import { folderOfCrops } from '#test/support/photo-crops.ts';

/** Takes docs/screenshots anew: every page at two sizes in both themes, after a real first training. `npm run screenshots`. */

const folder = join(import.meta.dirname, '..', '..', 'docs', 'screenshots');
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const themes = ['light', 'dark'] as const;

async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(4, 4);
  await page.waitForLoadState('networkidle');
  // One that is broken off has ended too.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  // 256 colours are enough for an interface and a fifth of the bytes.
  await sharp(await page.screenshot())
    .png({ palette: true, effort: 7 })
    .toFile(join(folder, `${name}.png`));
}

async function everywhere(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme });
      await shoot(page, `${name}-${size.width}-${theme}`);
    }
  }
}

/** What is shown small in the README: one size, both themes. */
async function both(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await shoot(page, `${name}-1280-${theme}`);
  }
}

const go = (page: Page, room: string) => page.locator(`nav [data-page="${room}"]`).click();

async function drawThree(page: Page): Promise<void> {
  const box = await page.getByTestId('pad').boundingBox();
  if (!box) throw new Error('the pad is not in sight');
  const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
  const way = [
    [0.3, 0.25],
    [0.5, 0.17],
    [0.66, 0.28],
    [0.6, 0.42],
    [0.47, 0.48],
    [0.63, 0.55],
    [0.68, 0.7],
    [0.5, 0.82],
    [0.3, 0.74],
  ];
  for (const [place, [x = 0, y = 0]] of way.entries()) {
    await page.mouse.move(...at(x, y), { steps: 6 });
    if (place === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

test('screenshots of every page', async () => {
  test.setTimeout(600_000);
  await mkdir(folder, { recursive: true });
  const home = await mkdtemp(join(tmpdir(), 'heatlens-shots-'));
  const heatlens = await openHeatlens('browser', home);
  const { page } = heatlens;
  page.setDefaultTimeout(30_000);
  try {
    await expect(page.getByTestId('welcome')).toBeVisible();
    await expect(page.getByRole('button', { name: new RegExp(welcome.learn.title) })).toBeEnabled({ timeout: 60_000 });
    await everywhere(page, 'welcome');

    await page.getByRole('button', { name: new RegExp(welcome.learn.title) }).click();
    await expect(page.getByTestId('run-chip')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 300_000 });
    await everywhere(page, 'train');

    await go(page, 'data');
    await page.getByRole('gridcell').nth(11).click();
    await everywhere(page, 'data');

    await go(page, 'model');
    await everywhere(page, 'model');

    await go(page, 'evaluate');
    await expect(page.locator('[data-cell="4-9"]')).toBeVisible({ timeout: 60_000 });
    await page.locator('[data-cell="4-9"]').click();
    await page.getByTestId('cell-images').getByRole('gridcell').first().click();
    await everywhere(page, 'evaluate');

    await go(page, 'look');
    await page.getByRole('button', { name: photoWords.tryCat }).last().click();
    await expect(page.locator('[data-testid="heat-pane"][data-shown="true"]')).toBeVisible({ timeout: 60_000 });
    await everywhere(page, 'ask');
    await page.getByText(photoWords.panes.tree, { exact: true }).click();
    await both(page, 'tree');
    await page.getByRole('button', { name: exporting.open }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await both(page, 'export');
    await page.keyboard.press('Escape');

    await page.getByText(look.views.classes, { exact: true }).first().click();
    await page.getByRole('button', { name: heat.classes.start }).click();
    await expect(page.getByTestId('heat-tiles')).toBeVisible({ timeout: 120_000 });
    await page.getByText(heat.classes.boxMiddle, { exact: true }).click();
    await both(page, 'classes');

    await page.getByText(look.views.draw, { exact: true }).click();
    await page.setViewportSize(sizes[0] ?? { width: 1280, height: 800 });
    await drawThree(page);
    await expect(page.getByTestId('digit')).toHaveText(/^\d$/);
    await everywhere(page, 'look');

    await go(page, 'train');
    await page.getByText(train.tabs.draft, { exact: true }).click();
    const field = (label: string) => page.getByRole('complementary').last().getByLabel(label, { exact: true });
    await field(train.form.preset).selectOption('tutorial-mlp-64');
    await field(train.form.limitTrain).fill('6000');
    await page.getByTestId('train').click();
    await expect(page.getByTestId('runs').getByRole('listitem')).toHaveCount(2);
    await expect(page.getByTestId('run-state')).not.toHaveAttribute('data-state', 'done');
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 300_000 });
    for (const box of await page.getByTestId('runs').getByRole('checkbox').all()) await box.check();
    await page.getByRole('button', { name: `${compare.button} (2)` }).click();
    await both(page, 'compare');

    await go(page, 'data');
    const photos = join(home, 'holiday');
    await folderOfCrops(photos, 60);
    await heatlens.drop([photos]);
    const dialog = page.getByTestId('import-dialog');
    await expect(dialog).toBeVisible();
    await both(page, 'import');
    await page.getByTestId('import').click();
    await expect(page.getByTestId('import-report')).toBeVisible({ timeout: 60_000 });
    await both(page, 'report');
    await page.getByTestId('import-report').getByRole('button', { name: app.close }).click();
    await page.getByTestId('image-grid').getByRole('gridcell').nth(20).click();
    await page.locator('[data-sonner-toast] [data-close-button]').click();
    await expect(page.locator('[data-sonner-toast]')).toHaveCount(0);
    await both(page, 'photos');

    await go(page, 'train');
    await page.getByText(train.tabs.draft, { exact: true }).click();
    await page.getByRole('button', { name: augment.title }).click();
    const section = page.getByTestId('augment');
    await section.getByRole('button', { name: augment.start }).click();
    await page.getByRole('menuitem', { name: augment.starters.photos }).click();
    await expect(page.getByTestId('augment-preview').first()).toHaveAttribute('data-shown', 'true');
    await section.hover();
    await page.mouse.wheel(0, -240);
    await both(page, 'augmentation');

    await go(page, 'model');
    await page.getByText('GoogLeNet', { exact: true }).click();
    await page.getByRole('button', { name: model.edit.copy, exact: true }).click();
    await page.getByText(model.graph, { exact: true }).click();
    await expect(page.getByLabel(model.edit.name)).toHaveValue('GoogLeNet copy');
    await expect(page.locator('svg [data-layer]').first()).toBeVisible();
    await both(page, 'editor');

    await go(page, 'model');
    await page.getByText(zoo.openNote).click();
    await expect(page.getByTestId('zoo-table')).toBeVisible();
    await both(page, 'zoo');

    await heatlens.drop([join(folder, '..', '..', 'test', 'fixtures', 'keras-files', 'features.keras')]);
    await expect(page.getByTestId('model-open')).toBeVisible({ timeout: 60_000 });
    await both(page, 'opening');
    await page.keyboard.press('Escape');

    await go(page, 'train');
    await page.getByText(train.tabs.draft, { exact: true }).click();
    await page.getByText(tune.ready, { exact: true }).click();
    const sample = page.getByTestId('tune-sample');
    // Offered as long as the set in hand has no photos.
    if (await sample.isVisible()) await sample.click();
    await expect(page.getByTestId('first-images').getByRole('listitem')).toHaveCount(15, { timeout: 60_000 });
    await both(page, 'fine-tune');

    await go(page, 'film');
    await page.getByRole('button', { name: filmWords.trySample }).last().click();
    await expect(page.getByTestId('film-picture')).toBeVisible({ timeout: 60_000 });
    await page.getByTestId('film-scrubber').fill('3.2');
    await expect(page.getByTestId('film-classes')).not.toContainText(/cat/, { timeout: 30_000 });
    // Small pictures come one after the other; where the sample lies is another place on every machine.
    await expect.poll(() => page.locator('.strip img').count(), { timeout: 60_000 }).toBeGreaterThan(8);
    await page
      .getByText(/assets.films/)
      .evaluateAll((all) => all.forEach((each) => (each.textContent = '/home/me/cat-and-astronaut.mp4')));
    await everywhere(page, 'film');
    await page.getByTestId('make-film').click();
    await expect(page.getByTestId('film-result')).toBeVisible({ timeout: 120_000 });
    await expect(page.locator('[data-testid="film-player"][data-ready="true"]')).toBeVisible({ timeout: 30_000 });
    await both(page, 'film-player');

    for (const room of ['engine', 'help']) {
      await go(page, room);
      await everywhere(page, room);
    }
  } finally {
    await heatlens.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
