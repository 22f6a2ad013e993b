import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KnownModel } from '#contract/models.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { Inference } from '#engine/predict/inference.ts';
import type { OpenModel } from '#engine/predict/models.ts';
import type { Photos } from '#engine/predict/photos.ts';
import { Predictor } from '#engine/predict/predictor.ts';
import type { Network } from '#engine/model/network.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-predictor-'));
beforeAll(() => tf.setBackend('cpu'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A model of 28×28 that says "much" for much ink. */
function world({ channels = 1, dark = true } = {}) {
  const data = {
    summary: { name: 'D' },
    height: 28,
    width: 28,
    channels,
    source: () => ({
      count: 3,
      labels: new Uint16Array(3),
      read: (_: unknown, into: Uint8Array) => into.fill(dark ? 0 : 255),
    }),
  } as unknown as DataSet;
  const network = {
    layers: { inputs: [{ shape: [null, 28, 28, channels] }] },
    logits: (pixels: tf.Tensor4D) =>
      tf.tidy(() => {
        const ink = pixels.mean([1, 2, 3]).div(64);
        return tf.stack([tf.onesLike(ink), ink], 1);
      }),
    dispose: () => undefined,
  } as unknown as Network;
  const known = {
    ...{ ref: 'a', name: 'A', dataset: 'd', height: 28, width: 28, channels },
    fit: channels === 1 ? 'pad' : 'crop',
  } as KnownModel;
  const open: OpenModel = {
    known,
    classes: [{ label: 'little' }, { label: 'much', id: 'n1' }],
    network,
    inference: new Inference(network),
  };
  return new Predictor({
    models: { known: () => Promise.resolve(known), ask: async (_, work) => work(open) },
    photos: { get: (id: string) => ({ path: path.join(folder, id) }) } as unknown as Photos,
    dataset: () => Promise.resolve(data),
  });
}

const asked = { model: 'a', top: 5, threshold: 0, ways: {} };

const canvas = (level: number) => ({ width: 56, height: 56, pixels: new Uint8Array(56 * 56).fill(level) });

test('a digit comes back as the network got it, with its classes in order', async () => {
  const predictor = world();
  const prediction = await predictor.digit('a', canvas(255), true);
  expect(Buffer.from(prediction.input, 'base64')).toHaveLength(784);
  expect(prediction).toMatchObject({ height: 28, width: 28, box: { left: 4, top: 4, width: 20, height: 20 } });
  expect(prediction.top.map(({ label }) => label)).toEqual(['much', 'little']);
  expect(prediction.top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
});

test('an empty canvas is not predicted', async () => {
  const predictor = world();
  expect(await predictor.digit('a', canvas(0), true)).toMatchObject({ box: null, top: [] });
  expect(await predictor.digit('a', canvas(0), false)).toMatchObject({ box: null, top: [] });
});

test('without centring the picture is only fitted to the size', async () => {
  const predictor = world();
  const { input, box } = await predictor.digit('a', canvas(200), false);
  expect(box).toEqual({ left: 0, top: 0, width: 28, height: 28 });
  expect(Buffer.from(input, 'base64').every((level) => level === 200)).toBe(true);
});

test('a run on colour images takes no drawing', async () => {
  const predictor = world({ channels: 3 });
  await expect(predictor.digit('a', canvas(9), true)).rejects.toMatchObject({ code: 'model/wrong-input' });
});

test('tensors stay level', async () => {
  const predictor = world();
  await predictor.digit('a', canvas(9), true);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) await predictor.digit('a', canvas(50 * i), true);
  expect(tf.memory().numTensors).toBe(before);
});

async function plain(name: string, background: string, { width = 28, height = 28 } = {}): Promise<string> {
  const file = path.join(folder, name);
  await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toFile(file);
  return file;
}

test('a picture file is predicted as the model learned: light ones are inverted where it learned on dark', async () => {
  const file = await plain('white.png', '#ffffff');
  const onDark = await world().picture(asked, { path: file });
  expect(onDark.place).toMatchObject({ inverted: true, how: 'as it is; colours to grey; inverted' });
  expect(onDark.top).toMatchObject([
    { index: 0, label: 'little' },
    { index: 1, label: 'much', id: 'n1' },
  ]);
  expect(onDark.softmax).toHaveLength(2);
  expect((await world({ dark: false }).picture(asked, { path: file })).top[0]?.label).toBe('much');
  const few = await world().picture({ ...asked, threshold: 0.6 }, { path: file });
  expect(few.top.map(({ label }) => label)).toEqual(['little']);
});

test('an image of a data set and a photo of the list are asked about alike', async () => {
  await plain('photo', '#ffffff');
  const predictor = world({ channels: 3, dark: false });
  const stored = await predictor.picture(asked, { dataset: 'd', split: 'train', index: 2 });
  expect((await predictor.picture(asked, { photo: 'photo' })).softmax).toEqual(stored.softmax);
  const beyond = predictor.picture(asked, { dataset: 'd', split: 'train', index: 3 });
  await expect(beyond).rejects.toMatchObject({ code: 'data/unknown-image' });
});

test('in a batch a bad picture is a row with its reason, and the others have their classes', async () => {
  const files = [await plain('one.png', '#ffffff'), path.join(folder, 'gone.png'), await plain('two.png', '#000000')];
  const steps = world({ channels: 3 }).batch(
    asked,
    files.map((file) => ({ picture: { path: file }, file })),
  );
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  expect(step.value).toMatchObject({ done: 3, total: 3 });
  expect(step.value.rows.map(({ top, failure }) => failure?.code ?? top[0]?.label)).toEqual([
    ...['much', 'file/missing', 'little'],
  ]);
});

test('what the network sees of a picture can be looked at', async () => {
  await plain('wide.png', '#00ff00', { width: 60, height: 30 });
  const png = await world({ channels: 3 }).inputPng('a', { photo: 'wide.png' }, {});
  expect(await sharp(png).metadata()).toMatchObject({ width: 28, height: 28, channels: 3 });
});
