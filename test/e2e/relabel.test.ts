import evaluate from '#strings/en/evaluate.json' with { type: 'json' };
import app from '#strings/en/app.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

test('a mistake is relabelled, another left out, one taken back, and the figures follow', async ({ heatlens }) => {
  const { page } = heatlens;
  await page.getByRole('button', { name: new RegExp(welcome.learn.title) }).click();
  await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 150_000 });
  await page.locator('nav [data-page="evaluate"]').click();
  await expect(page.getByText('10,000 test images')).toBeVisible({ timeout: 60_000 });

  const openWorst = async () => {
    await page.getByText(evaluate.views.incorrect, { exact: true }).click();
    await page.locator('.cards button').first().click();
  };
  const measured = async (count: string) => {
    await expect(page.getByText(`${count} test images`)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(evaluate.image.title)).toBeVisible();
  };

  await test.step('left out: one image less', async () => {
    await openWorst();
    await page.getByRole('button', { name: evaluate.correct.exclude }).click();
    await measured('9,999');
  });

  await test.step('taken back: all are there', async () => {
    await page.getByRole('button', { name: app.undo }).first().click();
    await measured('10,000');
  });

  await test.step('relabelled as the network said: one mistake less', async () => {
    const mistakes = () => page.getByText(evaluate.mistakes, { exact: true }).locator('+ *').innerText();
    const before = Number((await mistakes()).replace(/\D/g, ''));
    await openWorst();
    const fact = page.locator('dt', { hasText: evaluate.image.predicted }).locator('+ dd');
    await expect(fact).toHaveText(/^\d$/);
    const predicted = await fact.innerText();
    const classes = page.getByRole('group', { name: evaluate.correct.title });
    await classes.getByRole('button', { name: predicted, exact: true }).click();
    await expect.poll(async () => Number((await mistakes()).replace(/\D/g, '')), { timeout: 60_000 }).toBe(before - 1);
  });
  expect(heatlens.complaints).toEqual([]);
});
