import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import heat from '#strings/en/heat.json' with { type: 'json' };
import { expect, test, type HeatlensWindow } from '#test/support/heatlens-window.ts';

const photo = join(import.meta.dirname, '..', '..', 'assets', 'photos', 'chelsea.jpg');

/** RGB of a grid of places of the three pictures, left to right: picture, heat, both. */
async function sampled(page: Page): Promise<number[][]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLCanvasElement>('[data-testid="heat-pane"] [data-testid="heat-stage"] canvas'),
    ].map((canvas) => {
      const context = canvas.getContext('2d');
      const found: number[] = [];
      for (let y = 0.05; y < 1; y += 0.1) {
        for (let x = 0.05; x < 1; x += 0.1) {
          const pixel = context?.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data;
          found.push(...[...(pixel ?? [])].slice(0, 3));
        }
      }
      return found;
    }),
  );
}

const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, level, at) => sum + Math.abs(level - (b[at] ?? 0)), 0) / a.length;

/** Settles when the map on the page is another than `before`. */
async function another(page: Page, before: number[][]): Promise<number[][]> {
  let now = before;
  await expect
    .poll(
      async () => {
        now = await sampled(page);
        return apart(now[1] ?? [], before[1] ?? []);
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(1);
  return now;
}

/** A picture as the window hands it over: in a browser the file itself; on a desktop the system would ask where first. */
async function savedPicture({ page, kind }: HeatlensWindow, item: string): Promise<Buffer> {
  const choose = async () => {
    await page.getByTestId('heat-pane').getByRole('button', { name: heat.save.menu }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  if (kind === 'browser') {
    const [download] = await Promise.all([page.waitForEvent('download'), choose()]);
    return readFile(await download.path());
  }
  const handed = page.evaluate(
    () =>
      new Promise<number[]>((settle) => {
        HTMLAnchorElement.prototype.click = () => undefined;
        URL.createObjectURL = (content) => {
          if (content instanceof Blob) void content.arrayBuffer().then((bytes) => settle([...new Uint8Array(bytes)]));
          return '';
        };
      }),
  );
  await choose();
  return Buffer.from(await handed);
}

test('the heat of a photo: drawn, of another class, at another layer, in other colours, saved', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  const pane = page.getByTestId('heat-pane');
  let seen: number[][] = [];

  await test.step('it is drawn over the picture', async () => {
    await heatlens.drop([photo]);
    await expect(pane).toHaveAttribute('data-shown', 'true', { timeout: 60_000 });
    seen = await sampled(page);
    const [picture = [], map = [], both = []] = seen;
    expect(seen).toHaveLength(3);
    expect(apart(picture, map)).toBeGreaterThan(20);
    // Half of each, where the network looked.
    expect(apart(picture, both)).toBeGreaterThan(10);
    expect(apart(map, both)).toBeGreaterThan(10);
    await expect(pane).toContainText('7×7');
  });

  await test.step('a place is read by the keys', async () => {
    await pane.locator('canvas').nth(1).focus();
    await page.keyboard.press('ArrowLeft');
    await expect(pane).toContainText(/0\.\d\d here|1\.00 here/);
  });

  await test.step('another class has another heat', async () => {
    await pane.getByRole('button', { name: heat.class.label }).click();
    await page.keyboard.type('plastic bag');
    await page.keyboard.press('Enter');
    await expect(pane.getByRole('button', { name: `${heat.class.label}: plastic bag` })).toBeVisible();
    seen = await another(page, seen);
  });

  await test.step('a layer by hand has another', async () => {
    const layer = pane.getByLabel(heat.layer.label, { exact: true });
    const values = await layer
      .locator('option')
      .evaluateAll((all) => all.map((each) => (each as HTMLOptionElement).value));
    await layer.selectOption(values[Math.floor(values.length / 2)] ?? '');
    seen = await another(page, seen);
    await expect(pane).toContainText('chosen by hand');
  });

  await test.step('colours and strength change without asking again', async () => {
    await pane.getByLabel(heat.colours.label, { exact: true }).selectOption('viridis');
    seen = await another(page, seen);
    await pane.getByLabel(heat.opacity).fill('0');
    await expect.poll(async () => apart((await sampled(page))[2] ?? [], seen[2] ?? [])).toBeGreaterThan(5);
    await pane.getByLabel(heat.opacity).fill('0.6');
  });

  await test.step('the picture with its heat is saved, alone and beside the others', async () => {
    const overlay = sharp(await savedPicture(heatlens, heat.save.overlay));
    const own = await sharp(photo).metadata();
    expect(await overlay.metadata()).toMatchObject({ format: 'png', width: own.width, height: own.height });
    const { channels } = await overlay.stats();
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(10);
  });
  expect(heatlens.complaints).toEqual([]);
});
