import type { Constant, Value } from '../operations/operation.ts';
import { moved, transposed } from '../operations/transposed.ts';
import type { Field } from './tables.ts';

/** tensorflow/compiler/mlir/lite/schema/schema.fbs, enum TensorType. */
export const tensorTypes = { float32: 0, int32: 2, bool: 6 } as const;
export type TensorType = keyof typeof tensorTypes;

export interface LiteTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
  /** Of a constant, little-endian. */
  readonly bytes: Uint8Array | null;
}

export interface LiteNode {
  /** By its name in enum BuiltinOperator. */
  readonly op: string;
  readonly version: number;
  readonly inputs: readonly number[];
  readonly output: number;
  /** Of a table of union BuiltinOptions, by its number there. */
  readonly options: { readonly type: number; readonly fields: readonly Field[] } | null;
}

const bytesOf = (values: Float32Array | Int32Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Tensors by number, and the operations between them. */
export class LiteGraph {
  readonly tensors: LiteTensor[] = [];
  readonly nodes: LiteNode[] = [];
  readonly #places = new Map<string, number>();

  know(value: Value, place: number): void {
    this.#places.set(value.name, place);
  }

  of(value: Value): number {
    const place = this.#places.get(value.name);
    if (place === undefined) throw new Error(`${value.name} has not been computed.`);
    return place;
  }

  tensor(
    name: string,
    shape: readonly number[],
    type: TensorType = 'float32',
    bytes: Uint8Array | null = null,
  ): number {
    return this.tensors.push({ name, type, shape, bytes }) - 1;
  }

  constant({ name, shape, values }: Constant): number {
    return this.tensor(name, shape, 'float32', bytesOf(values));
  }

  /** With its axes in another order. */
  turned({ name, shape, values }: Constant, order: readonly number[]): number {
    return this.constant({ name, shape: moved(shape, order), values: transposed(values, shape, order) });
  }

  integers(name: string, values: readonly number[], shape: readonly number[] = [values.length]): number {
    return this.tensor(name, shape, 'int32', bytesOf(Int32Array.from(values)));
  }

  add(op: string, inputs: readonly number[], output: number, options: LiteNode['options'] = null, version = 1): void {
    this.nodes.push({ op, version, inputs, output, options });
  }
}
