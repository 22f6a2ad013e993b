import { expect, test } from 'vitest';
import { findPreset } from '#engine/model/presets.ts';
import { summaryOf } from '#engine/model/summary.ts';

const images = { height: 28, width: 28, channels: 1, classes: 10 };

test("the book's network, layer by layer", () => {
  const summary = summaryOf(findPreset('mnist-cnn'), images);
  const rows = summary.layers.map((layer) => [layer.name, layer.outputShape, layer.parameters, layer.flops]);
  expect(rows).toEqual([
    ['conv2d', [28, 28, 32], 9 * 32 + 32, 2 * 28 * 28 * 32 * 9],
    ['conv2d_1', [28, 28, 64], 9 * 32 * 64 + 64, 2 * 28 * 28 * 64 * 9 * 32],
    ['max_pooling2d', [14, 14, 64], 0, 0],
    ['dropout', [14, 14, 64], 0, 0],
    ['flatten', [12544], 0, 0],
    ['dense', [100], 12544 * 100 + 100, 2 * 12544 * 100],
    ['dropout_1', [100], 0, 0],
    ['dense_1', [10], 1010, 2000],
  ]);
  expect(summary).toMatchObject({
    parameters: 1_274_326,
    trainable: 1_274_326,
    bytes: 4 * 1_274_326,
    flops: 31_863_760,
  });
  expect(summary.layers.map(({ settings }) => settings)).toEqual([
    '3×3, 32 filters, same, relu',
    '3×3, 64 filters, same, relu',
    '2×2',
    'rate 0.25',
    '',
    '100 units, relu',
    'rate 0.5',
    '10 units, softmax',
  ]);
});

test('images too small for a network are refused, and the layer is named', () => {
  const tiny = { ...images, height: 3, width: 3 };
  expect(() => summaryOf(findPreset('tutorial-cnn'), tiny)).toThrow(
    expect.objectContaining({
      code: 'model/too-small',
      details: { layer: 'max_pooling2d_1', size: '2×2', received: '1×1' },
    }),
  );
});
