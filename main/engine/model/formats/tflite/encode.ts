import { Builder, type Offset } from 'flatbuffers';
import { tensorTypes, type LiteNode, type LiteTensor } from './graph.ts';
import { aligned, ints, offsets, table, type Field } from './tables.ts';

export interface LiteModel {
  readonly description: string;
  readonly tensors: readonly LiteTensor[];
  readonly nodes: readonly LiteNode[];
  readonly input: { readonly name: string; readonly tensor: number };
  readonly output: { readonly name: string; readonly tensor: number };
  /** Other FlatBuffers that go along, by name. */
  readonly metadata: Readonly<Record<string, Uint8Array>>;
}

/** tensorflow/compiler/mlir/lite/schema/schema.fbs: version, name at the beginning, enum BuiltinOperator. */
const schemaVersion = 3;
const identifier = 'TFL3';
const operators: Readonly<Record<string, number>> = {
  ...{ ADD: 0, AVERAGE_POOL_2D: 1, CONCATENATION: 2, CONV_2D: 3, DEPTHWISE_CONV_2D: 4, FULLY_CONNECTED: 9 },
  ...{ LOGISTIC: 14, MAX_POOL_2D: 17, MUL: 18, RELU: 19, RELU6: 21, RESHAPE: 22, RESIZE_BILINEAR: 23, SOFTMAX: 25 },
  ...{ TANH: 28, PAD: 34, TRANSPOSE: 39, MEAN: 40, SUB: 41, EXP: 47, CAST: 53, MAXIMUM: 55, MINIMUM: 57 },
  ...{ GREATER: 61, SLICE: 65, TRANSPOSE_CONV: 67, LOG: 73, RSQRT: 76, REDUCE_MAX: 82, RESIZE_NEAREST_NEIGHBOR: 97 },
  ...{ LEAKY_RELU: 98, ABS: 101, REVERSE_V2: 105, ELU: 111, HARD_SWISH: 117, GELU: 150 },
};

export function encodeLite(model: LiteModel): Uint8Array {
  const { tensors, nodes, input, output, metadata } = model;
  const bytes = tensors.reduce((sum, tensor) => sum + (tensor.bytes?.length ?? 0) + 256, 0);
  const builder = new Builder(bytes + nodes.length * 256 + 2 ** 20);
  const text = (value: string) => builder.createString(value);
  // The first buffer is empty: that of tensors without values.
  const buffers: Offset[] = [table(builder, [])];
  const addBuffer = (content: Uint8Array) =>
    buffers.push(table(builder, [[0, 'offset', aligned(builder, content)]])) - 1;
  const placed = tensors.map((tensor) => {
    const buffer = tensor.bytes ? addBuffer(tensor.bytes) : 0;
    const shape = ints(builder, tensor.shape);
    return table(builder, [
      [0, 'offset', shape],
      [1, 'byte', tensorTypes[tensor.type]],
      [2, 'int', buffer],
      [3, 'offset', text(tensor.name)],
    ]);
  });
  const kinds = [...new Set(nodes.map(({ op, version }) => `${op} ${version}`))];
  const codes = kinds.map((kind) => {
    const [op = '', version] = kind.split(' ');
    const code = operators[op];
    if (code === undefined) throw new Error(`TensorFlow Lite's number of ${op} is not known here.`);
    return table(builder, [
      [0, 'byte', Math.min(code, 127)],
      [2, 'int', Number(version)],
      [3, 'int', code],
    ]);
  });
  const operations = nodes.map(({ op, version, inputs, output: out, options }) => {
    const fields: Field[] = [
      [0, 'int', kinds.indexOf(`${op} ${version}`)],
      [1, 'offset', ints(builder, inputs)],
      [2, 'offset', ints(builder, [out])],
    ];
    if (options) fields.push([3, 'byte', options.type], [4, 'offset', table(builder, options.fields)]);
    return table(builder, fields);
  });
  const graph = table(builder, [
    [0, 'offset', offsets(builder, placed)],
    [1, 'offset', ints(builder, [input.tensor])],
    [2, 'offset', ints(builder, [output.tensor])],
    [3, 'offset', offsets(builder, operations)],
    [4, 'offset', text('main')],
  ]);
  const named = ({ name, tensor }: LiteModel['input']) =>
    offsets(builder, [
      table(builder, [
        [0, 'offset', text(name)],
        [1, 'int', tensor],
      ]),
    ]);
  const signature = table(builder, [
    [0, 'offset', named(input)],
    [1, 'offset', named(output)],
    [2, 'offset', text('serving_default')],
  ]);
  const along = Object.entries(metadata).map(([name, content]) => {
    const buffer = addBuffer(content);
    return table(builder, [
      [0, 'offset', text(name)],
      [1, 'int', buffer],
    ]);
  });
  const root = table(builder, [
    [0, 'int', schemaVersion],
    [1, 'offset', offsets(builder, codes)],
    [2, 'offset', offsets(builder, [graph])],
    [3, 'offset', text(model.description)],
    [4, 'offset', offsets(builder, buffers)],
    [6, 'offset', offsets(builder, along)],
    [7, 'offset', offsets(builder, [signature])],
  ]);
  builder.finish(root, identifier);
  return builder.asUint8Array();
}
