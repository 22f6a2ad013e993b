import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { layerKinds } from '#contract/layer-fields.ts';
import { networkSpec } from '#contract/network.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { ImageSource } from '#engine/data/data-set.ts';
import { Program } from '#engine/graph/program.ts';
import { networkOf, type Network } from '#engine/model/network.ts';
import { prepare, type Pixels } from '#engine/model/pixels.ts';
import type { LayerSpec, NetworkSpec } from '#engine/model/spec.ts';
import { placeLayers } from '#engine/model/summary.ts';
import { makeLoss } from '#engine/training/losses/make-loss.ts';
import { makeOptimizer } from '#engine/training/optimizers/make-optimizer.ts';
import { pixelStatistics } from '#engine/training/pixel-statistics.ts';
import { makeSteps } from '#engine/training/steps.ts';
import { bytes, expectClose, stream } from '#test/support/keras-numbers.ts';

interface Sample {
  readonly norm: number;
  readonly values: number[];
}
interface LayerCase {
  readonly name: string;
  readonly training: boolean;
  readonly layers: LayerSpec[];
  readonly shape: number[];
  readonly weights: { readonly name: string; readonly shape: number[] }[];
  readonly output: Sample;
  readonly pixels: Sample;
  readonly gradients: Sample[];
}

const file = path.resolve(import.meta.dirname, '../fixtures/parity/layers.json');
const {
  keras,
  seed,
  cases,
  pixels: prepared,
} = JSON.parse(readFileSync(file, 'utf8')) as {
  keras: string;
  seed: number;
  cases: LayerCase[];
  pixels: { mean: number[]; deviation: number[]; ways: Record<Pixels['kind'], Sample> };
};
const images = { height: 6, width: 5, channels: 3, classes: 3 };
const shape = [2, 6, 5, 3] as const;

let before = 0;
beforeAll(() => loadBackend('tensorflow'));
beforeEach(() => void (before = tf.memory().numTensors));
afterEach(() => expect(tf.memory().numTensors).toBe(before));

const specOf = (layers: readonly LayerSpec[]): NetworkSpec =>
  networkSpec.parse({
    ...{ id: 'one', name: 'One', input: [6, 5, 3], preprocessing: 'minus-one-to-one', source: 'a test', layers },
  });

/** As make-layer-fixtures.py. */
function fill(network: Network): void {
  for (const [number, { name, variable }] of network.variables.entries()) {
    const positive = /variance$|gamma$/.test(name);
    const values = stream(seed, 100 + number, variable.size).map((x) => (positive ? x + 0.5 : x - 0.5));
    tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(values), variable.shape)));
  }
}

/** Output, gradient of the pixels, gradients of what learns. */
function pass(network: Network, pixels: tf.Tensor, training: boolean): tf.Tensor[] {
  const mode = training ? ({ training, step: tf.scalar(1, 'int32') } as const) : ({ training } as const);
  const learns = network.variables.filter(({ trainable }) => trainable).map(({ variable }) => variable);
  const forward = (given: tf.Tensor) => network.logits(given as tf.Tensor4D, mode) as tf.Tensor;
  const output = forward(pixels);
  const factors = tf.tensor(Float32Array.from(stream(seed, 500, output.size)), output.shape);
  const loss = (given: tf.Tensor) => tf.sum(tf.mul(forward(given), factors)) as tf.Scalar;
  const ofPixels = tf.grad(loss)(pixels);
  const ofWeights = learns.length > 0 ? tf.variableGrads(() => loss(pixels), learns).grads : {};
  return [output, ofPixels, ...learns.map(({ name }) => ofWeights[name] as tf.Tensor)];
}

function expectSample(received: ArrayLike<number>, { norm, values }: Sample, what: string): void {
  const all = Array.from(received);
  const every = Math.max(1, Math.floor(all.length / 7));
  expectClose([Math.sqrt(all.reduce((sum, value) => sum + value * value, 0))], [norm], `norm of ${what}`);
  const largest = Math.max(...all.map(Math.abs));
  const sample = all.filter((_, index) => index % every === 0).slice(0, 7);
  // The largest of all weighs among the seven, too.
  expectClose([...sample, largest], [...values, largest], what);
}

describe.each(cases)(`$name as in Keras ${keras}`, ({ layers, ...wanted }) => {
  const spec = specOf(layers);

  test('has its output shape and weights', () => {
    const placed = placeLayers(spec, images);
    expect(placed.at(-1)?.facts.outputShape).toEqual(wanted.shape);
    const weights = placed.flatMap(({ facts }) =>
      facts.weights.map(({ name, shape }) => ({ name, shape: [...shape] })),
    );
    expect(weights).toEqual(wanted.weights);
  });

  test.each(['operation by operation', 'as a graph'])('%s has its output and gradients', (way) => {
    const network = networkOf(spec, images, 1);
    fill(network);
    const pixels = bytes(
      seed,
      400,
      shape.reduce((size, side) => size * side, 1),
    );
    const received: Float32Array[] = [];
    if (way === 'as a graph') {
      const program = new Program(network.variables.map(({ variable }) => variable));
      const inputs = [{ name: 'pixels', type: 'float32' as const, shape }];
      program.add([{ name: 'pass', inputs, run: ([given]) => pass(network, given as tf.Tensor, wanted.training) }]);
      received.push(...(program.run('pass', [pixels]) as Float32Array[]));
      program.dispose();
    } else {
      tf.tidy(() => {
        for (const each of pass(network, tf.tensor4d(pixels, [...shape]), wanted.training))
          received.push(each.dataSync<'float32'>());
      });
    }
    network.dispose();
    const [output, ofPixels, ...gradients] = received;
    expectSample(output!, wanted.output, 'output');
    expectSample(ofPixels!, wanted.pixels, 'gradient of the pixels');
    expect(gradients).toHaveLength(wanted.gradients.length);
    for (const [place, each] of gradients.entries()) expectSample(each, wanted.gradients[place]!, `gradient ${place}`);
  });
});

test('mean and deviation of the images are those that ImageDataGenerator.fit finds', async () => {
  const raw = bytes(seed, 600, 8 * 90);
  const source: ImageSource = {
    count: 8,
    labels: new Uint16Array(8),
    read: (indices, into) => {
      for (const [row, image] of Array.from(indices).entries())
        into.set(raw.subarray(image * 90, (image + 1) * 90), row * 90);
    },
  };
  const every = Uint32Array.from({ length: 8 }, (_, image) => image);
  const { mean, deviation } = await pixelStatistics(source, every, images);
  expectClose(mean, prepared.mean, 'mean');
  expectClose(deviation, prepared.deviation, 'deviation');
});

test.each(Object.keys(prepared.ways) as Pixels['kind'][])('pixels prepared by %s are those of Keras', (kind) => {
  const raw = bytes(seed, 600, 8 * 90);
  const { mean, deviation } = prepared;
  const received = tf.tidy(() => prepare(tf.tensor4d(raw, [8, 6, 5, 3]), { kind, mean, deviation }).dataSync());
  expectSample(received, prepared.ways[kind], kind);
});

test('every kind of layer is among the cases, but for those with tests of their own', () => {
  const tested = new Set(cases.flatMap(({ layers }) => layers.map(({ kind }) => kind)));
  expect(layerKinds.filter((kind) => !tested.has(kind))).toEqual(['Dropout', 'Resizing']);
});

const noisy: LayerSpec[] = [
  { kind: 'GaussianNoise', name: 'noise', stddev: 0.5 },
  { kind: 'SpatialDropout2D', name: 'spatial', rate: 0.5 },
];

test.each(noisy)('$kind draws anew in every step, the same for the same seed', (layer) => {
  const [one, again, other] = [1, 1, 2].map((each) => networkOf(specOf([layer]), images, each));
  const values = (network: Network, step: number, training = true) =>
    tf.tidy(() => {
      const pixels = tf.fill([4, 6, 5, 3], 255) as tf.Tensor4D;
      const mode = training ? { training, step: tf.scalar(step, 'int32') } : { training };
      return network.logits(pixels, mode as Parameters<Network['logits']>[1]).dataSync<'float32'>();
    });
  expect(values(one!, 1)).toEqual(values(again!, 1));
  expect(values(one!, 1)).not.toEqual(values(one!, 2));
  expect(values(one!, 1)).not.toEqual(values(other!, 1));
  expect(new Set(values(one!, 1, false))).toEqual(new Set([1]));
  for (const network of [one, again, other]) network!.dispose();
});

test('GaussianNoise has its deviation, SpatialDropout2D takes whole channels and keeps the mean', () => {
  const big = { height: 64, width: 64, channels: 3, classes: 3 };
  const [noise, spatial] = noisy.map((layer) => networkOf(specOf([layer]), big, 3));
  tf.tidy(() => {
    const mode = { training: true, step: tf.scalar(1, 'int32') } as const;
    const pixels = tf.fill([16, 64, 64, 3], 255) as tf.Tensor4D;
    const { mean, variance } = tf.moments(noise!.logits(pixels, mode));
    expect(mean.dataSync()[0]).toBeCloseTo(1, 2);
    expect(Math.sqrt(variance.dataSync()[0]!)).toBeCloseTo(0.5, 2);
    const dropped = spatial!.logits(pixels, mode) as unknown as tf.Tensor4D;
    const channels = tf.moments(dropped, [1, 2]);
    expect(Math.max(...channels.variance.dataSync())).toBe(0);
    expect(new Set(channels.mean.dataSync())).toEqual(new Set([0, 2]));
  });
  noise!.dispose();
  spatial!.dispose();
});

/** One of each, in one network. */
const everything: LayerSpec[] = [
  {
    kind: 'Conv2D',
    name: 'wide',
    filters: 6,
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: 'same',
    activation: 'gelu',
    dilationRate: [2, 2],
  },
  {
    kind: 'DepthwiseConv2D',
    name: 'deep',
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: 'same',
    depthMultiplier: 1,
    activation: 'linear',
  },
  { kind: 'LayerNormalization', name: 'layered', epsilon: 0.001, center: true, scale: true },
  { kind: 'PReLU', name: 'prelu', alphaInitializer: 'zeros', sharedAxes: [1, 2] },
  { kind: 'SpatialDropout2D', name: 'spatial', rate: 0.25 },
  {
    kind: 'SeparableConv2D',
    name: 'apart',
    filters: 6,
    kernelSize: [3, 3],
    strides: [1, 1],
    padding: 'same',
    depthMultiplier: 1,
    activation: 'silu',
  },
  { kind: 'Multiply', name: 'times', inputs: ['spatial', 'apart'] },
  { kind: 'GaussianNoise', name: 'noise', stddev: 0.05 },
  { kind: 'UpSampling2D', name: 'up', size: [2, 2], interpolation: 'bilinear' },
  {
    kind: 'Conv2DTranspose',
    name: 'back',
    filters: 4,
    kernelSize: [2, 2],
    strides: [2, 2],
    padding: 'same',
    activation: 'elu',
  },
  { kind: 'Permute', name: 'turned', dims: [2, 1, 3] },
  {
    kind: 'Cropping2D',
    name: 'cropped',
    cropping: [
      [1, 1],
      [2, 2],
    ],
  },
  { kind: 'GlobalMaxPooling2D', name: 'most' },
  { kind: 'BatchNormalization', name: 'norm', momentum: 0.9, epsilon: 0.001, scale: true },
  { kind: 'Dense', name: 'out', units: 'classes', activation: 'softmax' },
];

test('a network of them trains, with the same losses and weights as graphs and operation by operation', () => {
  const run = (compile: boolean) => {
    const network = networkOf(specOf(everything), images, 5);
    const learns = network.variables.filter(({ trainable }) => trainable);
    const optimizer = makeOptimizer({ name: 'adam', learningRate: 0.01 }, learns);
    const loss = makeLoss({ name: 'sparse_categorical_crossentropy' }, network.endsIn);
    const steps = makeSteps({ network, optimizer, loss, metrics: [], regularizer: { l1: 0, l2: 1e-4 }, compile });
    const batch = {
      images: 8,
      pixels: Uint8Array.from(bytes(seed, 900, 8 * 90)),
      labels: Int32Array.from({ length: 8 }, (_, image) => image % 3),
    };
    const losses = Array.from({ length: 30 }, (_, step) => steps.train(batch, step + 1, 0.01).loss);
    const result = { losses, mode: steps.mode, state: steps.state().map(({ values }) => [...values]) };
    steps.dispose();
    optimizer.dispose();
    network.dispose();
    return result;
  };
  const [graph, eager] = [run(true), run(false)];
  expect(graph.mode).toEqual({ compiled: true });
  expect(graph.losses.at(-1)).toBeLessThan(0.5 * graph.losses[0]!);
  expectClose(graph.losses.slice(0, 3), eager.losses.slice(0, 3), 'losses');
});
