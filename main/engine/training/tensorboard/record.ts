import { maskedCrc32c } from '#engine/graph/crc32c.ts';

/** Bytes of a record beside its data: length and two checksums. */
const frame = 8 + 4 + 4;

/**
 * One record of a TFRecord file (tensorflow/core/lib/io/record_writer.h): its length as uint64, the length's masked
 * CRC-32C, the data, the data's; all little-endian. A reader stops before a record that is not whole.
 */
export function tfRecord(data: Uint8Array): Buffer {
  const record = Buffer.alloc(frame + data.length);
  record.writeUInt32LE(data.length, 0); // no record comes near 2³² bytes: the upper half stays 0
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.length);
  return record;
}
