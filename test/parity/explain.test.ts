import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { networkSpec } from '#contract/network.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tensorflowBackend } from '#engine/backend/tensorflow.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Explainer } from '#engine/explain/explainer.ts';
import { cascade } from '#engine/explain/sanity.ts';
import { Untraceable } from '#engine/graph/tracer.ts';
import { Program } from '#engine/graph/program.ts';
import { networkOf } from '#engine/model/network.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import type { LayerSpec } from '#engine/model/spec.ts';
import {
  classes,
  expectAsKeras,
  images,
  keras,
  networkNamed,
  networks,
  pixels,
  specOf,
} from '#test/support/explain-cases.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures');
const { height, width } = images;

let tensors = 0;
let sessions = 0;
beforeAll(() => loadBackend('tensorflow', { compiled: true }));
beforeEach(() => {
  tensors = tf.memory().numTensors;
  sessions = tensorflowBackend().getNumOfSavedModels();
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
  expect(tensorflowBackend().getNumOfSavedModels()).toBe(sessions);
});

describe.each(['as graphs', 'operation by operation'])(`as GradientTape on Keras ${keras}, %s`, (way) => {
  const add = Program.prototype.add;
  beforeAll(() => {
    if (way === 'as graphs') return;
    Program.prototype.add = () => {
      throw new Untraceable('this test compares both ways');
    };
  });
  afterAll(() => void (Program.prototype.add = add));

  test.each(Object.keys(networks))('%s', { timeout: 60_000 }, async (name) => {
    await expectAsKeras(name);
  });
});

test('Grad-CAM of the photos at EfficientNet-Lite0 is that of Keras within 1e-3', { timeout: 60_000 }, async () => {
  const { spec, weights, pixels: treatment } = await new ZooShelf().portable('efficientnet-lite0');
  const size = { height: 224, width: 224, channels: 3, classes: 1000 };
  const network = networkOf(spec, size, 0, treatment, weights);
  const explainer = new Explainer(network);
  expect(explainer.chosen).toMatchObject({ name: 'top_relu6', reason: 'last-activation-after-addition' });
  const photos: Uint8Array[] = [];
  const wanted: { class: number; map: number[] }[] = [];
  for (const photo of ['astronaut', 'camera', 'chelsea']) {
    const file = path.join(fixtures, `imagenet/${photo}_224.png`);
    photos.push(new Uint8Array(await sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer()));
    const { grad_cam: reference } = JSON.parse(readFileSync(path.join(fixtures, `imagenet/${photo}.json`), 'utf8')) as {
      grad_cam: { class: number; map_7x7: number[][] };
    };
    wanted.push({ class: reference.class, map: reference.map_7x7.flat() });
    const heat = await explainer.heat(photos.at(-1)!, null, { method: 'grad-cam' });
    expect(heat.class).toBe(reference.class);
    expect(largestDifference(heat.map.values, reference.map_7x7.flat())).toBeLessThan(1e-3);
  }
  const together = explainer.heatMaps(
    Uint8Array.from(photos.flatMap((photo) => [...photo])),
    wanted.map((each) => each.class),
    { method: 'grad-cam' },
  );
  for (const [place, heat] of together.entries()) {
    expect(largestDifference(heat.map.values, wanted[place]!.map)).toBeLessThan(1e-3);
  }
  explainer.dispose();
  network.dispose();
});

const largestDifference = (a: ArrayLike<number>, b: readonly number[]) =>
  b.reduce((most, value, place) => Math.max(most, Math.abs(value - (a[place] ?? Number.NaN))), 0);

test('another class compiles nothing', async () => {
  const network = networkNamed('residual');
  const explainer = new Explainer(network);
  await explainer.heat(pixels, 0, { method: 'grad-cam' });
  const compiled = tensorflowBackend().getNumOfSavedModels();
  for (const index of [1, 2, null]) await explainer.heat(pixels, index, { method: 'grad-cam' });
  expect(tensorflowBackend().getNumOfSavedModels()).toBe(compiled);
  explainer.dispose();
  network.dispose();
});

test('randomised weights change the map, and nobody else sees them', { timeout: 60_000 }, async () => {
  const network = networkNamed('residual');
  const values = () => network.variables.map(({ variable }) => [...variable.dataSync<'float32'>()]);
  const before = values();
  const portable = {
    spec: { ...specOf('residual'), layers: networks['residual']!.map((layer) => withUnits(layer)) },
    pixels: { kind: 'divide-255' as const },
    classes: ['a', 'b', 'c', 'd'].map((label) => ({ label })),
    weights: network.variables.map(({ name, variable }) => ({
      name,
      shape: variable.shape,
      values: variable.dataSync<'float32'>(),
    })),
  };
  const told: number[] = [];
  const steps = await cascade(portable, pixels, 1, { method: 'grad-cam' }, { progress: (done) => told.push(done) });
  expect(steps.map(({ layer }) => layer)).toEqual(['scores', 'b', 'a_norm', 'a', 'stem_norm', 'stem']);
  expect(told).toEqual([1, 2, 3, 4, 5, 6, 7]);
  for (const { correlation } of steps) expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
  expect(steps.at(-1)!.correlation).toBeLessThan(0.95);
  expect(values()).toEqual(before);
  network.dispose();
});

const withUnits = (layer: LayerSpec): LayerSpec =>
  layer.kind === 'Dense' && layer.units === 'classes' ? { ...layer, units: classes } : layer;

test('a network without places is explained by gradients, and says so', async () => {
  const layers: LayerSpec[] = [
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'answer', units: 'classes', activation: 'softmax' },
  ];
  const network = networkOf(networkSpec.parse({ ...specOf('plain'), layers }), images, 1);
  const explainer = new Explainer(network);
  const heat = await explainer.heat(pixels, null, { method: 'grad-cam' });
  expect(heat).toMatchObject({ method: 'gradients', instead: 'no-spatial-layer', layer: null });
  expect([heat.map.height, heat.map.width]).toEqual([height, width]);
  expect(explainer.layers).toEqual([]);
  explainer.dispose();
  network.dispose();
});

test('unknown layers and classes, and pictures of another size, are refused', async () => {
  const network = networkNamed('plain');
  const explainer = new Explainer(network);
  const refused = (layer: string | undefined, index: number, given = pixels) =>
    expect(explainer.heat(given, index, { method: 'grad-cam', layer })).rejects;
  await refused('hidden', 0).toMatchObject({ code: 'explain/unknown-layer' });
  await refused('nowhere', 0).toMatchObject({ code: 'explain/unknown-layer' });
  await refused(undefined, 4).toMatchObject({ code: 'explain/unknown-class' });
  await refused(undefined, 0, new Uint8Array(7)).toMatchObject({ code: 'model/wrong-input' });
  explainer.dispose();
  network.dispose();
});
