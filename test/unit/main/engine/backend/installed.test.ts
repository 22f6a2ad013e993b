import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findInstalled, thisMachine, type Stamp } from '#engine/backend/installed.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

async function install(root: string, name: string, changed: Partial<Stamp> = {}): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'addon.node'), 'native');
  const stamp: Stamp = {
    format: 1,
    version: '2.21.0',
    variant: 'cpu',
    source: 'wheel',
    machine: thisMachine,
    addon: 'addon.node',
    addonVersion: '4.22.0',
    files: { 'addon.node': { bytes: 6, sha256: '' } },
    ...changed,
  };
  await writeFile(join(folder, 'engine.json'), JSON.stringify(stamp));
  return folder;
}

test('the wanted kind comes first, then the newer version by its numbers', async () => {
  const root = await temporaryFolder();
  await install(root, 'a', { version: '2.9.1' });
  await install(root, 'b', { version: '2.21.0' });
  await install(root, 'c', { version: '2.8.0', variant: 'cuda' });
  const versions = async (prefer: 'cpu' | 'cuda') => (await findInstalled(prefer, root)).map(({ version }) => version);
  expect(await versions('cpu')).toEqual(['2.21.0', '2.9.1', '2.8.0']);
  expect(await versions('cuda')).toEqual(['2.8.0', '2.21.0', '2.9.1']);
});

test('no folder at all is no engine', async () => {
  expect(await findInstalled('cpu', join(await temporaryFolder(), 'none'))).toEqual([]);
});

test.each<[string, (folder: string) => Promise<unknown>]>([
  ['whose addon is cut off', (folder) => writeFile(join(folder, 'addon.node'), 'nat')],
  ['whose stamp is torn', (folder) => writeFile(join(folder, 'engine.json'), '{"format":1,')],
  ['of another format', (folder) => writeFile(join(folder, 'engine.json'), '{"format":2}')],
])('a folder %s is not taken for a whole one', async (_which, damage) => {
  const root = await temporaryFolder();
  await damage(await install(root, 'a'));
  expect(await findInstalled('cpu', root)).toEqual([]);
});

test('an engine of another kind of machine is not taken', async () => {
  const root = await temporaryFolder();
  await install(root, 'a', { machine: 'win32-mips' });
  expect(await findInstalled('cpu', root)).toEqual([]);
});
