import { join } from 'node:path';
import opening from '#strings/en/opening.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';

const files = join(import.meta.dirname, '..', 'fixtures');
const shots = process.env['HEATLENS_SHOTS'];

test('a Keras file is dropped, told of, named, opened; weights alone ask for their network; code is refused', async ({
  heatlens,
}) => {
  const { page } = heatlens;
  const dialog = page.getByTestId('model-open');
  const shot = async (name: string) => {
    if (shots) await page.screenshot({ path: join(shots, `${heatlens.kind}-${name}.png`) });
  };

  await test.step('what it is comes first', async () => {
    await heatlens.drop([join(files, 'keras-files', 'features.keras')], () => shot('hover'));
    await expect(dialog).toContainText(opening.formats.keras, { timeout: 60_000 });
    await expect(dialog).toContainText('1,403');
    await expect(dialog).toContainText('flip');
    await shot('dialog');
  });

  await test.step('its name and its classes are told', async () => {
    await dialog.getByLabel(opening.name, { exact: true }).fill('Many layers');
    await dialog.getByLabel(opening.naming).selectOption('list');
    await dialog.getByRole('textbox', { name: opening.namings.list }).fill('a\nb\nc');
    await expect(page.getByTestId('open-model')).toBeDisabled();
    await dialog.getByRole('textbox', { name: opening.namings.list }).fill('a\nb\nc\nd\ne');
    await shot('list');
    await page.getByTestId('open-model').click();
    await expect(page.getByTestId('own-networks')).toContainText('Many layers', { timeout: 60_000 });
    await shot('opened');
  });

  await test.step('code in a file is never run', async () => {
    await heatlens.drop([join(files, 'attack-files', 'lambda.keras')]);
    await expect(page.getByText(/code of the file’s own/)).toBeVisible({ timeout: 60_000 });
    await shot('refused');
  });

  await test.step('weights alone', async () => {
    await heatlens.drop([join(files, 'keras-files', 'older-weights.h5')]);
    await expect(dialog).toContainText(opening.formats['h5-weights'], { timeout: 60_000 });
    await expect(page.getByTestId('open-model')).toBeDisabled();
    await dialog.getByLabel(opening.network).selectOption('mnist-cnn');
    await shot('weights');
    await page.getByTestId('open-model').click();
    await expect(page.getByText(/The weights do not fit the network/)).toBeVisible({ timeout: 60_000 });
  });
});
