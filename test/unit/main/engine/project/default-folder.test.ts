import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultProjectFolder } from '#engine/project/default-folder.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const mine = ['Heatlens', 'My project'];

test.each(['darwin', 'win32', 'linux'] as const)('on %s it lies among the documents', async (platform) => {
  const home = await temporaryFolder();
  await mkdir(join(home, 'Documents'));
  expect(defaultProjectFolder({ env: {}, home, platform })).toBe(join(home, 'Documents', ...mine));
});

test('a desktop in another language has its own name for documents', async () => {
  const home = await temporaryFolder();
  await mkdir(join(home, '.config'));
  await mkdir(join(home, '文档'));
  await writeFile(join(home, '.config', 'user-dirs.dirs'), '# made by xdg\nXDG_DOCUMENTS_DIR="$HOME/文档"\n');
  expect(defaultProjectFolder({ env: {}, home, platform: 'linux' })).toBe(join(home, '文档', ...mine));
});

test('a server without documents keeps it in the home folder', async () => {
  const home = await temporaryFolder();
  expect(defaultProjectFolder({ env: {}, home, platform: 'linux' })).toBe(join(home, ...mine));
});

test.each([
  [{ HEATLENS_PROJECT: '/data/digits' }, '/data/digits'],
  [{ HEATLENS_HOME: '/data' }, join('/data', 'My project')],
  [{ HEATLENS_HOME: '/data', HEATLENS_PROJECT: '/data/digits' }, '/data/digits'],
])('the environment decides: %o', (env, folder) => {
  expect(defaultProjectFolder({ env, home: '/home/x', platform: 'linux' })).toBe(folder);
});
