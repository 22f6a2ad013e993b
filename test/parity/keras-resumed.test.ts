import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OptimizerSettings } from '#contract/training-settings.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { kerasWriter } from '#engine/model/formats/keras/writing/writers.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import { networkOf } from '#engine/model/network.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { makeLoss } from '#engine/training/losses/make-loss.ts';
import { makeSteps, type NamedArray } from '#engine/training/steps.ts';
import { askKeras, findKeras, type Asked } from '#test/support/live-keras.ts';
import { portableOf, seededImages } from '#test/support/portable-models.ts';

const { python, reason } = findKeras();
if (reason) console.log(`Training is not taken to a live Keras and back: ${reason}.`);
const left = reason ? ` (skipped: ${reason})` : '';
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-resumed-'));
beforeAll(() => loadBackend('tensorflow'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const size = { height: 8, width: 8, channels: 3, classes: 4 };
const plain = { strides: [1, 1], padding: 'same', kernelSize: [3, 3], activation: 'relu' } as const;
/** Two paths of different length, so that Keras' order is not ours; one layer that is not trained. */
const branched: NetworkSpec = {
  ...{ id: 'branched', name: 'Branched', input: [8, 8, 3], preprocessing: 'divide-255', source: 'test' },
  layers: [
    { kind: 'Conv2D', name: 'stem', filters: 4, ...plain },
    { kind: 'Conv2D', name: 'short', filters: 6, ...plain },
    { kind: 'Conv2D', name: 'frozen', filters: 5, ...plain, inputs: ['stem'], trainable: false },
    { kind: 'BatchNormalization', name: 'norm', momentum: 0.9, epsilon: 0.001, scale: true },
    { kind: 'DepthwiseConv2D', name: 'deep', depthMultiplier: 1, ...plain },
    { kind: 'Conv2D', name: 'long', filters: 6, ...plain },
    { kind: 'Concatenate', name: 'both', inputs: ['short', 'long'] },
    { kind: 'PReLU', name: 'prelu', alphaInitializer: 'zeros', sharedAxes: [1, 2] },
    { kind: 'GlobalAveragePooling2D', name: 'pool' },
    { kind: 'Dense', name: 'out', units: 'classes', activation: 'softmax' },
  ],
};

const optimizers: readonly OptimizerSettings[] = [
  { name: 'sgd', learningRate: 0.1 },
  { name: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true },
  { name: 'rmsprop', learningRate: 0.005 },
  { name: 'rmsprop', learningRate: 0.005, momentum: 0.5, centered: true },
  { name: 'adagrad', learningRate: 0.05 },
  { name: 'adadelta', learningRate: 1 },
  { name: 'adam', learningRate: 0.01 },
  { name: 'adamw', learningRate: 0.01, weightDecay: 0.01 },
  { name: 'adamax', learningRate: 0.01, clipNorm: 1 },
  { name: 'nadam', learningRate: 0.01 },
];

const count = 16;
const steps = 5;
const labels = Array.from({ length: count }, (_, image) => (image * 7) % 4);

test.skipIf(reason)(
  `a run goes on in Keras as here, and comes back${left}`,
  async () => {
    const start = portableOf(branched, size, 5);
    const images = seededImages(start, count);
    const asked: Asked[] = [];
    const here: number[][] = [];
    for (const [place, optimizer] of optimizers.entries()) {
      const begun = trained(start, optimizer, images, 3, []);
      const training = { optimizer, step: 3, slots: begun.slots };
      const file = path.join(folder, `${place}.keras`);
      const options = { pixels: 'inside', optimizer: true, weights: 'variables' } as const;
      const { notes } = await kerasWriter.write({ ...start, weights: begun.weights, training }, file, options);
      expect(notes).toEqual([]);
      here.push(trained({ ...start, weights: begun.weights }, optimizer, images, steps, begun.slots, 3).losses);
      const raw = Float32Array.from(images);
      const resave = path.join(folder, `back-${place}.keras`);
      asked.push({ file, images: raw, shape: [count, 8, 8, 3], labels, steps, resave });
    }
    const answered = askKeras(python ?? '', asked);
    for (const [place, optimizer] of optimizers.entries()) {
      const name = JSON.stringify(optimizer);
      const { losses, more, iterations } = answered[place]!;
      expect(iterations, name).toBe(3 + steps);
      expect(apart(here[place]!, losses), `${name} in Keras`).toBeLessThan(1e-4);
      const { model } = await readModelFile(asked[place]!.resave!);
      expect(model?.training, name).toMatchObject({ optimizer: { name: optimizer.name }, step: 3 + steps });
      const settings = model!.training!.optimizer;
      const back = trained(model!, settings, images, steps, model!.training!.slots, 3 + steps);
      expect(apart(back.losses, more), `${name} back here`).toBeLessThan(1e-4);
    }
  },
  180_000,
);

/** Steps on one batch, from these slots on. */
function trained(
  { spec, pixels, weights }: PortableModel,
  settings: OptimizerSettings,
  images: Uint8Array,
  many: number,
  slots: readonly NamedArray[],
  done = 0,
) {
  const network = networkOf(spec, size, 0, pixels, weights);
  const optimizer = makeOptimizer(
    settings,
    network.variables.filter(({ trainable }) => trainable),
  );
  const loss = makeLoss({ name: 'sparse_categorical_crossentropy' }, 'softmax');
  const run = makeSteps({ network, optimizer, loss, metrics: [], compile: false });
  if (slots.length > 0) run.load([...run.state().slice(0, network.variables.length), ...slots]);
  const losses = Array.from(
    { length: many },
    (_, step) =>
      run.train(
        { images: count, pixels: images, labels: Int32Array.from(labels) },
        done + step + 1,
        settings.learningRate,
      ).loss,
  );
  const state = run.state();
  run.dispose();
  optimizer.dispose();
  network.dispose();
  return { losses, weights: state.slice(0, weights.length), slots: state.slice(weights.length) };
}

const apart = (a: readonly number[], b: readonly number[]) =>
  a.reduce((far, value, place) => Math.max(far, Math.abs(value - (b[place] ?? Number.NaN))), 0);
