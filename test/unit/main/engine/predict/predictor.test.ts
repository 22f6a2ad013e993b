import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunSummary } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { DataSet } from '#engine/data/data-set.ts';
import { Predictor } from '#engine/predict/predictor.ts';
import type { Trained } from '#engine/predict/trained.ts';
import type { Network } from '#engine/model/network.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-predictor-'));
beforeAll(() => tf.setBackend('cpu'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everything = { top: 5, threshold: 0, full: false, invert: 'auto' } as const;

/** A network of 28×28 that says "much" for much ink. */
function world({ channels = 1, dark = true } = {}) {
  const made: string[] = [];
  const gone: string[] = [];
  const revisions = new Map<string, string>();
  const data = {
    height: 28,
    width: 28,
    channels,
    source: () => ({
      count: 3,
      labels: new Uint16Array(3),
      read: (_: unknown, into: Uint8Array) => into.fill(dark ? 0 : 255),
    }),
  } as unknown as DataSet;
  const network = (name: string): Network => {
    made.push(name);
    return {
      layers: { inputs: [{ shape: [null, 28, 28, channels] }] },
      logits: (pixels: tf.Tensor4D) =>
        tf.tidy(() => {
          const ink = pixels.mean([1, 2, 3]).div(64);
          return tf.stack([tf.onesLike(ink), ink], 1);
        }),
      dispose: () => gone.push(name),
    } as unknown as Network;
  };
  const trained: Trained = {
    summary: (id) =>
      Promise.resolve({
        id,
        classes: ['little', 'much'],
        settings: { dataset: 'd' },
        revision: revisions.get(id) ?? '1',
      } as RunSummary),
    folder: (id) => id,
    network: (id) => Promise.resolve(network(id)),
    dataset: () => Promise.resolve(data),
    ready: () => Promise.resolve(),
  };
  return { predictor: new Predictor(trained), made, gone, revisions };
}

const canvas = (level: number) => ({ width: 56, height: 56, pixels: new Uint8Array(56 * 56).fill(level) });

test('a digit comes back as the network got it, with its classes in order', async () => {
  const { predictor } = world();
  const prediction = await predictor.digit('a', canvas(255), true);
  expect(Buffer.from(prediction.input, 'base64')).toHaveLength(784);
  expect(prediction).toMatchObject({ height: 28, width: 28, box: { left: 4, top: 4, width: 20, height: 20 } });
  expect(prediction.top.map(({ label }) => label)).toEqual(['much', 'little']);
  expect(prediction.top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
});

test('an empty canvas is not predicted', async () => {
  const { predictor } = world();
  expect(await predictor.digit('a', canvas(0), true)).toMatchObject({ box: null, top: [] });
  expect(await predictor.digit('a', canvas(0), false)).toMatchObject({ box: null, top: [] });
});

test('without centring the picture is only fitted to the size', async () => {
  const { predictor } = world();
  const { input, box } = await predictor.digit('a', canvas(200), false);
  expect(box).toEqual({ left: 0, top: 0, width: 28, height: 28 });
  expect(Buffer.from(input, 'base64').every((level) => level === 200)).toBe(true);
});

test('a run on colour images takes no drawing', async () => {
  const { predictor } = world({ channels: 3 });
  await expect(predictor.digit('a', canvas(9), true)).rejects.toMatchObject({ code: 'model/wrong-input' });
});

test('a network is loaded once, three stay, and weights that changed are loaded anew', async () => {
  const { predictor, made, gone, revisions } = world();
  await Promise.all([predictor.digit('a', canvas(9), true), predictor.digit('a', canvas(9), true)]);
  for (const run of ['b', 'c', 'a', 'd', 'a']) await predictor.digit(run, canvas(9), true);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect([made, gone]).toEqual([['a', 'b', 'c', 'd'], ['b']]);
  revisions.set('a', '2');
  await predictor.digit('a', canvas(9), true);
  expect(made.at(-1)).toBe('a');
  predictor.dispose();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(gone.sort()).toEqual(['a', 'a', 'b', 'c', 'd']);
});

test('tensors stay level', async () => {
  const { predictor } = world();
  await predictor.digit('a', canvas(9), true);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) await predictor.digit('a', canvas(50 * i), true);
  expect(tf.memory().numTensors).toBe(before);
});

test('a picture file is predicted as the run learned: light ones are inverted where it learned on dark', async () => {
  const file = path.join(folder, 'white.png');
  await sharp({ create: { width: 28, height: 28, channels: 3, background: '#ffffff' } })
    .png()
    .toFile(file);
  const onDark = await world().predictor.file('a', file, { ...everything, full: true });
  expect(onDark).toMatchObject({ file, resize: 'as it is; colours to grey; inverted' });
  expect(onDark.top[0]?.label).toBe('little');
  expect(onDark.softmax).toHaveLength(2);
  const onLight = await world({ dark: false }).predictor.file('a', file, everything);
  expect(onLight.top[0]?.label).toBe('much');
  expect(onLight).not.toHaveProperty('softmax');
  const few = await world().predictor.file('a', file, { ...everything, threshold: 0.6 });
  expect(few.top.map(({ label }) => label)).toEqual(['little']);
});
