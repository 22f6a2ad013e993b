import { _electron, expect, test, type Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { dropOn } from '#test/support/heatlens-window.ts';
import { bareEnvironment, built, flags, root } from './built.ts';

const made = built();
const cats = /cat|tabby|lynx/i;
const heat = (photo: string) =>
  `[data-testid="photo-pane"][data-picture="${photo}"] [data-testid="heat-pane"][data-shown="true"]`;

/** Part of the pixels of an element that are strongly coloured: a heat-map over a grey photo has many. */
async function colourful(page: Page, selector: string): Promise<number> {
  const { default: sharp } = await import('sharp');
  const picture = await page.locator(selector).first().screenshot();
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  let strong = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) strong++;
  }
  return strong / (info.width * info.height);
}

test('the packaged app is driven through the first journey: a photo, its classes, its heat', async () => {
  const home = await mkdtemp(join(root, 'dist', 'check-'));
  const complaints: string[] = [];
  const app = await _electron.launch({
    executablePath: join(root, made.test),
    args: flags,
    env: bareEnvironment(home),
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  expect(await app.evaluate(({ app: electron }) => electron.isPackaged)).toBe(true);

  await page.getByRole('button', { name: new RegExp(welcome.ask.title) }).click();
  const classes = page.getByTestId('top-classes').getByRole('listitem');
  await expect(classes.first()).toContainText(cats, { timeout: 60_000 });
  await expect(page.locator(heat('chelsea.jpg'))).toBeVisible({ timeout: 60_000 });

  // One of the person's own, dropped: a photo without a colour of its own, so that every colour is heat.
  await dropOn(page, [join(root, 'assets', 'photos', 'camera.jpg')]);
  await expect(page.locator(heat('camera.jpg'))).toBeVisible({ timeout: 60_000 });
  await expect(classes.first()).toContainText('tripod');
  await expect.poll(() => colourful(page, heat('camera.jpg'))).toBeGreaterThan(0.1);
  await page.screenshot({ path: join('test-results', 'packaged.png') });
  expect(complaints).toEqual([]);
  await app.close();
  await rm(home, { recursive: true });
});

test('a release cannot be inspected, nor made a plain Node of, by its command line or environment', async () => {
  const home = await mkdtemp(join(root, 'dist', 'check-'));
  const program = join(root, made.release);
  const env = {
    ...bareEnvironment(home),
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '--throw-deprecation',
  };
  // As a Node this would print; as our app it opens no window but tests itself.
  const words = [...flags, '-e', 'console.log("a plain Node")', '--inspect=0', '--self-test'];
  const said = execFileSync(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 }).toString();
  expect(said).not.toContain('a plain Node');
  expect(JSON.parse(said.trim())).toMatchObject({ ok: true, packaged: true });
  await rm(home, { recursive: true });
});
