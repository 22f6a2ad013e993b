import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import exporting from '#strings/en/export.json' with { type: 'json' };
import welcome from '#strings/en/welcome.json' with { type: 'json' };
import { expect, test } from '#test/support/heatlens-window.ts';
import { zipEntries } from '#test/support/zip-entries.ts';

const shots = process.env['HEATLENS_SHOTS'];

test('a fine-tuned run goes home as a Python program: a zip that says how it is run, then a folder', async ({
  heatlens,
}) => {
  test.setTimeout(300_000);
  const { page, home, kind } = heatlens;
  const dialog = page.getByRole('dialog');
  const form = dialog.locator('form');
  const shot = async (name: string) => {
    if (shots) await page.screenshot({ path: join(shots, `${kind}-program-${name}.png`) });
  };
  /** As a person gives it: a desktop asks in a dialog of the system's, a browser in the form. */
  const written = async (name: string): Promise<string> => {
    if (kind === 'electron') {
      const write = form.getByRole('button', { name: exporting.choose });
      return (await heatlens.save(home, () => write.click())).path;
    }
    const path = join(home, name);
    await form.getByRole('textbox').fill(path);
    await form.getByRole('button', { name: exporting.write, exact: true }).click();
    return path;
  };

  await test.step('a run on photos of two classes', async () => {
    await page.getByRole('button', { name: new RegExp(welcome.own.title) }).click();
    await page.getByTestId('tune-sample').click();
    const image = page.getByTestId('first-images').getByRole('listitem').first();
    await expect(image).toHaveText(/^\s*(cat|astronaut)\s*$/, { timeout: 30_000 });
    await page.getByTestId('train').click();
    await expect(page.getByTestId('run-state')).toHaveAttribute('data-state', 'done', { timeout: 120_000 });
  });

  await test.step('what it becomes is chosen', async () => {
    await page.getByRole('button', { name: exporting.open }).first().click();
    await dialog.getByRole('radio', { name: exporting.formats.python.name }).check();
    await expect(dialog).toContainText(exporting.leadProgram);
    // The sample came in an archive.
    await expect(form.getByRole('radio', { name: exporting.program['by-path'] })).toBeDisabled();
    await form.getByText('.zip', { exact: true }).click();
    await shot('dialog');
  });

  await test.step('the zip holds one folder with all that a stranger needs', async () => {
    const path = await written('program.zip');
    await expect(page.getByTestId('export-checked')).toBeVisible({ timeout: 90_000 });
    await expect(dialog.locator('pre')).toContainText('launch.py --workers 2');
    await shot('done');
    const entries = await zipEntries(path);
    const [top] = [...entries.keys()][0]!.split('/');
    const text = (name: string) => entries.get(`${top}/${name}`)?.toString('utf8') ?? '';
    for (const name of ['train.py', 'images.py', 'classes.py', 'launch.py', 'requirements.txt']) {
      expect(text(name).length, name).toBeGreaterThan(20);
    }
    expect(text('network.py').match(/trainable=False/g)?.length).toBeGreaterThan(50);
    expect(text('classes.py')).toContain('"astronaut"');
    expect(text('README.md')).toContain('venv/bin/python train.py');
    expect(entries.get(`${top}/data/train-images.npy`)?.length).toBeGreaterThan(20 * 224 * 224 * 3);
    for (const name of ['first.keras', 'kept.keras']) {
      expect(entries.get(`${top}/weights/${name}`)?.subarray(0, 2).toString(), name).toBe('PK');
    }
  });

  await test.step('a folder without weights', async () => {
    await dialog.getByRole('button', { name: exporting.again }).click();
    await form.getByText(exporting.folder, { exact: true }).first().click();
    await form.getByRole('switch', { name: exporting.program.first }).click();
    await form.getByRole('switch', { name: exporting.program.kept }).click();
    const path = await written('program');
    await expect(dialog.locator('pre')).toBeVisible({ timeout: 90_000 });
    await expect.poll(() => existsSync(join(path, 'train.py'))).toBe(true);
    expect(readdirSync(path).sort()).toContain('data');
    expect(existsSync(join(path, 'weights'))).toBe(false);
    expect(readFileSync(join(path, 'train.py'), 'utf8')).not.toContain('--check');
  });
});
