import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BatchRecord, EpochRecord, TrainingSettings } from '#contract/training.ts';
import { Comparison } from '#engine/training/comparison/comparison.ts';
import { appendBatches, appendEpoch, batchesFile } from '#engine/training/run-files.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { openProject } from '#test/support/open-project.ts';
import { settings } from '#test/support/small-training.ts';

const facts = {
  ...{ state: 'done' as const, datasetName: 'Small', presetName: 'MLP', classes: ['a', 'b'] },
  ...{ parameters: 10, epochsDone: 2, revision: '0' },
};
const epoch = (number: number, more: Partial<EpochRecord> = {}): EpochRecord => ({
  ...{ epoch: number, loss: 1 / number, accuracy: 0.5, learningRate: 0.1 },
  ...{ seconds: number, imagesPerSecond: 1, tensors: 1, memory: 1, ...more },
});
const batches = (count: number, perEpoch: number): BatchRecord[] =>
  Array.from({ length: count }, (_, place) => ({
    ...{ step: place + 1, epoch: Math.floor(place / perEpoch) + 1, batch: (place % perEpoch) + 1, batches: perEpoch },
    ...{ loss: place % 2, accuracy: 0.25 },
  }));

async function project() {
  const store = await RunStore.open(await openProject());
  const made = async (change: Partial<TrainingSettings>, history: EpochRecord[], steps: BatchRecord[] = []) => {
    const { id } = await store.create({ ...settings, ...change }, facts);
    for (const record of history) await appendEpoch(store.folder(id), record);
    await appendBatches(store.folder(id), steps);
    return id;
  };
  return { store, made, comparison: new Comparison(store) };
}

test('the table has final and best figures, the usual time of an epoch and the size of the folder', async () => {
  const { store, made, comparison } = await project();
  const history = [
    epoch(1, { valLoss: 2, valAccuracy: 0.5, valMetrics: { top_3: 0.5 } }),
    epoch(2, { valLoss: 1, valAccuracy: 0.75, valMetrics: { top_3: 1 } }),
    epoch(9, { valLoss: 3, valAccuracy: 0.625, valMetrics: { top_3: 0.75 } }),
  ];
  const id = await made({}, history);
  await writeFile(join(store.folder(id), 'checkpoints', 'last.safetensors'), Buffer.alloc(100_000));
  const [row] = (await comparison.table([id])).runs;
  expect(row).toMatchObject({
    run: id,
    final: { loss: 1 / 9, valLoss: 3, valAccuracy: 0.625, 'valMetrics.top_3': 0.75, learningRate: 0.1 },
    best: {
      loss: { value: 1 / 9, epoch: 9 },
      valLoss: { value: 1, epoch: 2 },
      valAccuracy: { value: 0.75, epoch: 2 },
      'valMetrics.top_3': { value: 1, epoch: 2 },
    },
    secondsPerEpoch: 2,
    seconds: 12,
  });
  expect(row?.best).not.toHaveProperty('learningRate');
  expect(row?.size).toBeGreaterThan(100_000);
  expect(row?.size).toBeLessThan(103_000);
});

test('a run without an epoch has no figures, and takes no time', async () => {
  const { made, comparison } = await project();
  const [row] = (await comparison.table([await made({}, [])])).runs;
  expect(row).toMatchObject({ final: {}, best: {}, seconds: 0 });
  expect(row).not.toHaveProperty('secondsPerEpoch');
});

test('a run that is not there is said', async () => {
  await expect((await project()).comparison.table(['none'])).rejects.toMatchObject({ code: 'run/unknown' });
});

test('curves stand where their epochs and batches end, by steps, epochs and seconds', async () => {
  const { made, comparison } = await project();
  const id = await made({}, [epoch(1, { valLoss: 2 }), epoch(2, { valLoss: 1 })], batches(6, 2));
  expect(await comparison.curves({ runs: [id], figure: 'loss', by: 'epoch' })).toEqual([
    {
      run: id,
      train: { step: [2, 4], epoch: [1, 2], seconds: [1, 3], value: [1, 0.5] },
      validation: { step: [2, 4], epoch: [1, 2], seconds: [1, 3], value: [2, 1] },
    },
  ]);
  const [byBatch] = await comparison.curves({ runs: [id], figure: 'loss', by: 'batch' });
  expect(byBatch?.train).toEqual({
    step: [1, 2, 3, 4, 5, 6],
    epoch: [0.5, 1, 1.5, 2, 2.5, 3],
    // The third epoch has not ended: as long as the second, it is taken.
    seconds: [0.5, 1, 2, 3, 4, 5],
    value: [0, 1, 0, 1, 0, 1],
  });
  expect(byBatch?.validation?.value).toEqual([2, 1]);
});

test('a figure that a run does not have is no line', async () => {
  const { made, comparison } = await project();
  const id = await made({}, [epoch(1)]);
  expect(await comparison.curves({ runs: [id], figure: 'metrics.auc', by: 'epoch' })).toEqual([
    { run: id, train: null, validation: null },
  ]);
});

test('every batch of a long run is there up to 50,000; a longer one comes in stretches with their extremes', async () => {
  const { made, comparison } = await project();
  const whole = await made({}, [], batches(20_000, 1000));
  const [curve] = await comparison.curves({ runs: [whole], figure: 'loss', by: 'batch' });
  expect(curve?.train?.value).toHaveLength(20_000);
  expect(curve?.train).not.toHaveProperty('low');
  const long = await made({}, [], batches(100_000, 1000));
  const [short] = await comparison.curves({ runs: [long], figure: 'loss', by: 'batch' });
  expect(short?.train?.value).toHaveLength(50_000);
  expect(short?.train?.value.every((value) => value === 0.5)).toBe(true);
  expect(short?.train?.low?.every((value) => value === 0)).toBe(true);
  expect(short?.train?.high?.every((value) => value === 1)).toBe(true);
  expect(short?.train?.step.at(-1)).toBe(100_000);
});

test('what a run has written meanwhile is there at the next asking, torn lines passed over', async () => {
  const { store, made, comparison } = await project();
  const id = await made({}, [], batches(2, 2));
  const steps = async () => {
    const [curve] = await comparison.curves({ runs: [id], figure: 'accuracy', by: 'batch' });
    return curve?.train?.step;
  };
  expect(await steps()).toEqual([1, 2]);
  await appendFile(batchesFile(store.folder(id)), '{"step":3,"ep');
  await appendBatches(store.folder(id), batches(4, 4).slice(3));
  expect(await steps()).toEqual([1, 2, 4]);
});
