import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { servingTag } from '#engine/graph/writer.ts';
import { damaged } from '../file-problem.ts';

/** A node of a graph that somebody else wrote. */
export interface FoundNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** Names of functions that it calls. */
  readonly calls: readonly string[];
}

export interface FoundTensor {
  readonly name: string;
  /** `<node>:<output>` */
  readonly tensor: string;
  /** TensorFlow's number of its elements' type. */
  readonly type: number;
  /** -1 = any; null where the file does not say. */
  readonly shape: readonly number[] | null;
}

export interface FoundGraph {
  readonly nodes: readonly FoundNode[];
  readonly functions: ReadonlyMap<string, readonly FoundNode[]>;
  readonly signatures: ReadonlyMap<string, { inputs: readonly FoundTensor[]; outputs: readonly FoundTensor[] }>;
  /** Nodes that TensorFlow runs when it loads the model. */
  readonly runAtStart: readonly string[];
}

/** The graph for serving in a `saved_model.pb`; fields are numbered as in TensorFlow's .proto files. */
export function readGraph(bytes: Uint8Array): FoundGraph {
  try {
    const graphs = messages(bytes, 2);
    const serving = graphs.find((graph) => messages(graph, 1).some((info) => texts(info, 4).includes(servingTag)));
    if (!serving) throw damaged(`it has no graph under the tag "${servingTag}"`);
    const [graph = new Uint8Array()] = messages(serving, 2);
    const functions = messages(graph, 2).flatMap((library) => messages(library, 1));
    return {
      nodes: messages(graph, 1).map(readNode),
      functions: new Map(functions.map((one) => [nameOf(one), messages(one, 3).map(readNode)])),
      signatures: new Map(messages(serving, 5).map(readSignature)),
      runAtStart: [
        ...messages(serving, 3).flatMap((saver) => texts(saver, 3)),
        // Collections of names (field 4): `saved_model_main_op` and others that are run first.
        ...messages(serving, 4)
          .flatMap((entry) => messages(entry, 2))
          .flatMap((collection) => messages(collection, 1))
          .flatMap((list) => texts(list, 1)),
      ],
    };
  } catch (thrown) {
    if (thrown instanceof RangeError || (thrown instanceof Error && thrown.constructor === Error)) {
      throw damaged(`its graph is not whole (${thrown.message})`);
    }
    throw thrown;
  }
}

/** Of a FunctionDef: that of its signature. */
const nameOf = (one: Uint8Array) => messages(one, 1).flatMap((signature) => texts(signature, 1))[0] ?? '';

function readNode(bytes: Uint8Array): FoundNode {
  const values = messages(bytes, 5).flatMap((entry) => messages(entry, 2));
  const lists = values.flatMap((value) => messages(value, 1));
  const called = [...values.flatMap((value) => messages(value, 10)), ...lists.flatMap((list) => messages(list, 9))];
  const [name = ''] = texts(bytes, 1);
  const [op = ''] = texts(bytes, 2);
  return { name, op, inputs: texts(bytes, 3), calls: called.flatMap((one) => texts(one, 1)) };
}

function readSignature(entry: Uint8Array) {
  const [name = ''] = texts(entry, 1);
  const [signature = new Uint8Array()] = messages(entry, 2);
  const tensors = (field: number) => messages(signature, field).map(readTensor);
  return [name, { inputs: tensors(1), outputs: tensors(2) }] as const;
}

function readTensor(entry: Uint8Array): FoundTensor {
  const [name = ''] = texts(entry, 1);
  const [info = new Uint8Array()] = messages(entry, 2);
  const [shape] = messages(info, 3);
  const sides = shape && !numbers(shape, 3)[0] ? messages(shape, 2).map((side) => numbers(side, 1)[0] ?? 0) : null;
  return { name, tensor: texts(info, 1)[0] ?? '', type: numbers(info, 2)[0] ?? 0, shape: sides };
}

/** What a message has under this number, as it lies there. */
function messages(bytes: Uint8Array, field: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number === field && wire === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(wire, number);
  }
  return found;
}

const texts = (bytes: Uint8Array, field: number) =>
  messages(bytes, field).map((text) => Buffer.from(text.buffer, text.byteOffset, text.length).toString('utf8'));

function numbers(bytes: Uint8Array, field: number): number[] {
  const found: number[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    if (number === field && wire === WireType.Varint) found.push(Number(reader.int64()));
    else reader.skip(wire, number);
  }
  return found;
}
