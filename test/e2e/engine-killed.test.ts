import app from '#strings/en/app.json' with { type: 'json' };
import engine from '#strings/en/engine.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

test('an engine killed in training is noticed within three seconds, the window lives, and another takes its place', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  await page.getByRole('button', { name: new RegExp(welcome.learn.title) }).click();
  await expect(page.getByTestId('run-chip')).toBeVisible();

  await page.locator('nav [data-page="engine"]').click();
  const pid = Number(await page.locator('dt', { hasText: engine.fact.pid }).locator('+ dd').innerText());
  process.kill(pid, 'SIGKILL');
  await expect(page.getByTestId('engine-lost')).toBeVisible({ timeout: 3500 });

  await page.locator('nav [data-page="data"]').click(); // the window answers
  await expect(page.locator('nav [data-page="data"]')).toHaveAttribute('aria-current', 'page');

  await page.getByRole('button', { name: app.engine.restart }).click();
  await expect(page.getByTestId('engine-lost')).toBeHidden({ timeout: 20_000 });
  await page.locator('nav [data-page="train"]').click();
  await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'interrupted', { timeout: 20_000 });
});
