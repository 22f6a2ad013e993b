import { crc32c } from '#engine/graph/crc32c.ts';

interface ReadScalar {
  readonly tag: string;
  readonly step: number;
  readonly value: number;
}

/** The records of a TFRecord file up to the first that is not whole or whose checksum is wrong. */
export function readRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let at = 0;
  while (at + 12 <= file.length) {
    const length = Number(file.readBigUInt64LE(at));
    if (unmasked(file.readUInt32LE(at + 8)) !== crc32c(file.subarray(at, at + 8))) break;
    if (at + 16 + length > file.length) break;
    const data = file.subarray(at + 12, at + 12 + length);
    if (unmasked(file.readUInt32LE(at + 12 + length)) !== crc32c(data)) break;
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** The scalars of an event file, by a reader of protobuf that knows nothing of how they were written. */
export function readScalars(file: Buffer): ReadScalar[] {
  return readRecords(file).flatMap((record) => {
    const event = fields(record);
    const step = Number(event.get(2)?.[0] ?? 0);
    return (event.get(5) ?? []).flatMap((summary) =>
      (fields(summary as Buffer).get(1) ?? []).map((each) => {
        const value = fields(each as Buffer);
        const tensor = fields(value.get(8)?.[0] as Buffer);
        return { tag: String(value.get(1)?.[0]), step, value: (tensor.get(5)?.[0] as Buffer).readFloatLE() };
      }),
    );
  });
}

const unmasked = (masked: number) => {
  const turned = (masked - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
};

/** Fields of a message by number. */
function fields(message: Buffer): Map<number, (Buffer | number)[]> {
  const found = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let place = 0; ; place++) {
      const byte = message[at++]!;
      value += (byte & 127) * 128 ** place;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    let value: Buffer | number;
    if ((key & 7) === 0) value = varint();
    else {
      const length = (key & 7) === 1 ? 8 : varint();
      value = message.subarray(at, at + length);
      at += length;
    }
    found.set(key >> 3, [...(found.get(key >> 3) ?? []), value]);
  }
  return found;
}
