import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import data from '#strings/en/data.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';
import { idxBytes, writePair } from '#test/support/idx-files.ts';

test('files that are wrong are told in a sentence and change nothing; right ones open', async ({ heatlens }) => {
  const { page } = heatlens;
  const folder = await mkdtemp(join(tmpdir(), 'heatlens-drop-'));
  const sets = page.getByRole('complementary', { name: data.sets }).getByRole('listitem');
  const toast = page.locator('[data-sonner-toast]');

  await page.locator('nav [data-page="data"]').click();
  const dismiss = page.getByTestId('welcome').getByRole('button').last();
  if (await dismiss.isVisible()) await dismiss.click();
  await expect(sets).toHaveCount(1);

  const { images, labels } = await writePair(folder, { name: 'train', count: 40, shape: [8, 8] });
  const cut = await writePair(folder, { name: 'test', count: 10, shape: [8, 8] });
  await truncate(cut.images, 200);
  const text = join(folder, 'notes.txt');
  await writeFile(text, 'not an image');
  const fewer = join(folder, 'fewer-labels-idx1-ubyte');
  await writeFile(fewer, idxBytes([39]));

  const wrong = [
    { title: 'a text file', files: [text], says: 'notes.txt' },
    { title: 'a file cut short', files: [cut.images, cut.labels], says: 'test-images-idx3-ubyte' },
    { title: 'labels that do not match', files: [images, fewer], says: 'fewer-labels-idx1-ubyte' },
  ];
  for (const { title, files, says } of wrong) {
    await test.step(title, async () => {
      await heatlens.drop(files, () => expect(page.getByTestId('drop-veil')).toBeVisible());
      await expect(toast.filter({ hasText: says }).first()).toBeVisible();
      await expect(page.getByTestId('drop-veil')).toBeHidden();
      await expect(sets).toHaveCount(1);
    });
  }

  await test.step('the right pair opens as a data set of 40 images', async () => {
    await heatlens.drop([images, labels]);
    await expect(sets).toHaveCount(2);
    await expect(page.getByTestId('image-count')).toContainText('40');
  });
  await rm(folder, { recursive: true });
  expect(heatlens.complaints).toEqual([]);
});
