import { _electron, expect, type Page } from '@playwright/test';
import { join } from 'node:path';
import sharp from 'sharp';
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { dropOn } from '#test/support/heatlens-window.ts';
import { bareEnvironment, flags, root } from './built.ts';

const cats = /cat|tabby|lynx/i;
const heat = (photo: string) =>
  `[data-testid="photo-pane"][data-picture="${photo}"] [data-testid="heat-pane"][data-shown="true"]`;

/** Part of the pixels of an element that are strongly coloured: a heat-map over a grey photo has many. */
async function colourful(page: Page, selector: string): Promise<number> {
  const picture = await page.locator(selector).first().screenshot();
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let strong = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) strong++;
  }
  return strong / (info.width * info.height);
}

/** The first minute of a person: the cat that comes along, then a photo of their own; classes and heat of both. */
export async function firstJourney(program: string, home: string): Promise<void> {
  const complaints: string[] = [];
  const app = await _electron.launch({
    executablePath: program,
    args: flags,
    env: bareEnvironment(home),
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  const { packaged, icon } = await app.evaluate(({ app: electron, nativeImage }) => ({
    packaged: electron.isPackaged,
    icon: nativeImage.createFromPath(`${electron.getAppPath()}/out/icon.png`).getSize(),
  }));
  expect(packaged).toBe(true);
  expect(icon).toEqual({ width: 256, height: 256 });

  await page.getByRole('button', { name: new RegExp(welcome.ask.title) }).click({ timeout: 60_000 });
  const classes = page.getByTestId('top-classes').getByRole('listitem');
  await expect(classes.first()).toContainText(cats, { timeout: 60_000 });
  await expect(page.locator(heat('chelsea.jpg'))).toBeVisible({ timeout: 60_000 });

  // A photo without a colour of its own: every colour is heat.
  await dropOn(page, [join(root, 'assets', 'photos', 'camera.jpg')]);
  await expect(page.locator(heat('camera.jpg'))).toBeVisible({ timeout: 60_000 });
  await expect(classes.first()).toContainText('tripod');
  await expect.poll(() => colourful(page, heat('camera.jpg'))).toBeGreaterThan(0.1);
  await page.screenshot({ path: join('test-results', 'packaged.png') });
  expect(complaints).toEqual([]);
  await app.close();
}
