import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import type { Node } from '#engine/graph/node.ts';
import { writeSavedModel, type Signature } from '#engine/graph/writer.ts';

const { SavedModel } = createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu/dist/proto/api_pb') as {
  SavedModel: { deserializeBinary(bytes: Uint8Array): { toObject(): Plain } };
};

interface Plain {
  readonly savedModelSchemaVersion: number;
  readonly metaGraphsList: readonly {
    readonly metaInfoDef: { readonly tagsList: readonly string[] };
    readonly graphDef: { readonly nodeList: readonly PlainNode[] };
    readonly signatureDefMap: readonly [string, { readonly methodName: string; readonly inputsMap: unknown[] }][];
  }[];
}

interface PlainNode {
  readonly name: string;
  readonly op: string;
  readonly inputList: readonly string[];
  readonly attrMap: readonly [string, Record<string, unknown>][];
}

const read = (nodes: readonly Node[], signature?: Signature) =>
  SavedModel.deserializeBinary(writeSavedModel(nodes, { signature })).toObject();

const one = (attributes: Node['attributes'], inputs: readonly string[] = []) => {
  const [node] = read([{ name: 'a', op: 'Op', inputs, attributes }]).metaGraphsList[0]!.graphDef.nodeList;
  return { ...node!, attributes: Object.fromEntries(node!.attrMap) };
};

test('a saved model has one graph, to be found under the tag "serve"', () => {
  const { savedModelSchemaVersion, metaGraphsList } = read([{ name: 'a', op: 'NoOp', inputs: [], attributes: {} }]);
  expect(savedModelSchemaVersion).toBe(1);
  expect(metaGraphsList).toHaveLength(1);
  expect(metaGraphsList[0]!.metaInfoDef.tagsList).toEqual(['serve']);
});

test('control edges come after the tensors, whatever the order in which they are given', () => {
  expect(one({}, ['^x', 'y:0', '^z', 'w:1']).inputList).toEqual(['y:0', 'w:1', '^x', '^z']);
});

test.each<[string, Node['attributes'][string], Record<string, unknown>]>([
  ['a type by name', { kind: 'type', value: 'int64' }, { type: 9 }],
  ['a type by number', { kind: 'type', value: 4 }, { type: 4 }],
  ['an int', { kind: 'int', value: -3 }, { i: -3 }],
  ['a float', { kind: 'float', value: 0.5 }, { f: 0.5 }],
  ['a bool', { kind: 'bool', value: true }, { b: true }],
  ['a string', { kind: 'string', value: 'NHWC' }, { s: Buffer.from('NHWC').toString('base64') }],
])('%s arrives as it was', (_, attribute, expected) => {
  expect(one({ key: attribute }).attributes['key']).toMatchObject(expected);
});

test.each<[string, Node['attributes'][string], Record<string, unknown>]>([
  ['ints', { kind: 'int', value: [1, 2, 2, 1] }, { iList: [1, 2, 2, 1] }],
  ['floats', { kind: 'float', value: [0.5, 2] }, { fList: [0.5, 2] }],
  ['bools', { kind: 'bool', value: [true, false] }, { bList: [true, false] }],
  ['strings', { kind: 'string', value: ['a'] }, { sList: [Buffer.from('a').toString('base64')] }],
])('a list of %s arrives as it was', (_, attribute, expected) => {
  expect((one({ key: attribute }).attributes['key'] as { list: unknown }).list).toMatchObject(expected);
});

test('a tensor arrives with type, shape and bytes', () => {
  const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
  const { tensor } = one({ value: { kind: 'tensor', value: { type: 'float32', shape: [2, 3], bytes } } }).attributes[
    'value'
  ] as { tensor: Record<string, unknown> };
  expect(tensor).toMatchObject({ dtype: 1, tensorContent: Buffer.from(bytes).toString('base64') });
  expect(tensor['tensorShape']).toMatchObject({ dimList: [{ size: 2 }, { size: 3 }] });
});

test('a signature names what goes in and comes out, for other programs', () => {
  const tensor = (name: string, shape: number[]) => ({ tensor: name, type: 'float32' as const, shape });
  const [graph] = read([], {
    inputs: { images: tensor('x:0', [-1, 28, 28, 1]) },
    outputs: { probabilities: tensor('y:0', [-1, 10]) },
  }).metaGraphsList;
  const [[name, signature]] = graph!.signatureDefMap as [[string, { methodName: string; inputsMap: unknown[] }]];
  expect(name).toBe('serving_default');
  expect(signature.methodName).toBe('tensorflow/serving/predict');
  expect(signature.inputsMap).toMatchObject([
    [
      'images',
      { name: 'x:0', dtype: 1, tensorShape: { dimList: [{ size: -1 }, { size: 28 }, { size: 28 }, { size: 1 }] } },
    ],
  ]);
});
