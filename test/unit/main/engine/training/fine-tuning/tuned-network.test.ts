import { beforeAll, describe, expect, test } from 'vitest';
import type { FineTuningSettings } from '#contract/training.ts';
import { tf } from '#engine/backend/tensors.ts';
import { placeLayers } from '#engine/model/placement.ts';
import type { PortableModel } from '#engine/model/portable.ts';
import { freshLayers } from '#engine/training/fine-tuning/beginning.ts';
import { frozenPart } from '#engine/training/fine-tuning/frozen-part.ts';
import { tunedNetwork } from '#engine/training/fine-tuning/tuned-network.ts';
import { settings } from '#test/support/brightness.ts';
import { smallBase } from '#test/support/small-base.ts';

const images = { height: 8, width: 8, channels: 3, classes: 3 };
const usual: FineTuningSettings = { base: 'small', head: 'global-average', unfreeze: 0 };
let base: PortableModel;

beforeAll(async () => {
  await tf.setBackend('cpu');
  base = smallBase();
});

const tuned = (change: Partial<FineTuningSettings> = {}, shape = images) =>
  tunedNetwork(base, { ...usual, ...change }, shape).spec;
const learning = (change: Partial<FineTuningSettings> = {}, shape = images) =>
  placeLayers(tuned(change, shape), shape)
    .filter(({ facts }) => facts.weights.some(({ trainable }) => trainable))
    .map(({ layer }) => layer.name);

describe('what learns', () => {
  test.each<[string, Partial<FineTuningSettings>, string[]]>([
    ['the head alone', {}, ['predictions']],
    ['the last block, without its normalization', { unfreeze: 1 }, ['second_conv', 'predictions']],
    ['more blocks than there are', { unfreeze: 9 }, ['stem_conv', 'first_conv', 'second_conv', 'predictions']],
    ['all blocks', { unfreeze: 'all' }, ['stem_conv', 'first_conv', 'second_conv', 'predictions']],
  ])('%s', (_, change, expected) => expect(learning(change)).toEqual(expected));

  test('a network that is kept whole learns with its normalization', () => {
    const five = { ...images, classes: 5 };
    expect(learning({ head: 'keep', unfreeze: 'all' }, five)).toContain('stem_bn');
    expect(learning({ head: 'keep', unfreeze: 1 }, five)).toEqual(['second_conv', 'predictions']);
  });
});

test('the head takes the last maps, and the base works as in inference: its dropout is left out', () => {
  const { layers, id, name, preprocessing } = tuned({ head: 'flatten', dropout: 0.3 });
  expect(layers.map((layer) => layer.name).slice(-4)).toEqual([
    'second_out',
    'head_flatten',
    'head_dropout',
    'predictions',
  ]);
  expect(layers.find((layer) => layer.name === 'first_add')?.inputs).toEqual(['stem_relu', 'first_conv']);
  expect({ id, name, preprocessing }).toEqual({
    ...{ id: 'tuned-small-base', name: 'Small base, fine-tuned', preprocessing: 'caffe' },
  });
  expect(freshLayers(tuned(), images, base.weights)).toEqual(['predictions']);
});

test('grey images become three channels before the first layer, each less its mean', () => {
  const grey = { ...images, channels: 1 };
  const { spec, added } = tunedNetwork(base, usual, grey);
  expect(spec.layers.slice(0, 3).map(({ name }) => name)).toEqual(['grey_to_colours', 'grey_treatment', 'stem_conv']);
  expect(spec).toMatchObject({ input: [8, 8, 1], preprocessing: 'none' });
  const [mean] = added;
  expect([...(mean?.values ?? [])].map((value) => value.toFixed(3))).toEqual(['103.939', '116.779', '123.680']);
  const plain = tunedNetwork({ ...base, pixels: { kind: 'divide-255' } }, usual, grey);
  expect(plain.spec.layers.slice(0, 2).map(({ name }) => name)).toEqual(['grey_to_colours', 'stem_conv']);
});

test('figures of a base that standardizes go with it', () => {
  const figures = { mean: [1, 2, 3], deviation: [4, 5, 6] };
  const made = tunedNetwork({ ...base, pixels: { kind: 'standardize', ...figures } }, usual, images);
  expect(made).toMatchObject({ statistics: figures, spec: { preprocessing: 'none' } });
});

describe('what cannot be is refused with its reason', () => {
  test.each<[string, Partial<FineTuningSettings>, typeof images]>([
    ['classes', { head: 'keep' }, images],
    ['size', { head: 'keep' }, { ...images, classes: 5, height: 9 }],
    ['channels', {}, { ...images, channels: 4 }],
  ])('%s', (reason, change, shape) => {
    const details = expect.objectContaining({ reason, base: 'Small base' }) as unknown;
    expect(() => tuned(change, shape)).toThrow(expect.objectContaining({ code: 'train/base-unfit', details }));
  });
});

describe('what is computed once', () => {
  const part = (change: Partial<FineTuningSettings>, more: object = {}) => {
    const fineTuning = { ...usual, ...change };
    const found = frozenPart(tuned(change), images, { ...settings, fineTuning, ...more });
    return typeof found === 'string' ? found : `${found.layer} ${found.shape.join('×')}`;
  };
  const flip = { augmentation: { ops: [{ op: 'flip-left-right' }] } };

  test.each<[string, Partial<FineTuningSettings>, object]>([
    ['head_pool 4', {}, {}],
    ['head_pool 4', { dropout: 0.5 }, {}],
    ['head_flatten 256', { head: 'flatten' }, {}],
    ['first_add 8×8×4', { unfreeze: 1 }, {}],
    ['stem_relu 8×8×4', { unfreeze: 2 }, {}],
    ['nothing-frozen', { unfreeze: 'all' }, {}],
    ['off', { reuseFeatures: false }, {}],
    ['augmentation', {}, flip],
  ])('%s', (expected, change, more) => expect(part(change, more)).toBe(expected));
});
