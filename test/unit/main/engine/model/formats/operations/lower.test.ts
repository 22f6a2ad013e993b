import { expect, test } from 'vitest';
import type { LayerSpec } from '#contract/network.ts';
import { foldNormalization } from '#engine/model/formats/operations/fold-normalization.ts';
import { lower } from '#engine/model/formats/operations/lower.ts';
import type { PortableModel } from '#engine/model/portable.ts';

const floats = (...values: number[]) => Float32Array.from(values);
const conv: LayerSpec = {
  ...{ kind: 'Conv2D', name: 'conv', filters: 2, kernelSize: [1, 1], strides: [1, 1], padding: 'same' },
  ...{ activation: 'linear', useBias: false },
} as LayerSpec;
const layers: readonly LayerSpec[] = [
  conv,
  { kind: 'BatchNormalization', name: 'bn', momentum: 0.9, epsilon: 0.25, scale: true },
  { kind: 'Dropout', name: 'dropout', rate: 0.5 },
  { kind: 'GlobalAveragePooling2D', name: 'pool' },
];
const weights = [
  { name: 'conv/kernel', shape: [1, 1, 1, 2], values: floats(2, 3) },
  { name: 'bn/gamma', shape: [2], values: floats(4, 1) },
  { name: 'bn/beta', shape: [2], values: floats(0.5, -1) },
  { name: 'bn/moving_mean', shape: [2], values: floats(1, 2) },
  { name: 'bn/moving_variance', shape: [2], values: floats(3.75, 0.75) },
];

const modelOf = (more: readonly LayerSpec[] = layers, auxiliary = {}): PortableModel => ({
  spec: {
    ...{ id: 'one', name: 'one', input: [4, 4, 1], preprocessing: 'none', source: '', layers: more },
    ...auxiliary,
  },
  ...{ pixels: { kind: 'divide-255' }, classes: [{ label: 'a' }, { label: 'b' }], weights },
});
const none = new Set<never>();
const ops = (model: PortableModel, pixels: 'inside' | 'beside' = 'inside') =>
  lower(model, pixels, none).operations.map(({ name }) => name);

test('pixels are treated first, dropout is left out, and a softmax comes last, which is said', () => {
  expect(ops(modelOf())).toEqual(['pixels/multiply', 'conv/convolution', 'bn/normalization', 'pool/pool', 'softmax']);
  expect(lower(modelOf(), 'inside', none).notes).toHaveLength(1);
});

test('pixels treated beside the file are not treated in it', () => {
  expect(ops(modelOf(), 'beside')[0]).toBe('conv/convolution');
});

test('classifiers that only training sees are left out', () => {
  const beside: LayerSpec = { kind: 'Flatten', name: 'beside', inputs: ['conv'] };
  const [pool] = layers.slice(-1);
  const model = modelOf([conv, beside, { ...pool!, inputs: ['conv'] } as LayerSpec], {
    auxiliary: [{ layer: 'beside', lossWeight: 0.3 }],
  });
  expect(ops(model)).not.toContain('beside/reshape');
});

test('normalization goes into the convolution before it', () => {
  const folded = foldNormalization(lower(modelOf(), 'beside', none).operations);
  expect(folded.map(({ what }) => what.op)).toEqual(['convolution', 'global-mean', 'unary']);
  const { what, output } = folded[0]!;
  if (what.op !== 'convolution') throw new Error('no convolution');
  // γ/√(variance + ε) is 4/2 and 1/1.
  expect([...what.kernel.values]).toEqual([4, 3]);
  expect([...what.bias!.values]).toEqual([0.5 - 2, -1 - 2]);
  expect(output.name).toBe('bn/normalization');
});

test('normalization stays where somebody else takes what lies before it', () => {
  const model = modelOf([...layers.slice(0, 2), { kind: 'Add', name: 'add', inputs: ['conv', 'bn'] }, layers.at(-1)!]);
  const folded = foldNormalization(lower(model, 'beside', none).operations);
  expect(folded.map(({ what }) => what.op)).toContain('normalization');
});
