import type { Page } from '@playwright/test';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import appWords from '#strings/en/app.json' with { type: 'json' };
import look from '#strings/en/look.json' with { type: 'json' };
import photos from '#strings/en/photos.json' with { type: 'json' };
import tree from '#strings/en/tree.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

const shipped = join(import.meta.dirname, '..', '..', 'assets', 'photos');
const cats = /cat|tabby|lynx/i;

const heat = (photo: string) =>
  `[data-testid="photo-pane"][data-picture="${photo}"] [data-testid="heat-pane"][data-shown="true"]`;

const pane = (page: Page, name: keyof typeof photos.panes) =>
  page.getByText(photos.panes[name], { exact: true }).click();

/** Milliseconds from a drop until something is on the page; the page's own clock, looked at in every frame. */
async function timed(page: Page, drop: () => Promise<void>, selectors: string[]): Promise<number[]> {
  const watch = page.evaluate(async (wanted) => {
    const began = await new Promise<number>((settle) =>
      window.addEventListener('drop', () => settle(performance.now()), { once: true, capture: true }),
    );
    const found = wanted.map(() => 0);
    while (found.includes(0)) {
      await new Promise(requestAnimationFrame);
      wanted.forEach((selector, at) => {
        if (found[at] === 0 && document.querySelector(selector)) found[at] = performance.now() - began;
      });
    }
    return found;
  }, selectors);
  await drop();
  return watch;
}

test('a photo is asked: classes, heat, the tree, many at once, models beside one another', async ({ heatlens }) => {
  const { page } = heatlens;
  const home = await mkdtemp(join(tmpdir(), 'heatlens-photos-'));
  const classes = page.getByTestId('top-classes').getByRole('listitem');
  const list = page.getByTestId('photo-list').getByRole('option');

  await test.step('the first page asks the cat, with what is inside', async () => {
    await page.getByRole('button', { name: new RegExp(welcome.ask.title) }).click();
    await expect(classes.first()).toContainText(cats, { timeout: 60_000 });
    await expect(page.locator(heat('chelsea.jpg'))).toBeVisible({ timeout: 60_000 });
    await expect(list).toHaveCount(1);
    await expect(page.getByTestId('coarse')).toContainText('domestic cat');
  });

  await test.step('another one is dropped: cats on top and a heat-map; how long that took is printed', async () => {
    // A file of another name, so that nothing of it is known.
    const photo = join(home, 'my-cat.jpg');
    await cp(join(shipped, 'chelsea.jpg'), photo);
    const drop = () => heatlens.drop([photo]);
    const [named = Infinity, heated = Infinity] = await timed(page, drop, [
      '[data-testid="top-classes"][data-picture="my-cat.jpg"] li',
      heat('my-cat.jpg'),
    ]);
    console.log(`my-cat.jpg dropped (${heatlens.kind}): classes ${named.toFixed(0)} ms, heat ${heated.toFixed(0)} ms`);
    await expect(classes.first()).toContainText(cats);
    await expect(list).toHaveCount(2);
  });

  await test.step('the tree shows the way to the class, and is walked by keys', async () => {
    await pane(page, 'tree');
    const way = page.getByRole('navigation', { name: tree.path });
    await expect(way).toContainText('carnivore');
    await way.getByRole('button', { name: 'carnivore', exact: true }).click();
    await expect(way.getByRole('button', { name: 'carnivore', exact: true })).toHaveClass(/here/);
    await page.getByTestId('treemap').focus();
    await page.keyboard.press('Escape');
    await expect(way.getByRole('button', { name: 'carnivore', exact: true })).not.toHaveClass(/here/);
  });

  await test.step('a folder of loose photos becomes a table, with the reason for the one that cannot be read', async () => {
    const folder = join(home, 'loose');
    await mkdir(folder);
    for (const name of ['chelsea', 'astronaut', 'camera'])
      await cp(join(shipped, `${name}.jpg`), join(folder, `${name}-2.jpg`));
    await writeFile(join(folder, 'torn.jpg'), 'no picture');
    await heatlens.drop([folder]);
    const rows = page.getByTestId('batch-rows').getByRole('row');
    await expect(rows.filter({ hasText: 'chelsea-2.jpg' })).toContainText(cats, { timeout: 60_000 });
    await expect(rows.filter({ hasText: 'astronaut-2.jpg' })).toBeVisible();
    await rows.filter({ hasText: 'camera-2.jpg' }).click();
    await expect(classes.first()).toContainText('tripod');
  });

  await test.step('closed, a photo comes back by undo', async () => {
    const before = await list.count();
    await page.keyboard.press('Delete');
    await expect(list).toHaveCount(before - 1);
    await page.getByRole('button', { name: appWords.undo }).first().click();
    await expect(list).toHaveCount(before);
  });

  await test.step('the pad is another view of the page', async () => {
    await page.getByText(look.views.draw, { exact: true }).click();
    await expect(page.getByText(look.empty.title)).toBeVisible();
    await page.getByText(look.views.photos, { exact: true }).click();
    await expect(list.first()).toBeVisible();
  });

  await rm(home, { recursive: true });
  expect(heatlens.complaints).toEqual([]);
});
