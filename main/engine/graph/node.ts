/** TensorFlow's numbers for element types (tensorflow/core/framework/types.proto). */
export const elementTypes = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  resource: 20,
} as const;
export type ElementType = keyof typeof elementTypes;

/** One setting of a node (tensorflow/core/framework/attr_value.proto). */
export type Attribute =
  | { readonly kind: 'type'; readonly value: ElementType | number }
  | { readonly kind: 'int' | 'float'; readonly value: number | readonly number[] }
  | { readonly kind: 'bool'; readonly value: boolean | readonly boolean[] }
  | { readonly kind: 'string'; readonly value: string | readonly string[] }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: TensorValue }
  | { readonly kind: 'types'; readonly value: readonly ElementType[] }
  /** A tensor of texts, [text]. */
  | { readonly kind: 'texts'; readonly value: readonly string[] };

export interface TensorValue {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little-endian, in row-major order. */
  readonly bytes: Uint8Array;
}

/** One operation of a graph. */
export interface Node {
  /** One of a kind in its graph. */
  readonly name: string;
  /** As TensorFlow registers it, e.g. `Conv2D`. */
  readonly op: string;
  /** `<node>:<output>`; `^<node>` = only after that node, without taking anything of it. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export const type = (value: ElementType | number): Attribute => ({ kind: 'type', value });
export const shape = (value: readonly number[]): Attribute => ({ kind: 'shape', value });
export const text = (value: string): Attribute => ({ kind: 'string', value });
