import { expect, test } from 'vitest';
import { writtenFormat, type PixelTreatment } from '#contract/models.ts';
import { factsOf, fileName, named } from '#features/export/formats.ts';
import { snippet } from '#features/export/python-snippet.ts';

const model = { height: 224, width: 200, channels: 3, pixels: { kind: 'caffe' }, fit: 'crop' } as const;

test.each(writtenFormat.options)('%s: the program names the file and nothing undefined', (format) => {
  const path = 'C:\\models\\it’s "mine".x';
  const text = snippet({ model, options: { format, path } });
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  if (format !== 'tfjs') expect(text).toContain(`file = ${JSON.stringify(path)}`);
});

test.each<{ pixels: PixelTreatment; want: string }>([
  { pixels: { kind: 'divide-255' }, want: 'pixels = pixels / 255' },
  { pixels: { kind: 'minus-one-to-one' }, want: 'pixels = pixels / 127.5 - 1' },
  { pixels: { kind: 'caffe' }, want: 'pixels = pixels[..., ::-1] - [103.939, 116.779, 123.68]' },
  {
    pixels: { kind: 'standardize', mean: [1.5], deviation: [2] },
    want: 'pixels = (pixels - [1.5]) / (np.array([2]) + 1e-6)',
  },
])('beside: $want', ({ pixels, want }) => {
  const given = { ...model, pixels };
  const options = { format: 'keras', path: 'a.keras' } as const;
  expect(snippet({ model: given, options: { ...options, pixels: 'beside' } })).toContain(want);
  expect(snippet({ model: given, options: { ...options, pixels: 'inside' } })).not.toContain(want);
});

test('photos are brought to size as the app does, width first for PIL', () => {
  const of = (fit: 'crop' | 'pad' | 'stretch') =>
    snippet({ model: { ...model, fit }, options: { format: 'onnx', path: 'a' } });
  expect(of('crop')).toContain('ImageOps.fit(photo, (200, 224))');
  expect(of('pad')).toContain('ImageOps.pad(photo, (200, 224))');
  expect(of('stretch')).toContain('photo.resize((200, 224))');
  expect(of('crop')).toContain('.reshape(1, 224, 200, 3)');
});

test.each([
  { name: 'mnist-cnn 1', format: 'keras', want: 'mnist-cnn-1.keras' },
  { name: '猫/狗: "v2"', format: 'h5-weights', want: '猫-狗-v2.weights.h5' },
  { name: '../..', format: 'tfjs', want: 'model-tfjs' },
] as const)('$name as $format is offered as $want', ({ name, format, want }) => {
  expect(fileName(name, factsOf(format))).toBe(want);
});

test.each([
  { path: '/a/b', format: 'keras', want: '/a/b.keras' },
  { path: '/a/b.KERAS', format: 'keras', want: '/a/b.KERAS' },
  { path: '/a/w.h5', format: 'h5-weights', want: '/a/w.h5' },
  { path: '/a/w', format: 'h5-weights', want: '/a/w.weights.h5' },
  { path: '/a/w.hdf5', format: 'h5', want: '/a/w.hdf5' },
  { path: '/a/folder', format: 'saved-model', want: '/a/folder' },
  { path: '', format: 'onnx', want: '' },
] as const)('"$path" as $format is written as "$want"', ({ path, format, want }) => {
  expect(named(path, factsOf(format))).toBe(want);
});
