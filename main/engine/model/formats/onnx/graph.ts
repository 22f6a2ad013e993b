import type { Constant, Value } from '../operations/operation.ts';
import { moved, transposed } from '../operations/transposed.ts';

/** One setting of a node; floats are told from whole numbers by their kind (onnx.proto, AttributeProto). */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string };

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const ints = (...value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const text = (value: string): Attribute => ({ kind: 'text', value });

export type Attributes = Readonly<Record<string, Attribute>>;

export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** Where a value lies: images channels first, as ONNX has them, or as we have them. Rows are the same in both. */
interface Places {
  first?: string;
  last?: string;
}

/** ONNX's nodes, one after another. Images change their layout where somebody needs it, once. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Initializer[] = [];
  readonly #places = new Map<string, Places>();
  readonly #names = new Set<string>();

  /** The name of its output, which is that of the node. */
  add(label: string, op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const name = this.#unique(label);
    this.nodes.push({ name, op, inputs, output: name, attributes });
    return name;
  }

  /** From now on, this value lies there, in that layout. */
  know(value: Value, layout: 'first' | 'last', name: string): void {
    this.#places.set(value.name, { [layout]: name });
  }

  /** Images as [batch, channel, height, width]. */
  channelsFirst(value: Value): string {
    const places = this.#of(value);
    if (value.shape.length !== 3) return places.first ?? places.last ?? '';
    return (places.first ??= this.add(`${value.name}/channels_first`, 'Transpose', [places.last ?? ''], {
      perm: ints(0, 3, 1, 2),
    }));
  }

  /** Images as [batch, height, width, channel]. */
  channelsLast(value: Value): string {
    const places = this.#of(value);
    if (value.shape.length !== 3) return places.first ?? places.last ?? '';
    return (places.last ??= this.add(`${value.name}/channels_last`, 'Transpose', [places.first ?? ''], {
      perm: ints(0, 2, 3, 1),
    }));
  }

  floats(label: string, shape: readonly number[], values: Float32Array): string {
    return this.#initializer(label, shape, values);
  }

  integers(label: string, values: readonly number[]): string {
    return this.#initializer(label, [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** A constant as it stands beside a value of so many axes, channels first. */
  beside({ name, shape, values }: Constant, axes: number): string {
    if (shape.length === 0) return this.floats(name, [], values);
    const sides = [...Array.from({ length: axes - shape.length }, () => 1), ...shape];
    if (axes !== 3) return this.floats(name, sides, values);
    return this.floats(name, moved(sides, [2, 0, 1]), transposed(values, sides, [2, 0, 1]));
  }

  #initializer(label: string, shape: readonly number[], values: Initializer['values']): string {
    const name = this.#unique(label);
    this.initializers.push({ name, shape, values });
    return name;
  }

  #of(value: Value): Places {
    const places = this.#places.get(value.name);
    if (!places) throw new Error(`${value.name} has not been computed.`);
    return places;
  }

  #unique(label: string): string {
    let name = label;
    for (let count = 1; this.#names.has(name); count++) name = `${label}_${count}`;
    this.#names.add(name);
    return name;
  }
}
