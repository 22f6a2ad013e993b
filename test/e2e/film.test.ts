import type { Page } from '@playwright/test';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import film from '#strings/en/film.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

/** 125 frames of 432×288, 25 a second. */
const sample = join(import.meta.dirname, '..', '..', 'assets', 'films', 'cat-and-astronaut.mp4');

/** Of the preview: its size, and RGB of 20×20 places of its left and right half. */
async function seen(page: Page): Promise<{ width: number; height: number; left: number[]; right: number[] }> {
  return page.getByTestId('film-picture').evaluate((element) => {
    const picture = element as HTMLImageElement;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(picture, 0, 0);
    const half = Math.floor(canvas.width / 2);
    const levels = (from: number) => {
      const found: number[] = [];
      for (let y = 0.025; y < 1; y += 0.05) {
        for (let x = 0.025; x < 1; x += 0.05) {
          const at = [Math.floor(from + x * half), Math.floor(y * canvas.height)] as const;
          found.push(...[...context.getImageData(...at, 1, 1).data].slice(0, 3));
        }
      }
      return found;
    };
    return { width: canvas.width, height: canvas.height, left: levels(0), right: levels(half) };
  });
}

/** Mean difference of levels. */
const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, level, at) => sum + Math.abs(level - (b[at] ?? 0)), 0) / a.length;

/** What kinds of levels there are: heat has colours that the picture has not. */
const spread = (levels: readonly number[]) => {
  const blue = levels.filter((_, at) => at % 3 === 2);
  return Math.max(...blue) - Math.min(...blue);
};

test('a film is dropped, seen with its heat at once, made, and shown', async ({ heatlens }) => {
  const { page } = heatlens;
  const home = await mkdtemp(join(tmpdir(), 'heatlens-film-'));
  const file = join(home, 'holiday.mp4');
  await copyFile(sample, file);
  const settings = page.getByRole('complementary', { name: film.settings });
  const picture = page.getByTestId('film-picture');
  const time = page.getByTestId('film-time');
  const results = page.getByTestId('film-results').getByRole('listitem');

  await test.step('what will happen is said before the drop', async () => {
    await page.locator('nav [data-page="film"]').click();
    await expect(page.getByRole('heading', { name: film.empty.title })).toBeVisible({ timeout: 60_000 });
    await heatlens.drop([file], () => expect(page.getByTestId('drop-veil')).toContainText(/film/));
  });

  await test.step('the first frame stands beside the same with heat', async () => {
    await expect(picture).toBeVisible({ timeout: 60_000 });
    const { width, height, left, right } = await seen(page);
    expect([width, height]).toEqual([864, 288]);
    expect(apart(left, right)).toBeGreaterThan(10);
    // Turbo's blue end is far from anything in a picture of a brown cat.
    expect(spread(right)).toBeGreaterThan(spread(left) * 0.9);
    await expect(page.getByTestId('film-classes')).toContainText(/cat/);
    await expect(page.getByTestId('film-notes')).toContainText(film.notes['no-sound']);
    await expect(page.getByTestId('film-size')).toContainText('864×288');
  });

  await test.step('settings change the picture; the one before stays until then', async () => {
    const before = await seen(page);
    await settings.getByText(film.form.layouts.overlay, { exact: true }).click();
    await expect(picture).toBeVisible();
    await expect.poll(async () => (await seen(page)).width).toBe(432);
    await settings.getByText(film.form.layouts['side-by-side'], { exact: true }).click();
    await expect.poll(async () => (await seen(page)).width).toBe(864);
    const opacity = settings.getByLabel(film.form.opacity, { exact: true }).last();
    await opacity.fill('0');
    await expect.poll(async () => apart((await seen(page)).right, before.right)).toBeGreaterThan(5);
    await opacity.fill('0.5');
    await expect.poll(async () => apart((await seen(page)).right, before.right)).toBeLessThan(2);
  });

  await test.step('keys step through the frames and set the part', async () => {
    await page.locator('main h1').first().click();
    await page.keyboard.press('.');
    await page.keyboard.press('.');
    await expect(time).toContainText('0:00.08');
    await page.keyboard.press(',');
    await expect(time).toContainText('0:00.04');
    await page.getByTestId('film-scrubber').fill('3.2');
    await expect(time).toContainText('0:03.20');
    await expect(page.getByTestId('film-classes')).not.toContainText(/cat/, { timeout: 30_000 });
    await page.getByRole('button', { name: film.preview.begin }).click();
    await expect(page.getByTestId('film-size')).toContainText('about 45 frames');
  });

  await test.step('it is made: progress here and in the bar, then the player', async () => {
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect(page.getByTestId('film-job-state')).toBeVisible();
    await expect(page.getByTestId('film-chip')).toBeVisible();
    await expect(page.getByTestId('film-result')).toBeVisible({ timeout: 120_000 });
    await expect(results).toHaveCount(1);
    await expect(page.getByTestId('film-queue')).toHaveCount(0);
    await expect(page.getByTestId('film-chip')).toHaveCount(0);
  });

  await test.step('another is cancelled in the middle: nothing is left of it', async () => {
    await page.getByTestId('film-list').getByRole('button').first().click();
    await page.getByRole('button', { name: film.preview.whole }).click();
    await page.getByTestId('make-film').click();
    await expect(page.getByTestId('film-job-state')).toHaveAttribute('data-state', 'running');
    await expect(page.getByTestId('film-figures')).toContainText(/[1-9]\d* of 125/, { timeout: 60_000 });
    await page.getByTestId('cancel-film').click();
    await expect(page.getByTestId('film-queue')).toHaveCount(0);
    await expect(picture).toBeVisible();
    await expect(results).toHaveCount(1);
  });

  await test.step('what was made is removed and comes back; so does the film', async () => {
    const undo = page.getByRole('button', { name: 'Undo' });
    await results.first().hover();
    await results.first().getByRole('button', { name: film.results.remove }).click();
    await expect(results).toHaveCount(0);
    await undo.last().click();
    await expect(results).toHaveCount(1);
    const row = page.getByTestId('film-list').getByRole('listitem');
    await row.first().hover();
    await row.first().getByRole('button', { name: film.close }).click();
    await expect(row).toHaveCount(0);
    await undo.first().click();
    await expect(row).toHaveCount(1);
  });

  expect(heatlens.complaints).toEqual([]);
  await rm(home, { recursive: true, force: true });
});

test('what is no film is told, a folder of pictures is one', async ({ heatlens }) => {
  const { page } = heatlens;
  const home = await mkdtemp(join(tmpdir(), 'heatlens-film-'));
  await page.locator('nav [data-page="film"]').click();
  await expect(page.getByRole('heading', { name: film.empty.title })).toBeVisible({ timeout: 60_000 });

  const broken = join(home, 'broken.mp4');
  await writeFile(broken, 'this is a letter, not a film');
  await heatlens.drop([broken]);
  await expect(page.locator('[data-sonner-toast]')).toContainText('broken.mp4', { timeout: 30_000 });

  const folder = join(home, 'frames');
  await mkdir(folder);
  const photo = join(import.meta.dirname, '..', '..', 'assets', 'photos', 'chelsea.jpg');
  for (const number of [1, 2, 3, 4]) await copyFile(photo, join(folder, `frame-${number}.jpg`));
  expect(await readdir(folder)).toHaveLength(4);
  await heatlens.drop([folder], () => expect(page.getByTestId('drop-veil')).toContainText(/film/));
  await expect(page.getByTestId('film-picture')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('film-size')).toContainText('4 frames');
  await rm(home, { recursive: true, force: true });
});
