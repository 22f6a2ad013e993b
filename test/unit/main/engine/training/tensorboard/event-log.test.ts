import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BatchRecord, EpochRecord } from '#contract/training.ts';
import { EventLog } from '#engine/training/tensorboard/event-log.ts';
import { readRecords, readScalars } from '#test/support/event-files.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const epoch = (number: number, more: Partial<EpochRecord> = {}): EpochRecord => ({
  ...{ epoch: number, loss: 0.5, accuracy: 0.75, learningRate: 0.25 },
  ...{ seconds: 1, imagesPerSecond: 1, tensors: 1, memory: 1, ...more },
});
const batch = (step: number): BatchRecord => ({
  step,
  epoch: 1,
  batch: step,
  batches: 4,
  loss: 1 / step,
  accuracy: 0.5,
});
const refuse = (thrown: unknown) => {
  throw thrown;
};
const filesIn = async (folder: string, part: string) =>
  (await readdir(join(folder, 'tensorboard', part))).sort().map((name) => join(folder, 'tensorboard', part, name));

test('epochs and batches are there under the tags of Keras, training and validation apart', async () => {
  const folder = await temporaryFolder();
  const log = new EventLog(folder, refuse);
  log.batch(batch(1));
  log.batch(batch(2));
  log.flush();
  log.epoch(
    epoch(1, {
      ...{ valLoss: 0.625, valAccuracy: 0.5, metrics: { top_3: 1 }, valMetrics: { top_3: 0.875 } },
      outputs: { aux1: { loss: 2, accuracy: 0.125 } },
    }),
  );
  await log.end();
  const [train] = await filesIn(folder, 'train');
  const [validation] = await filesIn(folder, 'validation');
  expect(readScalars(await readFile(train!))).toEqual([
    { tag: 'batch_loss', step: 1, value: 1 },
    { tag: 'batch_accuracy', step: 1, value: 0.5 },
    { tag: 'batch_loss', step: 2, value: 0.5 },
    { tag: 'batch_accuracy', step: 2, value: 0.5 },
    { tag: 'epoch_loss', step: 0, value: 0.5 },
    { tag: 'epoch_accuracy', step: 0, value: 0.75 },
    { tag: 'epoch_learning_rate', step: 0, value: 0.25 },
    { tag: 'epoch_top_3', step: 0, value: 1 },
    { tag: 'epoch_aux1_loss', step: 0, value: 2 },
    { tag: 'epoch_aux1_accuracy', step: 0, value: 0.125 },
  ]);
  expect(readScalars(await readFile(validation!))).toEqual([
    { tag: 'epoch_loss', step: 0, value: 0.625 },
    { tag: 'epoch_accuracy', step: 0, value: 0.5 },
    { tag: 'epoch_top_3', step: 0, value: 0.875 },
  ]);
});

test('steps beyond 2³¹ keep their number', async () => {
  const folder = await temporaryFolder();
  const log = new EventLog(folder, refuse);
  log.batch(batch(5_000_000_000));
  await log.end();
  const [file] = await filesIn(folder, 'train');
  expect(readScalars(await readFile(file!))[0]?.step).toBe(5_000_000_000);
});

test('a run that goes on writes a new file, and a torn end of the old one spoils nothing', async () => {
  const folder = await temporaryFolder();
  const first = new EventLog(folder, refuse);
  first.epoch(epoch(1));
  first.epoch(epoch(2));
  await first.end();
  const [old] = await filesIn(folder, 'train');
  const whole = await readFile(old!);
  await writeFile(old!, whole.subarray(0, whole.length - 7));
  const second = new EventLog(folder, refuse);
  second.epoch(epoch(2));
  await second.end();
  const files = await filesIn(folder, 'train');
  expect(files).toHaveLength(2);
  expect(files[0]).toBe(old);
  const steps = await Promise.all(files.map(async (file) => readScalars(await readFile(file)).map(({ step }) => step)));
  expect(steps).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
});

test('batches that are forgotten are not written', async () => {
  const folder = await temporaryFolder();
  const log = new EventLog(folder, refuse);
  log.batch(batch(1));
  log.forget();
  log.batch(batch(2));
  await log.end();
  const [file] = await filesIn(folder, 'train');
  expect(readScalars(await readFile(file!)).map(({ step }) => step)).toEqual([2, 2]);
});

test('what cannot be written is reported, and the log goes on elsewhere', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'tensorboard'));
  // A file where the folder should be.
  await writeFile(join(folder, 'tensorboard', 'validation'), '');
  const reports: unknown[] = [];
  const log = new EventLog(folder, (thrown) => reports.push(thrown));
  log.epoch(epoch(1, { valLoss: 1 }));
  log.epoch(epoch(2, { valLoss: 1 }));
  await log.end();
  expect(reports).toHaveLength(2);
  const [file] = await filesIn(folder, 'train');
  expect(readRecords(await readFile(file!))).toHaveLength(3);
});
