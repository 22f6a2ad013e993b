import { test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import appWords from '#strings/en/app.json' with { type: 'json' };
import words from '#strings/en/evaluate.json' with { type: 'json' };
import { writeFiles } from '#test/support/cifar-files.ts';
import { expect, hostEnvironment, openHeatlens } from '#test/support/heatlens-window.ts';

const program = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.cjs');
const images = { train: 600, test: 400 };

/** A hundred classes, each a shade of its group's colour: groups are told apart soon, classes hardly. */
function manyClasses(count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, record) => {
      const fine = record % 100;
      const coarse = fine % 20;
      const shade = (at: number) =>
        (coarse * 12 + Math.floor(fine / 20) * 3 * (1 + Math.floor(at / 1024)) + ((record * 31 + at * 17) % 40)) % 256;
      return Buffer.from([coarse, fine, ...Array.from({ length: 3072 }, (_x, at) => shade(at))]);
    }),
  );
}

const lines = (count: number, name: string) => Array.from({ length: count }, (_, i) => `${name}_${i}\n`).join('');

async function trainTwo(home: string): Promise<void> {
  const folder = join(home, 'many');
  await writeFiles(folder, {
    'train.bin': manyClasses(images.train),
    'test.bin': manyClasses(images.test),
    'fine_label_names.txt': lines(100, 'kind'),
    'coarse_label_names.txt': lines(20, 'group'),
  });
  for (const seed of ['1', '2']) {
    const what = [
      '--data',
      folder,
      '--preset',
      'tutorial-cnn',
      '--epochs',
      '1',
      '--seed',
      seed,
      '--name',
      `Run ${seed}`,
    ];
    await promisify(execFile)(process.execPath, [program, 'train', ...what], { env: hostEnvironment(home) });
  }
}

const measured = (page: Page, count: number) =>
  expect(page.getByText(`${count} test images`)).toBeVisible({ timeout: 60_000 });

// eslint-disable-next-line no-empty-pattern -- Playwright reads a test's needs from this pattern
test('a hundred classes: from a cell to its images, several put right at once, calibration, and two runs as one', async ({}, info) => {
  const home = await mkdtemp(join(tmpdir(), 'heatlens-e2e-'));
  await trainTwo(home);
  const heatlens = await openHeatlens(info.project.name === 'browser' ? 'browser' : 'electron', home);
  const { page } = heatlens;
  const canvas = page.getByTestId('confusion-canvas');
  const told = page.getByTestId('confusion-told');
  const tiles = page.getByTestId('cell-images').getByRole('gridcell');
  try {
    await test.step('the matrix is read by keyboard, by class and by group', async () => {
      await page.locator('nav [data-page="evaluate"]').click();
      await measured(page, images.test);
      await expect(canvas).toHaveAttribute('aria-rowcount', '100');
      await canvas.focus();
      await page.keyboard.press('Control+ArrowRight');
      await expect(told).toHaveText(/^kind_0, predicted kind_\d+: \d image/);
      await page.getByText(words.confusion.orders.groups, { exact: true }).click();
      await expect(canvas).toHaveAttribute('aria-rowcount', '20');
      await page.getByText(words.confusion.orders.classes, { exact: true }).click();
    });

    await test.step('its CSV has every class', async () => {
      if (heatlens.kind === 'electron') return; // the desktop asks where to save
      await page.getByRole('button', { name: appWords.saving.chart }).click();
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: appWords.saving.csv }).click(),
      ]);
      const rows = (await readFile(await saved.path(), 'utf8')).trim().split('\r\n');
      expect(rows).toHaveLength(101);
      const counts = rows.slice(1).flatMap((row) => row.split(',').slice(1).map(Number));
      expect(counts.reduce((a, b) => a + b, 0)).toBe(images.test);
    });

    await test.step('the most confused pair opens its images; all are left out, and taken back', async () => {
      await page.locator('.pairs ol button').first().click();
      await expect(tiles.first()).toBeVisible();
      const count = await tiles.count();
      await tiles.first().click();
      await page.keyboard.press('Control+a');
      await expect(page.locator('[role=gridcell][aria-selected=true][data-place]')).toHaveCount(count);
      await page.keyboard.press('Delete');
      await measured(page, images.test - count);
      await page.getByRole('button', { name: appWords.undo }).first().click();
      await measured(page, images.test);
    });

    await test.step('two of them are given the third class by one key', async () => {
      await expect(tiles.nth(1)).toBeVisible();
      await tiles.first().click();
      await tiles.nth(1).click({ modifiers: ['Shift'] });
      await page.keyboard.press('3');
      await expect(page.getByText('2 images are now labelled kind_2.')).toBeVisible({ timeout: 60_000 });
    });

    await test.step('calibration and threshold', async () => {
      await page.getByText(words.views.calibration, { exact: true }).click();
      await expect(page.getByText(words.calibration.expected)).toBeVisible();
      await page.getByText(words.views.threshold, { exact: true }).first().click();
      const coverage = page.getByText(words.threshold.coverage, { exact: true }).first().locator('+ *');
      await page.getByRole('slider', { name: words.threshold.threshold }).fill('0');
      await expect(coverage).toHaveText('100.00 %');
      await page.getByRole('slider', { name: words.threshold.threshold }).fill('1');
      await expect(coverage).not.toHaveText('100.00 %');
    });

    await test.step('two runs are averaged; the one without figures is measured first', async () => {
      await page.getByRole('button', { name: words.ensemble.choose }).click();
      for (const name of ['Run 1', 'Run 2']) await page.getByRole('checkbox', { name }).check();
      await page.getByRole('button', { name: 'Average 2 runs' }).click();
      const members = page.getByRole('table', { name: words.ensemble.members });
      await expect(members.getByRole('row')).toHaveCount(4, { timeout: 60_000 });
      await page.getByText(words.views.confusion, { exact: true }).click();
      await page.locator('.pairs ol button').first().click();
      await expect(tiles.first()).toBeVisible();
    });

    await test.step('one of them is trained again', async () => {
      await page.getByText('Run 1', { exact: true }).first().click();
      await page.locator('.pairs ol button').first().click();
      await tiles.first().click();
      await page.getByRole('button', { name: words.correct.again }).click();
      await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 90_000 });
    });
    expect(heatlens.complaints).toEqual([]);
  } finally {
    if (info.errors.length > 0) {
      await info.attach('window', { body: await page.screenshot(), contentType: 'image/png' });
    }
    await heatlens.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
