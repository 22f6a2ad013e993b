import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OwnNetworks } from '#engine/model/own-networks.ts';
import { findPreset } from '#engine/model/presets.ts';
import { resolved } from '#engine/model/spec.ts';
import { openProject } from '#test/support/open-project.ts';

const spec = resolved(findPreset('mnist-cnn'), { height: 28, width: 28, channels: 1 });

test('a network is a file of the project, which the next opening finds', async () => {
  const project = await openProject();
  const networks = await OwnNetworks.open(project);
  const saved = await networks.save({ ...spec, name: 'Größer 2' });
  expect(saved.id).toBe('own-gro-er-2');
  const file = join(project.folder, 'networks', `${saved.id}.json`);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1, name: 'Größer 2' });
  expect((await OwnNetworks.open(project)).list()).toEqual([saved]);
  expect(networks.find(saved.id)).toEqual(saved);
});

test.each([
  ['Mine', ['own-mine', 'own-mine-2', 'own-mine-3']],
  ['我的网络', ['own-network', 'own-network-2', 'own-network-3']],
])('networks called %s have ids of their own, also beside what lies in the trash', async (name, ids) => {
  const networks = await OwnNetworks.open(await openProject());
  const [first, second] = [await networks.save({ ...spec, name }), await networks.save({ ...spec, name })];
  await networks.discard(second.id);
  const third = await networks.save({ ...spec, name });
  await networks.restore(second.id);
  expect([first.id, second.id, third.id]).toEqual(ids);
  expect(networks.list()).toHaveLength(3);
});

test('a network is changed in its place; one that is not there is not', async () => {
  const networks = await OwnNetworks.open(await openProject());
  const { id } = await networks.save({ ...spec, name: 'Mine' });
  await networks.save({ ...spec, name: 'Still mine' }, id);
  expect(networks.list().map(({ name }) => name)).toEqual(['Still mine']);
  await expect(networks.save(spec, 'own-gone')).rejects.toMatchObject({ code: 'model/unknown-preset' });
  await expect(networks.discard('own-gone')).rejects.toMatchObject({ code: 'model/unknown-preset' });
  for (const gone of ['own-gone', '../runs', 'own-/../x', 'mnist-cnn']) {
    await expect(networks.restore(gone)).rejects.toMatchObject({ code: 'model/unknown-preset' });
  }
});

test('a torn file hides no other', async () => {
  const project = await openProject();
  const networks = await OwnNetworks.open(project);
  const { id } = await networks.save(spec);
  await writeFile(join(project.folder, 'networks', 'own-torn.json'), '{"name": "To');
  const reported: unknown[] = [];
  const again = await OwnNetworks.open(project, (thrown) => reported.push(thrown));
  expect(again.list().map((each) => each.id)).toEqual([id]);
  expect(reported).toHaveLength(1);
});
