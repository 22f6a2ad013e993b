import type { Locator, Page } from '@playwright/test';
import film from '#strings/en/film.json' with { type: 'json' };
import { findings } from '#test/support/axe-findings.ts';
import { expect, test } from '#test/support/heatlens-window.ts';

/** Goes there with Tab alone, as a person without a pointer does. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const has = () => target.evaluate((element) => element === document.activeElement);
  for (let step = 0; step < 100 && !(await has()); step++) await page.keyboard.press(key);
  await expect(target).toBeFocused();
}

/** Controls and words of the tools and the transport that lie over one another by more than a pixel. */
const overlaps = (player: Locator) =>
  player.evaluate((element) => {
    const parts = [...element.querySelectorAll('[role="toolbar"], [role="group"]')].flatMap((bar) => [
      ...bar.querySelectorAll('button, select, input[type="range"], output > *'),
    ]);
    const boxes = parts
      .filter((part) => part.checkVisibility())
      .map((part) => [part.getAttribute('aria-label') ?? part.textContent, part.getBoundingClientRect()] as const);
    return boxes.flatMap(([name, box], at) =>
      boxes.slice(at + 1).flatMap(([other, below]) => {
        const across = Math.min(box.right, below.right) - Math.max(box.left, below.left);
        const down = Math.min(box.bottom, below.bottom) - Math.max(box.top, below.top);
        return across > 1 && down > 1 ? [`${name} | ${other}`] : [];
      }),
    );
  });

test('with the keyboard alone a film is opened, made, played, judged and saved; axe-core finds nothing serious', async ({
  heatlens,
}) => {
  test.setTimeout(240_000);
  const { page } = heatlens;
  const picture = page.getByTestId('film-picture');
  const player = page.getByTestId('film-player');
  const time = player.getByTestId('film-time');
  const found: string[] = [];
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const times = (count: number, key: string) => press(...Array.from({ length: count }, () => key));
  await page.emulateMedia({ reducedMotion: 'reduce' });

  await test.step('the sample is opened', async () => {
    await expect(page.getByTestId('welcome')).toBeVisible();
    await press('Control+6');
    await expect(page.getByRole('heading', { name: film.empty.title })).toBeVisible({ timeout: 60_000 });
    await tabTo(page, page.getByRole('button', { name: film.trySample }).last());
    await press('Enter');
    await expect(picture).toBeVisible({ timeout: 60_000 });
    found.push(...(await findings(page, 'preview')));
  });

  await test.step('the whole of it is begun and given up', async () => {
    await press('Control+Enter');
    await expect(page.getByTestId('film-job-state')).toHaveAttribute('data-state', 'running', { timeout: 30_000 });
    found.push(...(await findings(page, 'making')));
    await tabTo(page, page.getByTestId('cancel-film'));
    await press('Enter');
    await expect(picture).toBeVisible();
  });

  await test.step('its last frames are made', async () => {
    await tabTo(page, page.getByTestId('film-scrubber'));
    await press('End');
    await times(9, 'ArrowLeft');
    await press('i');
    await expect(page.getByTestId('film-size')).toContainText('about 10 frames');
    await press('Control+Enter');
    await expect(player).toHaveAttribute('data-ready', 'true', { timeout: 120_000 });
  });

  const count = Number(/of (\d+)/.exec((await time.textContent()) ?? '')?.[1]);
  const shown = (frame: number) => expect(time).toHaveAttribute('data-frame', String(frame));
  await test.step('it is played and stepped through, wherever the focus is', async () => {
    expect(count).toBeGreaterThan(5);
    await press('Space');
    await shown(count - 1);
    await press('Home', '.', '.', ',');
    await shown(1);
    await tabTo(page, page.getByTestId('film-play'));
    await press('Enter');
    await shown(count - 1);
    await tabTo(page, player.getByTestId('film-scrubber'), 'Shift+Tab');
    await press('Home', '.');
    await shown(1);
  });

  await test.step('the line between picture and heat is moved', async () => {
    const view = (name: string) => player.getByRole('radio', { name, exact: true });
    await tabTo(page, view(film.player.ways.side), 'Shift+Tab');
    await press('ArrowLeft');
    await expect(view(film.player.ways.wipe)).toBeChecked();
    const line = player.getByTestId('film-stage').locator('.divider');
    const before = await line.evaluate((element) => element.style.left);
    await tabTo(page, player.getByTestId('film-stage').locator('canvas'));
    await times(3, 'ArrowRight');
    expect(await line.evaluate((element) => element.style.left)).not.toBe(before);
    await shown(1);
    await tabTo(page, view(film.player.ways.wipe), 'Shift+Tab');
    await press('ArrowRight');
    await expect(view(film.player.ways.side)).toBeChecked();
  });

  await test.step('a box says where it should look, and sorts the frames', async () => {
    await tabTo(page, player.getByRole('button', { name: film.player.bias.ask }));
    await press('Enter');
    const box = player.getByRole('application', { name: film.player.bias.box }).first();
    const place = () => box.evaluate(({ style: { left, top, width, height } }) => [left, top, width, height]);
    const before = await place();
    await tabTo(page, box);
    await press('ArrowLeft', 'ArrowUp', 'Shift+ArrowRight', 'Shift+ArrowDown');
    const after = await place();
    expect(after.map((each, at) => each === before[at])).toEqual([false, false, false, false]);
    const frames = player.getByRole('listbox', { name: film.player.bias.list });
    await expect(frames.getByRole('option').nth(1)).toBeVisible();
    await tabTo(page, frames);
    await press('ArrowDown');
    await expect(frames.getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
    found.push(...(await findings(page, 'player')));
  });

  await test.step('it is saved', async () => {
    const menu = player.getByRole('button', { name: film.player.save.menu, exact: true });
    await tabTo(page, menu, 'Shift+Tab');
    await press('Enter');
    await expect(page.getByRole('menu')).toBeVisible();
    found.push(...(await findings(page, 'saving')));
    // A desktop asks the system where to, which no test can answer.
    if (heatlens.kind === 'browser') {
      const coming = page.waitForEvent('download');
      await times(3, 'ArrowDown');
      await expect(page.getByRole('menuitem', { name: film.player.save.csv })).toBeFocused();
      await press('Enter');
      expect((await coming).suggestedFilename()).toMatch(/\.csv$/);
    } else await press('Escape');
    await expect(page.getByRole('menu')).toBeHidden();
    await expect(menu).toBeFocused();
  });

  await test.step('in a small window nothing of the player lies over something else, in Chinese neither', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    for (const language of ['English', '中文']) {
      await press('Control+k');
      await page.keyboard.type(language);
      await press('Enter');
      await expect(page.locator('html')).toHaveAttribute('lang', language === '中文' ? 'zh' : 'en');
      await expect.poll(() => overlaps(player)).toEqual([]);
    }
  });

  expect([...new Set(found)]).toEqual([]);
  expect(heatlens.complaints).toEqual([]);
});
