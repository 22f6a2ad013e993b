import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ExportOptions, ExportProgress, KnownModel, WrittenFormat } from '#contract/models.ts';
import { writtenFormat } from '#contract/models.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { exportModel, type ExportParts } from '#engine/predict/export/export-model.ts';
import { Inference } from '#engine/predict/inference.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import { portablePreset } from '#test/support/portable-models.ts';

let folder: string;
beforeAll(() => loadBackend('tensorflow'));
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'heatlens-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const size = { height: 28, width: 28, channels: 3, classes: 7 };
const model = () => portablePreset('tutorial-cnn', size, 5, { kind: 'caffe' });
const known: KnownModel = {
  ...{ ref: 'own-try', kind: 'file', name: 'Try', ...size, parameters: 1, pixels: { kind: 'caffe' }, fit: 'crop' },
  ...{ imagenet: false, revision: '1' },
};

/** @param answering the model that the app answers with, where it is another */
function parts(portable: PortableModel, answering = portable): ExportParts & { dispose(): void } {
  const inference = new Inference(networkOf(answering.spec, size, 0, answering.pixels, answering.weights));
  const open: OpenModel = { known, classes: portable.classes, network: inference.network, inference };
  return {
    models: {
      known: () => Promise.resolve(known),
      portable: () => Promise.resolve(portable),
      use: async (_ref, work) => work(open),
    },
    runs: { list: () => [], folder: () => '' },
    dataset: () => Promise.reject(new Error('none')),
    dispose: () => inference.dispose(),
  };
}

async function exported(given: ExportParts, options: Omit<ExportOptions, 'model'>, signal?: AbortSignal) {
  const told: ExportProgress[] = [];
  const events = exportModel(given, { model: known.ref, ...options }, signal);
  for (;;) {
    const next = await events.next();
    if (next.done) return { result: next.value, told };
    told.push(next.value);
  }
}

const nameOf = (format: WrittenFormat) =>
  path.join(folder, { 'h5-weights': 'a.weights.h5', architecture: 'a.json' }[format as string] ?? `a.${format}`);

test.each(writtenFormat.options)('%s is written, compared, and nothing else is left', async (format) => {
  const given = parts(model());
  const before = tf.memory().numTensors;
  for (const pixels of ['inside', 'beside'] as const) {
    const { result, told } = await exported(given, { format, path: nameOf(format), pixels });
    expect(result.file).toBe(nameOf(format));
    expect(result.bytes).toBeGreaterThan(100);
    expect(await readdir(folder)).toEqual([path.basename(nameOf(format))]);
    expect(told.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['reading', 'writing', 'checking']));
    if (format === 'architecture') expect(result.checked).toBeNull();
    else {
      expect(result.checked).toMatchObject({ images: 32, agree: 32 });
      expect(result.checked!.maxDifference).toBeLessThan(2e-5);
    }
    await rm(nameOf(format), { recursive: true });
  }
  given.dispose();
  expect(tf.memory().numTensors).toBeLessThan(before);
});

test('a file that answers otherwise is not kept, and what was there stays', async () => {
  const portable = model();
  const weights = portable.weights.map((each) => ({ ...each, values: each.values.map((value) => value * 1.2) }));
  const given = parts({ ...portable, weights }, portable);
  const file = nameOf('keras');
  await writeFile(file, 'before');
  await expect(exported(given, { format: 'keras', path: file })).rejects.toMatchObject({
    code: 'model/export-differs',
  });
  expect(await readdir(folder)).toEqual([path.basename(file)]);
  given.dispose();
});

test('stopped, it leaves nothing', async () => {
  const given = parts(model());
  const stop = new AbortController();
  const events = exportModel(given, { model: known.ref, format: 'keras', path: nameOf('keras') }, stop.signal);
  for (let step = await events.next(); step.value && 'stage' in step.value; step = await events.next()) {
    if (step.value.stage === 'checking') break;
  }
  stop.abort();
  await expect(events.next()).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
  given.dispose();
});

test('left in the middle, it leaves nothing', async () => {
  const given = parts(model());
  const events = exportModel(given, { model: known.ref, format: 'h5', path: nameOf('h5') });
  for (let seen = 0; seen < 3; seen++) await events.next();
  await events.return(undefined as never);
  expect(await readdir(folder)).toEqual([]);
  given.dispose();
});

test('a name that Keras would not take is refused before anything is done', async () => {
  const given = parts(model());
  const writing = exported(given, { format: 'keras', path: path.join(folder, 'a.h5') });
  await expect(writing).rejects.toMatchObject({ code: 'call/invalid' });
  expect(await readdir(folder)).toEqual([]);
  given.dispose();
});

test('a folder that is not empty and a place that is not there are said', async () => {
  const given = parts(model());
  await mkdir(path.join(folder, 'full'));
  await writeFile(path.join(folder, 'full', 'a'), '');
  const full = { format: 'tfjs', path: path.join(folder, 'full') } as const;
  await expect(exported(given, full)).rejects.toMatchObject({ code: 'project/folder-not-empty' });
  await writeFile(path.join(folder, 'file'), '');
  const under = { format: 'keras', path: path.join(folder, 'file', 'a.keras') } as const;
  await expect(exported(given, under)).rejects.toMatchObject({ code: expect.stringMatching(/^file\//) });
  given.dispose();
});
