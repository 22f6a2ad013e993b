import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OptimizerSettings } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { buildNetwork, networkOf, type Network } from '#engine/model/network.ts';
import type { NetworkSpec } from '#engine/model/spec.ts';
import { summaryOf } from '#engine/model/summary.ts';
import { findPreset } from '#engine/model/presets.ts';
import { countCorrect, sparseCrossEntropy } from '#engine/training/loss.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { trainingStep } from '#engine/training/step.ts';
import { expect } from 'vitest';
import { bytes, classes, expectClose, stream } from './keras-numbers.ts';

/** What make-fixtures.py writes. */
export interface Fixture<Case> {
  readonly keras: string;
  readonly seed: number;
  readonly cases: readonly Case[];
}
export interface OptimizerCase {
  readonly settings: OptimizerSettings;
  readonly losses: number[];
  readonly weights: number[][];
}
export interface PresetCase {
  readonly preset: string;
  readonly parameters: number;
  readonly shapes: number[][];
  readonly logits: number[];
  readonly probabilities: number[];
  readonly loss: number;
  readonly gradients: { readonly norm: number; readonly values: number[] }[];
}
export interface LossCase {
  readonly scale: number;
  readonly loss: number;
  readonly correct: number;
  readonly gradient: number[];
}

export const committed = path.resolve(import.meta.dirname, '../fixtures/parity');

export function readFixture<Case>(name: 'optimizers' | 'presets' | 'losses', folder = committed): Fixture<Case> {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Fixture<Case>;
}

const small: NetworkSpec = {
  id: 'small',
  name: 'Small',
  input: [6, 6, 1],
  preprocessing: 'divide-255',
  source: 'make-fixtures.py, small_network',
  layers: [
    {
      kind: 'Conv2D',
      name: 'conv',
      filters: 4,
      kernelSize: [3, 3],
      strides: [1, 1],
      padding: 'same',
      activation: 'relu',
    },
    { kind: 'MaxPooling2D', name: 'pool', poolSize: [2, 2], strides: [2, 2], padding: 'valid' },
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'hidden', units: 6, activation: 'relu' },
    { kind: 'Dense', name: 'out', units: 'classes', activation: 'softmax' },
  ],
};

/** Kernels within Glorot's limit, biases within 0.1. */
function fill(network: Network, seed: number): void {
  for (const [number, { variable }] of network.variables.entries()) {
    const { shape, size } = variable;
    const [inputs = 1, outputs = 1] = shape.slice(-2);
    const field = shape.slice(0, -2).reduce((product, side) => product * side, 1);
    const limit = shape.length === 1 ? 0.1 : Math.sqrt(6 / (field * (inputs + outputs)));
    const values = Float32Array.from(stream(seed, 100 + number, size), (x) => x * 2 * limit - limit);
    tf.tidy(() => variable.assign(tf.tensor(values, shape)));
  }
}

/** Ten training steps with this optimizer end at Keras' weights, with Keras' losses on the way. */
export function checkOptimizer(seed: number, { settings, losses, weights }: OptimizerCase): void {
  const before = tf.memory().numTensors;
  const network = networkOf(small, { height: 6, width: 6, channels: 1, classes: 3 }, seed);
  fill(network, seed);
  const optimizer = makeOptimizer(settings, network.variables);
  const received = losses.map((_, step) =>
    Number(
      tf.tidy(() => {
        const pixels = tf.tensor4d(bytes(seed, 200 + step, 8 * 36), [8, 6, 6, 1]);
        const labels = tf.tensor1d(classes(seed, 300 + step, 8, 3), 'int32');
        const { loss } = trainingStep(network, optimizer, { pixels, labels }, tf.scalar(step + 1, 'int32'));
        return loss.dataSync()[0]!;
      }),
    ),
  );
  expectClose(received, losses, 'losses');
  for (const [place, { name, variable }] of network.variables.entries()) {
    expectClose(variable.dataSync(), weights[place]!, name);
  }
  optimizer.dispose();
  network.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

/** The preset at this place of the list gives Keras' output, loss and gradients for the same weights and images. */
export function checkPreset(seed: number, place: number, wanted: PresetCase): void {
  const images = { height: 28, width: 28, channels: 1, classes: 10 };
  const summary = summaryOf(findPreset(wanted.preset), images);
  expect(summary.parameters).toBe(wanted.parameters);
  expect(summary.layers.map(({ outputShape }) => outputShape)).toEqual(wanted.shapes);
  const network = buildNetwork(wanted.preset, images, seed);
  expect(network.parameters).toBe(wanted.parameters);
  fill(network, seed);
  tf.tidy(() => {
    const pixels = tf.tensor4d(bytes(seed, 400 + place, 3 * 784), [3, 28, 28, 1]);
    const labels = tf.tensor1d(classes(seed, 500 + place, 3, 10), 'int32');
    const logits = network.logits(pixels, { training: false });
    expectClose(logits.dataSync(), wanted.logits, 'logits');
    expectClose(tf.softmax(logits).dataSync(), wanted.probabilities, 'probabilities');
    const variables = network.variables.map(({ variable }) => variable);
    const measured = () => sparseCrossEntropy(labels, network.logits(pixels, { training: false }));
    const { value, grads } = tf.variableGrads(measured, variables);
    expectClose(value.dataSync(), [wanted.loss], 'loss');
    for (const [at, { name, variable }] of network.variables.entries()) {
      const { norm, values } = wanted.gradients[at]!;
      const gradient = grads[variable.name]!.flatten();
      expectClose(gradient.norm().dataSync(), [norm], `norm of the gradient of ${name}`);
      const every = Math.max(1, Math.floor(gradient.size / 7));
      const sample = gradient.dataSync().filter((_, index) => index % every === 0);
      expectClose(sample.subarray(0, 7), values, `gradient of ${name}`);
    }
  });
  network.dispose();
}

/** Loss, its gradient and the count of right answers are Keras' for these logits. */
export function checkLoss(seed: number, place: number, { scale, loss, correct, gradient }: LossCase): void {
  tf.tidy(() => {
    const values = Float32Array.from(stream(seed, 600 + place, 24), (x) => x * 2 * scale - scale);
    const labels = tf.tensor1d(classes(seed, 700 + place, 6, 4), 'int32');
    const logits = tf.tensor2d(values, [6, 4]);
    const { value, grad } = tf.valueAndGrad((x) => sparseCrossEntropy(labels, x as tf.Tensor2D))(logits);
    expectClose(value.dataSync(), [loss], 'loss');
    expectClose(grad.dataSync(), gradient, 'gradient');
    expect(countCorrect(labels, logits).dataSync()[0]).toBe(correct);
  });
}
