import { expect, test } from 'vitest';
import { foldBatchNorm, withoutUnused } from '#engine/graph/fold-batch-norm.ts';
import { type, type Node } from '#engine/graph/node.ts';

const constant = (name: string, shape: number[], values: number[]): Node => {
  const value = { type: 'float32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) } as const;
  return { name, op: 'Const', inputs: [], attributes: { dtype: type('float32'), value: { kind: 'tensor', value } } };
};
const node = (name: string, op: string, inputs: string[], attributes: Node['attributes'] = {}): Node => {
  return { name, op, inputs, attributes };
};
const valuesOf = (nodes: readonly Node[], name: string): number[] => {
  const value = nodes.find((each) => each.name === name)?.attributes.value;
  return value?.kind === 'tensor' ? [...new Float32Array(value.value.bytes.slice().buffer)] : [];
};

const inference = { is_training: { kind: 'bool', value: false }, epsilon: { kind: 'float', value: 0 } } as const;
const constants = [
  constant('filter', [1, 1, 2, 2], [1, 2, 3, 4]),
  constant('bias', [2], [10, 20]),
  constant('gamma', [2], [2, 3]),
  constant('beta', [2], [100, 200]),
  constant('mean', [2], [4, 5]),
  constant('variance', [2], [4, 9]), // scales 1 and 1
  constant('wide', [2], [16, 81]), // scales 1/2 and 1/3
];
const statistics = (variance: string) => ['gamma:0', 'beta:0', 'mean:0', `${variance}:0`];

test('a convolution takes the normalization behind it into its filter and bias', () => {
  const graph = [
    ...constants,
    node('conv', 'Conv2D', ['image:0', 'filter:0']),
    node('sum', 'AddV2', ['conv:0', 'bias:0']),
    node('norm', 'FusedBatchNormV3', ['sum:0', ...statistics('wide')], inference),
    node('relu', 'Relu', ['norm:0']),
  ];
  const folded = foldBatchNorm(graph);
  expect(folded.map(({ op }) => op).filter((op) => op !== 'Const')).toEqual(['Conv2D', 'BiasAdd', 'Relu']);
  const received = valuesOf(folded, 'norm/filter');
  [1 / 2, 2 / 3, 3 / 2, 4 / 3].forEach((value, place) => expect(received[place]).toBeCloseTo(value, 6));
  // (bias − mean) · scale + beta
  expect(valuesOf(folded, 'norm/bias')).toEqual([6 / 2 + 100, 15 / 3 + 200]);
  const kept = withoutUnused(folded, ['relu:0']).map(({ name }) => name);
  expect(kept).toEqual(['norm/filter', 'conv', 'norm/bias', 'norm', 'relu']);
});

test('a depthwise filter is scaled channel by channel', () => {
  const graph = [
    ...constants,
    constant('depthwise', [1, 1, 2, 1], [8, 9]),
    node('conv', 'DepthwiseConv2dNative', ['image:0', 'depthwise:0']),
    node('norm', 'FusedBatchNormV3', ['conv:0', ...statistics('wide')], inference),
  ];
  expect(valuesOf(foldBatchNorm(graph), 'norm/filter')).toEqual([4, 3]);
});

test.each<[string, Node[]]>([
  [
    'normalization by the batch',
    [
      node('norm', 'FusedBatchNormV3', ['conv:0', ...statistics('wide')], {
        is_training: { kind: 'bool', value: true },
      }),
    ],
  ],
  [
    'a convolution that another operation wants too',
    [node('norm', 'FusedBatchNormV3', ['conv:0', ...statistics('wide')], inference), node('other', 'Relu', ['conv:0'])],
  ],
  [
    'statistics that are no constants',
    [node('norm', 'FusedBatchNormV3', ['conv:0', 'gamma:0', 'beta:0', 'moving:0', 'wide:0'], inference)],
  ],
  [
    'statistics that are asked for',
    [
      node('norm', 'FusedBatchNormV3', ['conv:0', ...statistics('wide')], inference),
      node('other', 'Identity', ['norm:1']),
    ],
  ],
])('nothing is folded: %s', (_, rest) => {
  const graph = [...constants, node('conv', 'Conv2D', ['image:0', 'filter:0']), ...rest];
  expect(foldBatchNorm(graph)).toEqual(graph);
});
