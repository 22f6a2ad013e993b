import { describe, expect, test } from 'vitest';
import { findDefinition } from '#engine/model/zoo/definitions.ts';
import type { NetworkData } from '#engine/model/spec.ts';
import { basePart } from '#engine/training/fine-tuning/base-part.ts';
import { blocksOf } from '#engine/training/fine-tuning/blocks.ts';
import { smallBaseSpec } from '#test/support/small-base.ts';

const zoo = (id: string) => findDefinition(id).network();

describe('a base goes up to its last maps', () => {
  test.each([
    ['resnet50', 'conv5_block3_out', [7, 7, 2048]],
    ['vgg16', 'block5_pool', [7, 7, 512]],
    ['mobilenetv2', 'out_relu', [7, 7, 1280]],
    ['efficientnet-lite0', 'top_relu6', [7, 7, 1280]],
    ['densenet121', 'relu', [7, 7, 1024]],
    ['inceptionv3', 'mixed10', [8, 8, 2048]],
  ])('%s: %s', (id, name, shape) => {
    const { last, spatial } = basePart(zoo(id), 1000);
    expect([last.layer.name, last.facts.outputShape, spatial]).toEqual([name, shape, true]);
  });

  test('a network of dense layers goes up to what the last of them takes', () => {
    const dense = (name: string, units: number) => ({ kind: 'Dense', name, units, activation: 'relu' }) as const;
    const layers = [{ kind: 'Flatten', name: 'flatten' } as const, dense('one', 8), dense('two', 4)];
    const flat: NetworkData = { ...smallBaseSpec, layers: [...layers, { ...dense('out', 5), activation: 'softmax' }] };
    expect(basePart(flat, 5)).toMatchObject({ last: { layer: { name: 'two' } }, spatial: false });
  });
});

describe('blocks from the end', () => {
  test.each([
    [
      'resnet50',
      [
        ['conv5_block3_1_conv', 'conv5_block3_out'],
        ['conv5_block2_1_conv', 'conv5_block2_out'],
      ],
    ],
    [
      'vgg16',
      [
        ['block5_conv1', 'block5_pool'],
        ['block4_conv1', 'block4_pool'],
      ],
    ],
    [
      'mobilenetv2',
      [
        ['Conv_1', 'out_relu'],
        ['block_16_expand', 'block_16_project_BN'],
      ],
    ],
    [
      'efficientnet-lite0',
      [
        ['top_conv', 'top_relu6'],
        ['block15_expand_conv', 'block15_project_bn'],
      ],
    ],
  ])('%s', (id, expected) => {
    const { layers } = basePart(zoo(id), 1000);
    const blocks = blocksOf(layers);
    const ends = blocks.toReversed().map((names) => [names[0], names.at(-1)]);
    expect(ends.slice(0, expected.length)).toEqual(expected);
    expect(blocks.flat()).toEqual(layers.map(({ layer }) => layer.name));
  });

  test('without names a residual block is one, whatever is in it', () => {
    expect(blocksOf(basePart(smallBaseSpec, 5).layers)).toEqual([
      ['stem_conv', 'stem_bn', 'stem_relu'],
      ['first_conv', 'first_drop', 'first_add'],
      ['second_conv', 'second_bn', 'second_add', 'second_out'],
    ]);
  });

  test('every block of Inception V3 is a module or a convolution of its stem', () => {
    const blocks = blocksOf(basePart(zoo('inceptionv3'), 1000).layers);
    expect(blocks.at(-1)).toContain('mixed10');
    expect(blocks.at(-2)).toContain('mixed9');
    expect(blocks.length).toBeLessThan(24);
  });
});
