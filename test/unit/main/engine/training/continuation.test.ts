import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { RunSummary } from '#contract/training.ts';
import { findPreset } from '#engine/model/presets.ts';
import { CheckpointFolder } from '#engine/training/checkpoint-folder.ts';
import { networkFingerprint } from '#engine/training/checkpoint.ts';
import { checkContinuable, cutBack } from '#engine/training/continuation.ts';
import {
  appendBatches,
  appendEpoch,
  batchesFile,
  historyFile,
  readBatches,
  readHistory,
} from '#engine/training/run-files.ts';
import { keepSampleWeights } from '#engine/training/sample-weights.ts';
import { brightness, settings } from '#test/support/brightness.ts';
import { checkpointAfter } from '#test/support/checkpoints.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const set = brightness();
const data = {
  ...{ summary: set.summary, classes: set.classes },
  ...{ height: set.height, width: set.width, channels: set.channels },
};
const shape = { height: data.height, width: data.width, channels: data.channels, classes: data.classes.length };

const newest = async (folder: string) => (await new CheckpointFolder(folder).newest()).found;

/** An interrupted run with checkpoints after 4 and 8 steps, from this data and network. */
async function world(change: Partial<RunSummary> = {}) {
  const folder = await temporaryFolder();
  await mkdir(`${folder}/checkpoints`);
  const run = { id: 'run', name: 'Run', state: 'interrupted', settings, ...change } as RunSummary;
  const checkpoint = (step: number) => {
    const { facts, state } = checkpointAfter(step);
    const said = { hash: data.summary.hash, classes: [...data.classes] };
    return { facts: { ...facts, data: said, network: networkFingerprint(findPreset(settings.preset), shape) }, state };
  };
  const checkpoints = new CheckpointFolder(folder);
  const write = async (...steps: number[]) => {
    for (const step of steps) await checkpoints.write(checkpoint(step));
  };
  return {
    folder,
    run,
    write,
    checkpoint,
    file: (step: number) => `${folder}/checkpoints/step-00000000${step}.safetensors`,
  };
}

test.each(['interrupted', 'stopped', 'failed'] as const)(
  'a run that is %s goes on from its newest checkpoint',
  async (state) => {
    const { folder, run, write, checkpoint } = await world({ state });
    await write(4, 8);
    expect(await checkContinuable(run, folder, data)).toEqual({ ...checkpoint(8), passedOver: [] });
    expect(await newest(folder)).toEqual(checkpoint(8));
  },
);

test('from the one before when the newest is damaged, and names that', async () => {
  const { folder, run, write, file } = await world();
  await write(4, 8);
  await appendFile(file(8), 'x');
  const { facts, passedOver } = await checkContinuable(run, folder, data);
  expect(facts.place.step).toBe(4);
  expect(passedOver).toMatchObject([{ file: file(8) }]);
});

type World = Awaited<ReturnType<typeof world>>;
const changed = (change: Partial<typeof data>): typeof data => ({ ...data, ...change });

test.each<[string, Partial<RunSummary>, (world: World) => Promise<unknown>, typeof data, string]>([
  ['is under way', { state: 'training' }, ({ write }) => write(4), data, 'active'],
  ['waits its turn', { state: 'queued' }, ({ write }) => write(4), data, 'active'],
  ['is done', { state: 'done' }, ({ write }) => write(4), data, 'done'],
  ['has no checkpoint', {}, () => Promise.resolve(), data, 'none'],
  ['has none that is whole', {}, async ({ write, file }) => (await write(4), writeFile(file(4), 'x')), data, 'damaged'],
  [
    'has other images now',
    {},
    ({ write }) => write(4),
    changed({ summary: { ...data.summary, hash: 'other' } }),
    'data',
  ],
  ['has other classes now', {}, ({ write }) => write(4), changed({ classes: ['a', 'b', 'c'] }), 'classes'],
  [
    'has another network now',
    { settings: { ...settings, preset: 'tutorial-mlp-64' } },
    ({ write }) => write(4),
    data,
    'network',
  ],
  [
    'has a network that is gone',
    { settings: { ...settings, preset: 'gone' } },
    ({ write }) => write(4),
    data,
    'network',
  ],
  [
    'has other sample weights',
    {},
    async ({ write, folder }) => {
      await write(4);
      await writeFile(`${folder}/weights.txt`, '1\n2\n');
      await keepSampleWeights(folder, `${folder}/weights.txt`);
    },
    data,
    'weights',
  ],
  [
    'has a torn run.json',
    { state: 'failed', failure: { code: 'run/torn', message: '', details: {} } },
    ({ write }) => write(4),
    data,
    'torn',
  ],
])('a run that %s is refused with the reason', async (_, change, prepare, set, reason) => {
  const made = await world(change);
  await prepare(made);
  await expect(checkContinuable(made.run, made.folder, set)).rejects.toMatchObject({
    code: 'run/cannot-continue',
    details: { run: 'Run', reason },
  });
});

test('what came after the checkpoint is cut off, and nothing else', async () => {
  const { folder, write, checkpoint } = await world();
  await write(4, 8);
  for (const epoch of [1, 2, 3]) await appendEpoch(folder, { ...figures, epoch });
  await appendBatches(
    folder,
    [1, 2, 3, 4, 5].map((step) => ({ ...batch, step })),
  );
  await appendFile(batchesFile(folder), '{"step":6,"tor');
  await cutBack(folder, checkpoint(4).facts);
  expect((await readHistory(folder)).map(({ epoch }) => epoch)).toEqual([1]);
  expect((await readBatches(folder)).map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  expect((await newest(folder))?.facts.place.step).toBe(4);
  const before = await readFile(historyFile(folder), 'utf8');
  await cutBack(folder, checkpoint(4).facts);
  expect(await readFile(historyFile(folder), 'utf8')).toBe(before);
});

const batch = { epoch: 1, batch: 1, batches: 4, loss: 1, accuracy: 0.5 };
const figures = { loss: 1, accuracy: 0.5, learningRate: 0.1, seconds: 1, imagesPerSecond: 1, tensors: 1, memory: 1 };
