import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { elementTypes, type Attribute, type ElementType, type Node, type TensorValue } from './node.ts';

/** GraphDef version that TensorFlow 2.x writes; it decides how old ops are read (tensorflow/core/public/version.h). */
const producer = 1882;

/** Under this tag TensorFlow finds a graph for inference or training in a SavedModel. */
export const servingTag = 'serve';

/** A tensor of a signature: what callers of a SavedModel see. */
export interface SignatureTensor {
  /** `<node>:<output>` */
  readonly tensor: string;
  readonly type: ElementType;
  /** -1 = any. */
  readonly shape: readonly number[];
}

export interface Signature {
  readonly inputs: Readonly<Record<string, SignatureTensor>>;
  readonly outputs: Readonly<Record<string, SignatureTensor>>;
}

/** Variables whose values lie beside the graph, and the operations that fetch them when a SavedModel is loaded. */
export interface Restored {
  /** `<node>:0` of the text tensor that is told where they lie. */
  readonly filename: string;
  /** Returns what it was told, once all are saved. */
  readonly save: string;
  /** Node after which all have their values. */
  readonly restore: string;
  readonly variables: readonly RestoredVariable[];
}

/** tensorflow/core/framework/variable.proto: what a program that loads the model makes its own variables of. */
export interface RestoredVariable {
  /** `<node>:0` of its resource, of its initialization, of its value, of its first value. */
  readonly handle: string;
  readonly initializer: string;
  readonly value: string;
  readonly initial: string;
  readonly trainable: boolean;
}

export interface Extras {
  /** When others are to use it, under `serving_default`. */
  readonly signature?: Signature | undefined;
  readonly restored?: Restored | undefined;
}

/** Writes a message; fields are numbered as in TensorFlow's .proto files. */
type Write = (to: BinaryWriter) => void;

/** The bytes of `saved_model.pb` (tensorflow/core/protobuf/saved_model.proto) with these nodes. */
export function writeSavedModel(nodes: readonly Node[], { signature, restored }: Extras = {}): Uint8Array {
  const writer = new BinaryWriter();
  integer(writer, 1, 1); // schema version
  message(writer, 2, (meta) => {
    message(meta, 1, (info) => text(info, 4, servingTag));
    message(meta, 2, (graph) => {
      for (const node of nodes) message(graph, 1, writeNode(node));
      message(graph, 4, (versions) => integer(versions, 1, producer));
    });
    if (restored) writeRestored(meta, restored);
    if (signature) entry(meta, 5, 'serving_default', writeSignature(signature));
  });
  return writer.finish();
}

function writeNode({ name, op, inputs, attributes }: Node): Write {
  return (node) => {
    text(node, 1, name);
    text(node, 2, op);
    // Control edges come last (tensorflow/core/framework/node_def.proto).
    for (const input of inputs) if (!input.startsWith('^')) text(node, 3, input);
    for (const input of inputs) if (input.startsWith('^')) text(node, 3, input);
    for (const [key, attribute] of Object.entries(attributes)) entry(node, 5, key, writeAttribute(attribute));
  };
}

/** tensorflow/core/framework/attr_value.proto; lists are messages of their own, with the same numbers. */
function writeAttribute({ kind, value }: Attribute): Write {
  return (to) => {
    if (kind === 'type') integer(to, 6, typeof value === 'number' ? value : elementTypes[value]);
    else if (kind === 'shape') message(to, 7, writeShape(value));
    else if (kind === 'tensor') message(to, 8, writeTensor(value));
    else if (kind === 'types') message(to, 1, (list) => value.forEach((each) => integer(list, 6, elementTypes[each])));
    else if (kind === 'texts') message(to, 8, writeTexts(value));
    else if (typeof value === 'object') message(to, 1, (list) => value.forEach((each) => writeOne(list, kind, each)));
    else writeOne(to, kind, value);
  };
}

function writeOne(to: BinaryWriter, kind: 'int' | 'float' | 'bool' | 'string', value: unknown): void {
  if (kind === 'int') to.tag(3, WireType.Varint).int64(Number(value));
  else if (kind === 'float') to.tag(4, WireType.Bit32).float(Number(value));
  else if (kind === 'bool') to.tag(5, WireType.Varint).bool(Boolean(value));
  else text(to, 2, String(value));
}

function writeShape(sides: readonly number[]): Write {
  return (shape) => {
    for (const side of sides) message(shape, 2, (dim) => dim.tag(1, WireType.Varint).int64(side));
  };
}

function writeTensor({ type, shape, bytes }: TensorValue): Write {
  return (tensor) => {
    integer(tensor, 1, elementTypes[type]);
    message(tensor, 2, writeShape(shape));
    tensor.tag(4, WireType.LengthDelimited).bytes(bytes);
  };
}

function writeTexts(values: readonly string[]): Write {
  return (tensor) => {
    integer(tensor, 1, elementTypes.string);
    message(tensor, 2, writeShape([values.length]));
    for (const value of values) text(tensor, 8, value);
  };
}

function writeSignature({ inputs, outputs }: Signature): Write {
  const info =
    ({ tensor, type, shape }: SignatureTensor): Write =>
    (to) => {
      text(to, 1, tensor);
      integer(to, 2, elementTypes[type]);
      message(to, 3, writeShape(shape));
    };
  return (to) => {
    for (const [name, tensor] of Object.entries(inputs)) entry(to, 1, name, info(tensor));
    for (const [name, tensor] of Object.entries(outputs)) entry(to, 2, name, info(tensor));
    text(to, 3, 'tensorflow/serving/predict');
  };
}

/** tensorflow/core/protobuf/saver.proto and the collections in which TensorFlow 1's programs kept their variables. */
function writeRestored(meta: BinaryWriter, { filename, save, restore, variables }: Restored): void {
  message(meta, 3, (saver) => {
    text(saver, 1, filename);
    text(saver, 2, save);
    text(saver, 3, restore);
    integer(saver, 7, 2); // checkpoint format V2
  });
  const collection = (name: string, members: readonly RestoredVariable[]) =>
    entry(meta, 4, name, (to) =>
      message(to, 2, (list) => {
        for (const member of members) message(list, 1, writeVariable(member));
      }),
    );
  collection('variables', variables);
  collection(
    'trainable_variables',
    variables.filter(({ trainable }) => trainable),
  );
}

function writeVariable({ handle, initializer, value, initial, trainable }: RestoredVariable): Write {
  return (to) => {
    text(to, 1, handle);
    text(to, 2, initializer);
    text(to, 3, value);
    to.tag(5, WireType.Varint).bool(true); // a resource
    text(to, 6, initial);
    to.tag(7, WireType.Varint).bool(trainable);
  };
}

function message(to: BinaryWriter, field: number, write: Write): void {
  to.tag(field, WireType.LengthDelimited).fork();
  write(to);
  to.join();
}

/** Of a map: its key and its value. */
function entry(to: BinaryWriter, field: number, key: string, write: Write): void {
  message(to, field, (pair) => {
    text(pair, 1, key);
    message(pair, 2, write);
  });
}

const text = (to: BinaryWriter, field: number, value: string): void =>
  void to.tag(field, WireType.LengthDelimited).string(value);
const integer = (to: BinaryWriter, field: number, value: number): void =>
  void to.tag(field, WireType.Varint).int32(value);
