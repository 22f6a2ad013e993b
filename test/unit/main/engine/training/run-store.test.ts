import { appendFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendBatches, appendEpoch, runFile, historyFile } from '#engine/training/run-files.ts';
import { CheckpointFolder } from '#engine/training/checkpoint-folder.ts';
import { annotation } from '#engine/training/run-change.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { checkpointAfter } from '#test/support/checkpoints.ts';
import { openProject } from '#test/support/open-project.ts';
import { settings } from '#test/support/small-training.ts';

const facts = {
  state: 'done' as const,
  datasetName: 'Small',
  presetName: 'MLP 16-16',
  classes: ['a', 'b'],
  parameters: 10,
  epochsDone: 0,
  revision: '0',
};
const epoch = (number: number) => ({
  epoch: number,
  loss: 1 / number,
  accuracy: 0.5,
  learningRate: 0.1,
  seconds: 1,
  imagesPerSecond: 100,
  tensors: 7,
  memory: 1000,
});
const batch = (step: number) => ({ step, epoch: 1, batch: step, batches: 20_000, loss: 1, accuracy: 0.5 });

async function opened() {
  const project = await openProject();
  return { project, store: await RunStore.open(project) };
}

test('a run is there again after a restart, with its history and batches', async () => {
  const { project, store } = await opened();
  const run = await store.create(settings, facts);
  await appendEpoch(store.folder(run.id), epoch(1));
  await appendBatches(store.folder(run.id), [batch(1), batch(2)]);
  const again = await RunStore.open(project);
  expect(again.list()).toEqual([run]);
  expect(await again.detail(run.id)).toEqual({
    ...run,
    history: [epoch(1)],
    batches: [batch(1), batch(2)],
    folder: join(project.runsFolder, run.id),
  });
});

test('runs of the same second have folders of their own, and are counted in their names', async () => {
  const { store } = await opened();
  const [one, two] = [await store.create(settings, facts), await store.create(settings, facts)];
  expect(one.id).not.toBe(two.id);
  expect([one.name, two.name]).toEqual(['tutorial-mlp-16 1', 'tutorial-mlp-16 2']);
  expect((await store.create({ ...settings, name: ' Mine ' }, facts)).name).toBe('Mine');
  expect(store.list()).toHaveLength(3);
});

test('changes made at once are all kept', async () => {
  const { project, store } = await opened();
  const { id } = await store.create(settings, facts);
  await Promise.all([
    store.change(id, { name: 'New' }),
    store.change(id, { epochsDone: 4 }),
    store.change(id, { revision: '9' }),
  ]);
  const kept = { name: 'New', epochsDone: 4, revision: '9' };
  expect(store.get(id)).toMatchObject(kept);
  expect((await RunStore.open(project)).get(id)).toMatchObject(kept);
});

test.each(['preparing', 'training', 'paused', 'testing'] as const)(
  'a run that was %s when its engine ended is interrupted',
  async (state) => {
    const { project, store } = await opened();
    const { id } = await store.create(settings, { ...facts, state });
    await appendEpoch(store.folder(id), epoch(1));
    await appendEpoch(store.folder(id), epoch(2));
    const run = (await RunStore.open(project)).get(id);
    expect(run).toMatchObject({ state: 'interrupted', epochsDone: 2, last: { epoch: 2 } });
    expect(JSON.parse(await readFile(runFile(store.folder(id)), 'utf8'))).toMatchObject({ state: 'interrupted' });
  },
);

test.each<[string, string | null, string]>([
  ['torn in the middle', '{"version":1,"id":"x","na', 'run/torn'],
  ['empty', '', 'run/torn'],
  ['something else', '{"version":1,"color":"red"}', 'run/torn'],
  ['missing', null, 'run/torn'],
  ['of a newer Heatlens', '{"version":99}', 'run/newer-version'],
])('a run.json that is %s shows as failed and hides no other run', async (_, text, code) => {
  const { project, store } = await opened();
  const good = await store.create(settings, facts);
  const folder = join(project.runsFolder, 'bad');
  await mkdir(folder);
  await writeFile(join(folder, 'history.jsonl'), '');
  if (text !== null) await writeFile(runFile(folder), text);
  const again = await RunStore.open(project);
  expect(again.list().map(({ id }) => id)).toEqual([good.id, 'bad']);
  expect(again.get('bad')).toMatchObject({ state: 'failed', failure: { code } });
  expect(again.get(good.id)).toEqual(good);
});

test('a folder whose engine ended while it was making the run is no run, and goes', async () => {
  const { project, store } = await opened();
  const good = await store.create(settings, facts);
  await mkdir(join(project.runsFolder, 'begun', 'checkpoints'), { recursive: true });
  expect((await RunStore.open(project)).list().map(({ id }) => id)).toEqual([good.id]);
  expect(await readdir(project.runsFolder)).toEqual([good.id]);
});

test('a run that ended between two checkpoints says where it can be taken up, whatever its run.json last said', async () => {
  const { project, store } = await opened();
  const { id } = await store.create(settings, { ...facts, state: 'training' });
  const folder = new CheckpointFolder(store.folder(id));
  await folder.write(checkpointAfter(6));
  const found = (await RunStore.open(project)).get(id);
  expect(found.checkpoint).toMatchObject({ step: 6, epoch: 2, batch: 2 });
});

test('a line of the history torn by a crash is passed over, and the next one is whole', async () => {
  const { store } = await opened();
  const { id } = await store.create(settings, facts);
  await appendEpoch(store.folder(id), epoch(1));
  await appendFile(historyFile(store.folder(id)), '{"epoch":2,"lo');
  await appendEpoch(store.folder(id), epoch(3));
  expect((await store.detail(id)).history).toEqual([epoch(1), epoch(3)]);
});

test('of very many batches an even part is given', async () => {
  const { store } = await opened();
  const { id } = await store.create(settings, facts);
  await appendBatches(
    store.folder(id),
    Array.from({ length: 20_000 }, (_, index) => batch(index + 1)),
  );
  const { batches } = await store.detail(id);
  expect(batches).toHaveLength(5000);
  expect(batches.slice(0, 3).map(({ step }) => step)).toEqual([1, 5, 9]);
});

test('a run goes to the trash and comes back', async () => {
  const { project, store } = await opened();
  const run = await store.create(settings, facts);
  await store.discard(run.id);
  expect(store.list()).toEqual([]);
  expect((await RunStore.open(project)).list()).toEqual([]);
  expect(await store.restore(run.id)).toEqual(run);
  expect(store.list()).toEqual([run]);
});

test('a new run takes neither folder nor name from one in the trash or one that was renamed', async () => {
  const { store } = await opened();
  const first = await store.create(settings, facts);
  await store.discard(first.id);
  const second = await store.create(settings, facts);
  expect(second.id).not.toBe(first.id);
  await store.change(second.id, { name: 'tutorial-mlp-16 2' });
  expect((await store.create(settings, facts)).name).toBe('tutorial-mlp-16 3');
  expect((await store.restore(first.id)).id).toBe(first.id);
  expect(store.list()).toHaveLength(3);
});

test('a folder copied by hand is a run of its own', async () => {
  const { project, store } = await opened();
  const { id } = await store.create(settings, facts);
  await cp(store.folder(id), join(project.runsFolder, 'a copy'), { recursive: true });
  const again = await RunStore.open(project);
  expect(new Set(again.list().map((run) => run.id))).toEqual(new Set([id, 'a copy']));
});

test('a run that trains is not discarded', async () => {
  const { store } = await opened();
  const { id } = await store.create(settings, { ...facts, state: 'training' });
  await expect(store.discard(id)).rejects.toMatchObject({ code: 'run/active' });
  expect(store.list()).toHaveLength(1);
});

test.each(['nothing', '../project', '..'])('a run called %s is unknown', async (id) => {
  const { store } = await opened();
  const unknown = { code: 'run/unknown', details: { run: id } };
  expect(() => store.get(id)).toThrow(expect.objectContaining(unknown));
  await expect(store.detail(id)).rejects.toMatchObject(unknown);
  await expect(store.change(id, { name: 'x' })).rejects.toMatchObject(unknown);
  await expect(store.restore(id)).rejects.toMatchObject(unknown);
});

test('notes and tags are kept with the run, also while other facts change', async () => {
  const { project, store } = await opened();
  const { id } = await store.create(settings, facts);
  await Promise.all([
    store.change(id, annotation({ notes: 'wide, slow', tags: ['paper', 'wide', 'paper'] })),
    store.change(id, { epochsDone: 3 }),
  ]);
  expect((await RunStore.open(project)).get(id)).toMatchObject({
    ...{ notes: 'wide, slow', tags: ['paper', 'wide'], epochsDone: 3 },
  });
  expect(await store.change(id, annotation({ tags: [] }))).not.toHaveProperty('tags');
  expect(store.get(id).notes).toBe('wide, slow');
  expect(await store.change(id, annotation({ notes: '' }))).not.toHaveProperty('notes');
});
