import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Split } from '#contract/data.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { mnistRecord } from '#engine/data/mnist.ts';
import { openRecord } from '#engine/data/open-record.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { withProgress } from '#engine/data/progress.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Explanations, type Asking, type ExplanationParts } from '#engine/explain/explanations.ts';
import { meanHeat } from '#engine/explain/heat-of-many.ts';
import { buildNetwork } from '#engine/model/network.ts';
import { Inference } from '#engine/predict/inference.ts';
import { readInput } from '#engine/predict/read-input.ts';

// The room's calls on the network of the first case, with random weights, and real MNIST.
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-explain-'));
let open: OpenModel;
let parts: ExplanationParts;
let before = 0;

beforeAll(async () => {
  await loadBackend('tensorflow', { compiled: true });
  before = tf.memory().numTensors;
  const { sources } = (await openRecord(mnistRecord(), '')).given;
  const summary = { name: 'MNIST' };
  const data = { summary, height: 28, width: 28, channels: 1, source: (split: Split) => sources.get(split) };
  const network = buildNetwork('mnist-cnn', { height: 28, width: 28, channels: 1, classes: 10 }, 1);
  const classes = Array.from('0123456789', (label) => ({ label }));
  const form = { classes: 10, height: 28, width: 28, channels: 1, parameters: network.parameters, imagenet: false };
  const known = { ref: 'run', kind: 'run', name: 'run', ...form, fit: 'pad', revision: '1' } as const;
  open = { known: { ...known, pixels: { kind: 'divide-255' } }, classes, network, inference: new Inference(network) };
  const photos = { get: () => Promise.reject(new Error('no photos')) } as never;
  const dataset = (): Promise<DataSet> => Promise.resolve(data as unknown as DataSet);
  const learnedOnDark = () => Promise.resolve(true);
  parts = {
    models: {
      use: async (_, work) => work(open),
      portable: () => Promise.reject(new Error('not asked for')),
    },
    predictor: {
      input: (picture, model, ways = {}) => readInput(picture, model, ways, { photos, dataset, learnedOnDark }),
    },
    photos,
    dataset,
  };
});
afterAll(() => {
  open.inference.dispose();
  expect(tf.memory().numTensors).toBe(before);
  rmSync(folder, { recursive: true, force: true });
});

const asking: Asking = {
  ...{ model: 'run', method: 'grad-cam', options: {}, ways: {} },
  picture: { dataset: 'mnist', split: 'test', index: 7 },
};
const asked = { model: 'run', dataset: 'mnist', split: 'test', method: 'grad-cam', most: 500 } as const;

async function ended<T>(stream: AsyncGenerator<unknown, T>): Promise<{ result: T; told: unknown[] }> {
  const told: unknown[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) return { result: next.value, told };
    told.push(next.value);
  }
}

test('an image of a data set is explained at the layer chosen by itself', async () => {
  const { layers, chosen } = await new Explanations(parts).layers('run');
  expect(layers.map(({ name }) => name)).toEqual(expect.arrayContaining(['conv2d', 'conv2d_1']));
  const explanation = await new Explanations(parts).map(asking);
  expect(explanation.layer).toEqual(chosen);
  const { height, width, values } = explanation.map;
  expect(Buffer.from(values, 'base64')).toHaveLength(height * width * 4);
  expect(explanation.class.label).toBe(String(explanation.class.index));
  expect(explanation.place.picture).toEqual({ width: 28, height: 28 });
});

test('what is seen is saved over the picture and beside it', async () => {
  const [overlay, sideBySide] = [path.join(folder, 'over.png'), path.join(folder, 'beside.png')];
  await new Explanations(parts).save({ ...asking, overlay, sideBySide, colours: 'viridis', opacity: 0.4 });
  expect(await sharp(overlay).metadata()).toMatchObject({ format: 'png', width: 448, height: 448 });
  const { width } = await sharp(readFileSync(sideBySide)).metadata();
  expect(width).toBeGreaterThan(3 * 448);
  await expect(
    new Explanations(parts).save({ ...asking, overlay: path.join(folder, 'no', 'x.png'), colours: 'jet', opacity: 1 }),
  ).rejects.toMatchObject({ code: 'file/missing' });
});

test('faithfulness tells how far it is', async () => {
  const stream = withProgress(undefined, (tell, signal) =>
    new Explanations(parts).faithfulness({ ...asking, points: 9 }, tell, signal),
  );
  const { result, told } = await ended(stream);
  expect(result.deletion).toHaveLength(10);
  expect(told.at(-1)).toMatchObject({ done: 80, total: 80 });
});

test('the mean of a class is over its images alone, and the part of heat outside the box sorts them', async () => {
  const box = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
  const stream = withProgress(undefined, (tell, signal) =>
    meanHeat({ ...asked, of: 3, most: 21, box }, parts, tell, signal),
  );
  const { result } = await ended(stream);
  const labels = (await parts.dataset('mnist')).source('test')!.labels;
  expect(result.count).toBe(21);
  expect(result.rows.map(({ index }) => labels[index])).toEqual(new Array(21).fill(3));
  const outside = result.rows.map((row) => row.outside!);
  expect(outside).toEqual([...outside].sort((a, b) => b - a));
  expect(result.image).toMatch(/^data:image\/png;base64,/);
  // One at a time or eight at once: the same maps.
  const [first] = result.rows;
  const picture = { dataset: 'mnist', split: 'test' as const, index: first!.index };
  const alone = await new Explanations(parts).map({ ...asking, picture });
  expect(alone.class.index).toBe(first!.predicted);
  expect(alone.class.probability).toBeCloseTo(first!.probability, 5);
});

test('a class without images, and a mean that nobody waits for, end with their reasons', async () => {
  const never = new AbortController().signal;
  await expect(meanHeat({ ...asked, indices: [], most: 5 }, parts, () => undefined, never)).rejects.toMatchObject({
    code: 'train/no-images',
  });
  const left = AbortSignal.abort(new Error('left'));
  await expect(meanHeat({ ...asked, most: 9 }, parts, () => undefined, left)).rejects.toThrow('left');
});
