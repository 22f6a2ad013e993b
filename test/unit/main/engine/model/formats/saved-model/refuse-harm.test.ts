import { describe, expect, test } from 'vitest';
import { text, type Node } from '#engine/graph/node.ts';
import { writeSavedModel } from '#engine/graph/writer.ts';
import { readGraph, type FoundGraph } from '#engine/model/formats/saved-model/read-graph.ts';
import { refuseHarm } from '#engine/model/formats/saved-model/refuse-harm.ts';

const node = (name: string, op: string, ...inputs: string[]): Node => ({ name, op, inputs, attributes: {} });

const signature = {
  inputs: { pixels: { tensor: 'x:0', type: 'float32', shape: [-1, 2, 2, 3] } },
  outputs: { probabilities: { tensor: 'y:0', type: 'float32', shape: [-1, 4] } },
} as const;

const graphOf = (...nodes: Node[]) => readGraph(writeSavedModel([node('x', 'Placeholder'), ...nodes], { signature }));

test('nodes, their inputs and the signature are read as they were written', () => {
  const { nodes, signatures } = graphOf(node('y', 'Softmax', 'x:0', '^z'), node('z', 'NoOp'));
  expect(nodes.map(({ name, op, inputs }) => [name, op, inputs])).toEqual([
    ['x', 'Placeholder', []],
    ['y', 'Softmax', ['x:0', '^z']],
    ['z', 'NoOp', []],
  ]);
  expect(signatures.get('serving_default')).toEqual({
    inputs: [{ name: 'pixels', tensor: 'x:0', type: 1, shape: [-1, 2, 2, 3] }],
    outputs: [{ name: 'probabilities', tensor: 'y:0', type: 1, shape: [-1, 4] }],
  });
});

describe('a graph is refused, naming the operation,', () => {
  test.each([
    ['ReadFile'],
    ['WriteFile'],
    ['PyFunc'],
    ['EagerPyFunc'],
    ['SaveV2'],
    ['LoadDataset'],
    ['NoSuchOperation'],
  ])('when its answer takes something of %s', (op) => {
    expect(() => refuseHarm(graphOf(node('harm', op), node('y', 'Identity', 'harm:0')))).toThrow(`${op} ("harm")`);
  });

  test('when its answer only waits for one', () => {
    expect(() => refuseHarm(graphOf(node('harm', 'WriteFile'), node('y', 'Identity', 'x:0', '^harm')))).toThrow(
      'WriteFile',
    );
  });

  test('when its answer fetches values from another file', () => {
    expect(() => refuseHarm(graphOf(node('harm', 'RestoreV2'), node('y', 'Identity', 'harm:0')))).toThrow('RestoreV2');
  });

  test.each(['calls', 'op'] as const)('when one stands in a function that is called by its %s', (how) => {
    const { functions: _, ...graph } = graphOf(node('y', 'Identity', 'call:0'));
    const call = {
      name: 'call',
      op: how === 'op' ? 'inner' : 'PartitionedCall',
      inputs: [],
      calls: how === 'op' ? [] : ['inner'],
    };
    const inside = { name: 'inside', op: 'PyFunc', inputs: [], calls: [] };
    const found: FoundGraph = {
      ...graph,
      nodes: [...graph.nodes, call],
      functions: new Map([
        ['inner', [{ name: 'a', op: 'PartitionedCall', inputs: [], calls: ['innermost'] }]],
        ['innermost', [inside]],
      ]),
    };
    expect(() => refuseHarm(found)).toThrow('PyFunc ("inside")');
  });

  test('when one is run as the model is loaded', () => {
    const restored = { filename: 'f:0', save: 's:0', restore: 'harm', variables: [] };
    const bytes = writeSavedModel([node('x', 'Placeholder'), node('y', 'Relu', 'x:0'), node('harm', 'PyFunc')], {
      signature,
      restored,
    });
    expect(() => refuseHarm(readGraph(bytes))).toThrow('PyFunc');
  });
});

test('what nobody runs may stay: Keras keeps the way in which a model is saved', () => {
  expect(() => refuseHarm(graphOf(node('y', 'Relu', 'x:0'), node('save', 'SaveV2', 'x:0')))).not.toThrow();
});

test('a graph that is cut off is said to be damaged', () => {
  const bytes = writeSavedModel([{ ...node('y', 'Relu'), attributes: { note: text('a longer text') } }], { signature });
  expect(() => readGraph(bytes.subarray(0, bytes.length - 30))).toThrow(/not whole/);
});

test('a file without a graph for serving is said to be damaged', () => {
  expect(() => readGraph(Uint8Array.of(8, 1))).toThrow(/no graph under the tag "serve"/);
});
