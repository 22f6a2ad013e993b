import { open } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { crc32c, masked, maskedCrc32c } from '#engine/graph/crc32c.ts';
import { elementTypes } from '#engine/graph/node.ts';

/** A variable's values by the name under which it is restored. */
export interface Bundled {
  readonly key: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Placed extends Bundled {
  readonly offset: number;
  readonly crc: number;
}

/** Bytes summed and written in one go: some 50 ms. */
const breath = 2 ** 24;

/**
 * A checkpoint as TensorFlow's saver reads it (tensorflow/core/util/tensor_bundle): values one after another in
 * `<prefix>.data-00000-of-00001`, where each lies in `<prefix>.index`.
 */
export async function writeBundle(prefix: string, variables: readonly Bundled[], signal?: AbortSignal): Promise<void> {
  const placed: Placed[] = [];
  const data = await open(`${prefix}.data-00000-of-00001`, 'wx');
  try {
    let offset = 0;
    for (const variable of [...variables].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))) {
      const { buffer, byteOffset, byteLength } = variable.values;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      let crc = 0;
      for (let from = 0; from < bytes.length; from += breath) {
        signal?.throwIfAborted();
        const part = bytes.subarray(from, from + breath);
        crc = crc32c(part, crc);
        await data.writeFile(part);
        await breathe();
      }
      placed.push({ ...variable, offset, crc });
      offset += bytes.length;
    }
  } finally {
    await data.close();
  }
  const index = await open(`${prefix}.index`, 'wx');
  try {
    await index.writeFile(encodeIndex(placed));
  } finally {
    await index.close();
  }
}

/** A table of LevelDB's format (tensorflow/core/lib/io/format.h): blocks, each with its checksum, and where they are. */
export function encodeIndex(placed: readonly Placed[]): Uint8Array {
  const rows = placed.map((each) => ({ key: Buffer.from(each.key), value: entryOf(each) }));
  const pieces: Uint8Array[] = [];
  let length = 0;
  const append = (content: Uint8Array) => {
    const typed = Buffer.concat([content, Buffer.of(0)]); // not compressed
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(maskedCrc32c(typed));
    const handle = new BinaryWriter().int64(length).int64(content.length).finish();
    pieces.push(typed, checksum);
    length += typed.length + checksum.length;
    return handle;
  };
  const data = append(block([{ key: Buffer.alloc(0), value: header() }, ...rows]));
  const meta = append(block([]));
  const index = append(block([{ key: rows.at(-1)?.key ?? Buffer.alloc(0), value: data }]));
  const footer = Buffer.alloc(48);
  footer.set(meta, 0);
  footer.set(index, meta.length);
  footer.writeBigUInt64LE(0xdb4775248b80fb57n, 40);
  return Buffer.concat([...pieces, footer]);
}

/** Keys in order, none shortened by what it shares with the one before: each is a place to begin. */
function block(rows: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  const begins: number[] = [];
  let length = 0;
  for (const { key, value } of rows) {
    const row = new BinaryWriter().uint32(0).uint32(key.length).uint32(value.length).raw(key).raw(value).finish();
    begins.push(length);
    pieces.push(row);
    length += row.length;
  }
  if (begins.length === 0) begins.push(0);
  const ends = Buffer.alloc(4 * (begins.length + 1));
  for (const [place, begin] of [...begins, begins.length].entries()) ends.writeUInt32LE(begin, 4 * place);
  return Buffer.concat([...pieces, ends]);
}

/** tensorflow/core/protobuf/tensor_bundle.proto: one file, little-endian. */
function header(): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(1);
  writer.tag(3, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int32(1).join();
  return writer.finish();
}

function entryOf({ shape, values, offset, crc }: Placed): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(elementTypes.float32);
  writer.tag(2, WireType.LengthDelimited).fork();
  for (const side of shape) {
    writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int64(side).join();
  }
  writer.join();
  writer.tag(4, WireType.Varint).int64(offset);
  writer.tag(5, WireType.Varint).int64(values.byteLength);
  writer.tag(6, WireType.Bit32).fixed32(masked(crc));
  return writer.finish();
}
