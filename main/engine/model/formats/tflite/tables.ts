import { type Builder, type Offset } from 'flatbuffers';

/** A field of a table by its place in the schema; what is 0 is left out, as every reader takes it for that. */
export type Field = readonly [slot: number, kind: 'byte' | 'int' | 'float' | 'offset', value: number];

/** A FlatBuffers table without generated code: what the schemas say of it is which field stands where. */
export function table(builder: Builder, fields: readonly Field[]): Offset {
  builder.startObject(Math.max(0, ...fields.map(([slot]) => slot + 1)));
  for (const [slot, kind, value] of fields) {
    if (kind === 'byte') builder.addFieldInt8(slot, value, 0);
    else if (kind === 'int') builder.addFieldInt32(slot, value, 0);
    else if (kind === 'float') builder.addFieldFloat32(slot, value, 0);
    else builder.addFieldOffset(slot, value, 0);
  }
  return builder.endObject();
}

export function offsets(builder: Builder, places: readonly Offset[]): Offset {
  builder.startVector(4, places.length, 4);
  for (const place of [...places].reverse()) builder.addOffset(place);
  return builder.endVector();
}

export function ints(builder: Builder, values: readonly number[]): Offset {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addInt32(value);
  return builder.endVector();
}

export function floats(builder: Builder, values: readonly number[]): Offset {
  builder.startVector(4, values.length, 4);
  for (const value of [...values].reverse()) builder.addFloat32(value);
  return builder.endVector();
}

/** Bytes that begin at a multiple of 16 in the file, as the schema asks of weights. */
export function aligned(builder: Builder, bytes: Uint8Array): Offset {
  builder.prep(16, bytes.length);
  return builder.createByteVector(bytes);
}
