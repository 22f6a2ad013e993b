import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import film from '#strings/en/film.json' with { type: 'json' };
import heat from '#strings/en/heat.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';
import { numberedFilm, shows, views } from '#test/support/numbered-film.ts';

const run = promisify(execFile);
const count = 60;

/** Both views beside each other, every frame, and the sound. */
async function probe(path: string): Promise<void> {
  const entries = 'stream=codec_name,width,height,nb_read_frames,pix_fmt';
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-count_frames',
    '-show_entries',
    entries,
    '-of',
    'json',
    path,
  ]);
  const { streams } = JSON.parse(stdout) as { streams: Record<string, unknown>[] };
  expect(streams.find(({ width }) => width !== undefined)).toMatchObject({
    ...{ codec_name: 'h264', width: 640, height: 240, pix_fmt: 'yuv420p', nb_read_frames: String(count) },
  });
  expect(streams.some(({ codec_name: name }) => name === 'aac')).toBe(true);
}

test('a film beside its heat: in step, frame by frame, sought on the chart, and saved', async ({ heatlens }) => {
  test.setTimeout(180_000);
  const { page } = heatlens;
  const player = page.getByTestId('film-player');
  const folder = await mkdtemp(join(tmpdir(), 'heatlens-numbers-'));

  try {
    await test.step('it is made', async () => {
      await heatlens.drop([await numberedFilm(folder, { name: 'numbers.mp4', frames: count, sound: true })]);
      await page.getByTestId('make-film').click({ timeout: 60_000 });
      await expect(player).toHaveAttribute('data-ready', 'true', { timeout: 120_000 });
    });

    await test.step('both views show the first frame', async () => {
      // Faint, so that black and white are told apart below the heat.
      await player.getByRole('slider', { name: heat.opacity }).fill('0.2');
      await player.getByTestId('film-board').focus();
      await shows(page, 0);
    });

    await test.step('keys step one frame, and both views with them', async () => {
      for (const frame of [1, 2, 3, 4]) {
        await page.keyboard.press('.');
        await shows(page, frame);
      }
      await page.keyboard.press(',');
      await shows(page, 3);
      await page.keyboard.press('ArrowRight');
      await shows(page, 28);
      await page.keyboard.press('End');
      await shows(page, count - 1);
      await page.keyboard.press('Home');
      await shows(page, 0);
    });

    await test.step('a click on the chart goes there', async () => {
      const box = await player.getByTestId('film-board').boundingBox();
      if (!box) throw new Error('the chart is not on the page');
      await page.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.4);
      await expect.poll(async () => (await views(page)).frame).toBeGreaterThan(5);
      const { frame } = await views(page);
      await shows(page, frame);
    });

    await test.step('while it plays, the pictures never part', async () => {
      await page.keyboard.press('Home');
      await shows(page, 0);
      await page.keyboard.press('l');
      await page.keyboard.press('Space');
      const seen = new Set<number>();
      await expect
        .poll(
          async () => {
            const { frame, pictures } = await views(page);
            expect(pictures).toEqual([frame, frame]);
            return seen.add(frame).size;
          },
          { intervals: [30] },
        )
        .toBeGreaterThan(10);
      await page.keyboard.press('Space');
    });

    await test.step('frames are sorted by the heat outside a box', async () => {
      await player.getByRole('button', { name: film.player.bias.ask }).click();
      const shares = player.getByTestId('film-bias').getByRole('option').locator('.value');
      await expect(shares.first()).toHaveText(/%/);
      const read = (await shares.allTextContents()).map((text) => Number.parseFloat(text));
      expect(read.length).toBeGreaterThan(3);
      expect(read).toEqual([...read].sort((a, b) => b - a));
      await player.getByRole('button', { name: film.player.bias.close }).click();
    });

    await test.step('the film made holds both views, every frame, and its sound', async () => {
      const made = (await readdir(heatlens.home, { recursive: true })).filter((name) => name.endsWith('heat.mp4'));
      expect(made).toHaveLength(1);
      await probe(join(heatlens.home, made[0] ?? ''));
    });

    await test.step('the film and the tables of its frames are saved', async () => {
      const save = (item: string) =>
        heatlens.save(folder, async () => {
          await player.getByRole('button', { name: film.player.save.menu, exact: true }).click();
          await page.getByRole('menuitem', { name: item }).click();
        });
      const saved = await save(film.player.save.film);
      expect(saved.name).toBe('numbers_gradcam.mp4');
      await probe(saved.path);

      const table = await save(film.player.save.csv);
      expect(table.name).toBe('numbers_gradcam.csv');
      const lines = (await readFile(table.path, 'utf8')).trimEnd().split('\r\n');
      expect(lines).toHaveLength(count + 1);
      expect(lines[1]).toMatch(/^0,0,\d+,/);

      const list = await save(film.player.save.json);
      expect(list.name).toBe('numbers_gradcam.json');
      const { frames } = JSON.parse(await readFile(list.path, 'utf8')) as { frames: unknown[] };
      expect(frames).toHaveLength(count);
    });

    await test.step('what is removed from the player comes back into it', async () => {
      await player.getByRole('button', { name: film.player.save.menu, exact: true }).click();
      await page.getByRole('menuitem', { name: film.player.save.remove }).click();
      await expect(player).toHaveCount(0);
      await page.getByRole('button', { name: 'Undo' }).last().click();
      await expect(player).toHaveAttribute('data-ready', 'true', { timeout: 30_000 });
    });

    expect(heatlens.complaints).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const turnedFilms = [
  { name: 'camera.mov', frames: 12, sound: true },
  { name: 'upright-phone.mov', frames: 12, turned: 90 },
  { name: 'phone-upside-down.mp4', frames: 12, turned: 180 },
  { name: 'phone-other-hand.mp4', frames: 12, turned: 270 },
] as const;

test('films as cameras and phones write them are shown right side up beside their heat', async ({ heatlens }) => {
  test.setTimeout(180_000);
  const { page } = heatlens;
  const player = page.getByTestId('film-player');
  const folder = await mkdtemp(join(tmpdir(), 'heatlens-turned-'));
  try {
    for (const made of turnedFilms) {
      await test.step(made.name, async () => {
        await heatlens.drop([await numberedFilm(folder, made)]);
        await expect(page.getByRole('heading', { name: made.name })).toBeVisible({ timeout: 60_000 });
        await page.getByTestId('make-film').click({ timeout: 60_000 });
        await expect(player).toHaveAttribute('data-ready', 'true', { timeout: 60_000 });
        await player.getByRole('slider', { name: heat.opacity }).fill('0.2');
        await player.getByTestId('film-board').focus();
        const { width, height } = await player.getByTestId('film-stage').locator('canvas').first().evaluate(shape);
        expect(width / height).toBeCloseTo(320 / 240, 1);
        for (const frame of [0, 1, 2, 3]) {
          if (frame > 0) await page.keyboard.press('.');
          await shows(page, frame);
        }
        await page.keyboard.press('End');
        await shows(page, made.frames - 1);
      });
    }
    expect(heatlens.complaints).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const shape = (canvas: HTMLElement | SVGElement) => ({
  width: (canvas as HTMLCanvasElement).width,
  height: (canvas as HTMLCanvasElement).height,
});
