import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExplainMethod, ExplainOptions } from '#contract/explain.ts';
import { networkSpec } from '#contract/network.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tensorflowBackend } from '#engine/backend/tensorflow.ts';
import { tf } from '#engine/backend/tensors.ts';
import { Explainer } from '#engine/explain/explainer.ts';
import { cascade } from '#engine/explain/sanity.ts';
import { Untraceable } from '#engine/graph/tracer.ts';
import { Program } from '#engine/graph/program.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import type { LayerSpec } from '#engine/model/spec.ts';
import { bytes, stream } from '#test/support/keras-numbers.ts';

interface Case {
  readonly network: string;
  readonly method: ExplainMethod;
  readonly layer: string | null;
  readonly options: ExplainOptions;
  readonly class: number;
  readonly score: number;
  readonly maximum: number;
  readonly height: number;
  readonly width: number;
  readonly values: number[];
}

const fixtures = path.resolve(import.meta.dirname, '../fixtures');
const { keras, seed, shape, classes, networks, cases } = JSON.parse(
  readFileSync(path.join(fixtures, 'parity/explain.json'), 'utf8'),
) as {
  keras: string;
  seed: number;
  shape: [number, number, number];
  classes: number;
  networks: Record<string, LayerSpec[]>;
  cases: Case[];
};
const [height, width, channels] = shape;
const images = { height, width, channels, classes };
const pixels = Uint8Array.from(bytes(seed, 400, height * width * channels));

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

const specOf = (name: string) =>
  networkSpec.parse({
    ...{ id: name, name, input: shape, preprocessing: 'divide-255', source: 'a test', layers: networks[name] },
  });

/** With weights as make-explain-fixtures.py draws them. */
function networkNamed(name: string): Network {
  const network = networkOf(specOf(name), images, 1);
  const sorted = [...network.variables].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [number, { name, variable }] of sorted.entries()) {
    const positive = /gamma$|moving_variance$/.test(name);
    const values = stream(seed, 100 + number, variable.size).map((x) => (positive ? x + 0.5 : (x - 0.45) * 0.6));
    tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(values), variable.shape)));
  }
  return network;
}

/** Within 1e-4 of its size, or of the map's largest value. */
function expectMap(received: Float32Array, expected: readonly number[], what: string): void {
  expect(received, what).toHaveLength(expected.length);
  const off = expected.flatMap((value, place) => {
    const difference = Math.abs((received[place] ?? Number.NaN) - value);
    return difference <= 1e-4 ? [] : [{ place, expected: value, received: received[place] }];
  });
  expect(off.slice(0, 5), what).toEqual([]);
}

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
    const network = networkNamed(name);
    const explainer = new Explainer(network);
    for (const { method, layer, options, ...wanted } of cases.filter((each) => each.network === name)) {
      const question = { method, options, ...(layer !== null && { layer }) };
      const heat = await explainer.heat(pixels, wanted.class, question);
      const what = `${name}, ${method} at ${layer}, class ${wanted.class}`;
      expect(heat.layer?.name ?? null, what).toBe(layer);
      expect([heat.map.height, heat.map.width], what).toEqual([wanted.height, wanted.width]);
      expect(Math.abs(heat.score - wanted.score), what).toBeLessThan(1e-4 * Math.max(1, Math.abs(wanted.score)));
      expect(Math.abs(heat.maximum - wanted.maximum), what).toBeLessThanOrEqual(1e-4 * wanted.maximum);
      expectMap(heat.map.values, wanted.values, what);
    }
    explainer.dispose();
    network.dispose();
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
