import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultPreferences } from '#contract/host.ts';
import { PreferencesFile } from '#link/preferences-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test('what is set is there for the next start, and for who listens', async () => {
  const folder = await temporaryFolder();
  const file = new PreferencesFile(join(folder, 'not yet made'));
  const heard: string[] = [];
  file.onChange(({ theme }) => heard.push(theme));
  await Promise.all([file.set({ theme: 'dark' }), file.set({ panes: { data: [20, 80] } })]);
  expect(new PreferencesFile(join(folder, 'not yet made')).values).toEqual({
    ...defaultPreferences,
    theme: 'dark',
    panes: { data: [20, 80] },
  });
  expect(heard).toEqual(['dark', 'dark']);
  expect(await readdir(join(folder, 'not yet made'))).toEqual(['preferences.json']);
});

test.each([
  ['is missing', null, {}],
  ['is torn', '{"theme":"da', {}],
  ['is empty', '', {}],
  ['holds something else', '[1]', {}],
  ['holds one field nobody knows', '{"theme":"neon","language":"zh","colour":1}', { language: 'zh' }],
])('a file that %s counts as not set where it says nothing', async (_title, content, expected) => {
  const folder = await temporaryFolder();
  if (content !== null) await writeFile(join(folder, 'preferences.json'), content);
  expect(new PreferencesFile(folder).values).toEqual({ ...defaultPreferences, ...expected });
});

test('what another host wrote meanwhile is kept', async () => {
  const folder = await temporaryFolder();
  const ours = new PreferencesFile(folder);
  await ours.set({ theme: 'light' });
  await new PreferencesFile(folder).set({ language: 'zh' });
  expect(await ours.set({ welcomed: true })).toMatchObject({ theme: 'light', language: 'zh', welcomed: true });
  expect(JSON.parse(await readFile(join(folder, 'preferences.json'), 'utf8'))).toMatchObject({ language: 'zh' });
});
