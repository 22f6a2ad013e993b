import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Attribute, Initializer, OnnxNode } from './graph.ts';

/** Of onnx.proto (github.com/onnx/onnx); fields are numbered as there. */
export interface OnnxModel {
  readonly name: string;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly output: { readonly name: string; readonly shape: readonly number[] };
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly Initializer[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Readable by every ONNX program since 2022. */
export const opset = 17;
/** Of the files that came with this opset. */
const irVersion = 8;

const elements = { float: 1, int64: 7 } as const;
const attributeTypes = { float: 1, int: 2, text: 3, ints: 7 } as const;

type Write = (to: BinaryWriter) => void;

export function encodeOnnx({ name, input, output, nodes, initializers, metadata }: OnnxModel): Uint8Array {
  const model = new BinaryWriter();
  integer(model, 1, irVersion);
  text(model, 2, 'Heatlens');
  message(model, 7, (graph) => {
    for (const node of nodes) message(graph, 1, writeNode(node));
    text(graph, 2, name);
    for (const each of initializers) message(graph, 5, writeTensor(each));
    message(graph, 11, writeValue(input));
    message(graph, 12, writeValue(output));
  });
  message(model, 8, (set) => {
    text(set, 1, '');
    integer(set, 2, opset);
  });
  for (const [key, value] of Object.entries(metadata)) {
    message(model, 14, (pair) => {
      text(pair, 1, key);
      text(pair, 2, value);
    });
  }
  return model.finish();
}

function writeNode({ name, op, inputs, output, attributes }: OnnxNode): Write {
  return (node) => {
    for (const input of inputs) text(node, 1, input);
    text(node, 2, output);
    text(node, 3, name);
    text(node, 4, op);
    for (const [key, attribute] of Object.entries(attributes)) message(node, 5, writeAttribute(key, attribute));
  };
}

function writeAttribute(name: string, { kind, value }: Attribute): Write {
  return (to) => {
    text(to, 1, name);
    if (kind === 'float') to.tag(2, WireType.Bit32).float(value);
    else if (kind === 'int') integer(to, 3, value);
    else if (kind === 'text') text(to, 4, value);
    else for (const each of value) integer(to, 8, each);
    integer(to, 20, attributeTypes[kind]);
  };
}

function writeTensor({ name, shape, values }: Initializer): Write {
  return (to) => {
    for (const side of shape) integer(to, 1, side);
    integer(to, 2, values instanceof Float32Array ? elements.float : elements.int64);
    text(to, 8, name);
    // Little-endian, as every machine that TensorFlow runs on.
    to.tag(9, WireType.LengthDelimited).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  };
}

/** A float tensor, with as many of its first axis as there are. */
function writeValue({ name, shape }: OnnxModel['input']): Write {
  return (value) => {
    text(value, 1, name);
    message(value, 2, (type) =>
      message(type, 1, (tensor) => {
        integer(tensor, 1, elements.float);
        message(tensor, 2, (sides) => {
          message(sides, 1, (batch) => text(batch, 2, 'batch'));
          for (const side of shape) message(sides, 1, (one) => integer(one, 1, side));
        });
      }),
    );
  };
}

function message(to: BinaryWriter, field: number, write: Write): void {
  to.tag(field, WireType.LengthDelimited).fork();
  write(to);
  to.join();
}

const text = (to: BinaryWriter, field: number, value: string): void =>
  void to.tag(field, WireType.LengthDelimited).string(value);
const integer = (to: BinaryWriter, field: number, value: number): void =>
  void to.tag(field, WireType.Varint).int64(value);
