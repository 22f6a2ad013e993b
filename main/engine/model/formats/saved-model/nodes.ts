import { shape, text, type, type ElementType, type Node } from '#engine/graph/node.ts';
import type { Constant, Value } from '../operations/operation.ts';

type Attributes = Node['attributes'];

const bytesOf = (values: Float32Array | Int32Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** TensorFlow's nodes, one after another. */
export class Nodes {
  readonly nodes: Node[] = [];
  /** Constants that became variables, with the node of their resource. */
  readonly variables = new Map<Constant, string>();
  readonly #places = new Map<string, string>();
  readonly #names = new Set<string>();
  readonly #constants = new Map<Constant, string>();
  readonly #isVariable: (constant: Constant) => boolean;

  constructor(isVariable: (constant: Constant) => boolean) {
    this.#isVariable = isVariable;
  }

  /** Its first output; others are `<node>:1` and so on. */
  add(label: string, op: string, inputs: readonly string[], attributes: Attributes): string {
    return `${this.node(label, op, inputs, attributes)}:0`;
  }

  /** Its name. */
  node(label: string, op: string, inputs: readonly string[], attributes: Attributes): string {
    const name = this.#unique(label);
    this.nodes.push({ name, op, inputs, attributes });
    return name;
  }

  /** From now on, this value comes from there. */
  know(value: Value, from: string): void {
    this.#places.set(value.name, from);
  }

  of(value: Value): string {
    const place = this.#places.get(value.name);
    if (!place) throw new Error(`${value.name} has not been computed.`);
    return place;
  }

  /** The values of a constant, be it one or a variable. */
  constant(constant: Constant): string {
    const known = this.#constants.get(constant);
    if (known) return known;
    const made = this.#isVariable(constant) ? this.#variable(constant) : this.floats(constant.name, constant);
    this.#constants.set(constant, made);
    return made;
  }

  floats(label: string, { shape, values }: Pick<Constant, 'shape' | 'values'>): string {
    return this.#const(label, 'float32', shape, bytesOf(values));
  }

  integers(label: string, values: readonly number[], sides: readonly number[] = [values.length]): string {
    return this.#const(label, 'int32', sides, bytesOf(Int32Array.from(values)));
  }

  #const(label: string, kind: ElementType, sides: readonly number[], bytes: Uint8Array): string {
    const value = { kind: 'tensor', value: { type: kind, shape: sides, bytes } } as const;
    return this.add(label, 'Const', [], { dtype: type(kind), value });
  }

  #variable(constant: Constant): string {
    const name = this.#unique(constant.name);
    const attributes = {
      ...{ dtype: type('float32'), shape: shape(constant.shape) },
      ...{ shared_name: text(name), container: text('') },
    };
    this.nodes.push({ name, op: 'VarHandleOp', inputs: [], attributes });
    this.variables.set(constant, name);
    return this.add(`${name}/read`, 'ReadVariableOp', [`${name}:0`], { dtype: type('float32') });
  }

  /** Names begin with a letter or a digit (tensorflow/core/framework/node_def.proto). */
  #unique(label: string): string {
    const wanted = label.replace(/^(?=[^A-Za-z0-9.])/, 'layer').replace(/[^A-Za-z0-9_.\-/]/g, '_');
    let name = wanted;
    for (let count = 1; this.#names.has(name); count++) name = `${wanted}_${count}`;
    this.#names.add(name);
    return name;
  }
}
