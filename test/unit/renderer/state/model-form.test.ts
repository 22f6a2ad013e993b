import { expect, test } from 'vitest';
import type { ModelLook } from '#contract/models.ts';
import { listProblem, modelForm, namings, openingOf, treatments, usualPixels } from '#state/model-form.ts';

const look = (more: Partial<ModelLook> = {}): ModelLook => ({
  ...{ path: '/m.keras', format: 'keras', name: 'net', notes: [], bytes: 10 },
  network: { height: 8, width: 8, channels: 3, classes: 3, layers: 2, parameters: 9, endsIn: 'softmax' },
  ...more,
});
const thousand = { ...look().network!, classes: 1000 };

test.each([
  ['resnet50', 'caffe'],
  ['resnet50v2', 'minus-one-to-one'],
  ['mobilenetv2_1.00_224', 'minus-one-to-one'],
  ['MobileNetV3Large', 'none'],
  ['densenet121', 'torch'],
  ['efficientnetb0', 'none'],
  ['mine', null],
])('%s of Keras is usually given %s', (name, pixels) => {
  expect(usualPixels(look({ name, network: thousand }))).toBe(pixels);
});

test('what the file says comes first', () => {
  const says = look({
    name: 'resnet50',
    pixels: { kind: 'lite' },
    classes: [{ label: 'a' }, { label: 'b' }, { label: 'c' }],
  });
  expect(modelForm(says)).toMatchObject({ pixels: 'file', naming: 'file', name: 'resnet50' });
  expect(openingOf(says, modelForm(says))).toEqual({ path: '/m.keras', name: 'resnet50' });
  expect(modelForm(look({ network: thousand }))).toMatchObject({ pixels: 'none', naming: 'imagenet' });
  expect(namings(look(), 1)).toEqual(['numbers', 'list', 'dataset']);
});

test('grey images have no treatment of colours', () => {
  expect(treatments(look({ network: { ...look().network!, channels: 1 } }))).toEqual([
    'none',
    'divide-255',
    'minus-one-to-one',
    'lite',
  ]);
});

test('a list has a name for each class', () => {
  const form = { ...modelForm(look()), naming: 'list' as const, list: 'a\n\n b \n' };
  expect(listProblem(look(), form)).toEqual({ have: 2, want: 3 });
  const whole = { ...form, list: 'a\nb\nc' };
  expect(listProblem(look(), whole)).toBeNull();
  expect(openingOf(look(), { ...whole, pixels: 'caffe' })).toMatchObject({
    pixels: { kind: 'caffe' },
    classes: [{ label: 'a' }, { label: 'b' }, { label: 'c' }],
  });
});

test('weights alone name their network, which says itself what it wants of pixels', () => {
  const { network: _, ...rest } = look({ format: 'h5-weights' });
  expect(openingOf(rest, { ...modelForm(rest), network: 'vgg16' })).toEqual({
    path: '/m.keras',
    name: 'net',
    network: 'vgg16',
  });
});
