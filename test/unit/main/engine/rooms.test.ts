import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { EngineArguments } from '#contract/engine-process.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { Project } from '#engine/project/project.ts';
import { openRooms } from '#engine/rooms.ts';
import { runFile } from '#engine/training/run-files.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { settings } from '#test/support/brightness.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const facts = {
  ...{ datasetName: 'Gone', presetName: 'Small', classes: [], parameters: 1, epochsDone: 0, revision: '0' },
} as const;

/** A project with a queued run whose data set is gone: beginning, it fails at once. */
async function left(crashed: boolean) {
  const folder = join(await temporaryFolder(), 'project');
  const project = await Project.open(folder);
  const store = await RunStore.open(project);
  const { id } = await store.create(settings, { ...facts, state: 'queued', queued: 1 });
  if (crashed) {
    const other = await store.create(settings, { ...facts, state: 'preparing' });
    const file = runFile(store.folder(other.id));
    await writeFile(file, (await readFile(file, 'utf8')).replace('"preparing"', '"training"'));
  }
  await project.close();
  return { folder, id };
}

test.each<[string, EngineArguments['queue'], boolean, 'failed' | 'queued']>([
  ['begin by themselves where the host lets them', 'goes-on', false, 'failed'],
  ['wait after a crash', 'goes-on', true, 'queued'],
  ['wait where the host says so', 'waits', false, 'queued'],
  ['wait where the host says nothing', undefined, false, 'queued'],
])('queued runs of a project %s', async (_, queue, crashed, state) => {
  const { folder, id } = await left(crashed);
  const backend = await loadBackend('js');
  const zoo = { entries: () => [], known: () => null, portable: () => Promise.reject(new Error('no zoo')) };
  const rooms = await openRooms(folder, { backend, queue, zoo, busy: () => () => undefined, report: () => undefined });
  onTestFinished(() => rooms.close());
  if (state === 'failed') await vi.waitFor(() => expect(rooms.runs.get(id).state).toBe('failed'));
  // Orders are carried out in turn: once this one is, an earlier one is too.
  await rooms.trainer.moveInQueue(id, 0);
  expect(rooms.runs.get(id).state).toBe(state);
  if (state === 'queued') await rooms.trainer.resume(id);
  await vi.waitFor(() => expect(rooms.runs.get(id)).toMatchObject({ failure: { code: 'data/unknown-set' } }));
});
