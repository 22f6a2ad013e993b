import { expect, test } from 'vitest';
import { crc32c, maskedCrc32c } from '#engine/graph/crc32c.ts';

const counted = Uint8Array.from({ length: 32 }, (_, place) => place);
/** An iSCSI SCSI Read (10) command. */
const command = Buffer.from(
  '01c000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000',
  'hex',
);

// RFC 3720, B.4 shows the bytes of each CRC, the lowest first.
test.each([
  ['32 bytes of zeroes', new Uint8Array(32), 'aa36918a'],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), '43aba862'],
  ['32 bytes that go up', counted, '4e79dd46'],
  ['32 bytes that go down', counted.toReversed(), '5cdb3f11'],
  ['an iSCSI read', command, '563a96d9'],
])('the CRC of %s is that of RFC 3720', (_, bytes, expected) => {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32c(bytes));
  expect(crc.toString('hex')).toBe(expected);
});

test('of nothing it is zero, and of the check string what all tables say', () => {
  expect(crc32c(new Uint8Array())).toBe(0);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('a masked CRC is turned by 15 bits and moved', () => {
  // tensorflow/core/lib/hash/crc32c.h: ((crc >> 15) | (crc << 17)) + 0xa282ead8
  expect(maskedCrc32c(new Uint8Array())).toBe(0xa282ead8);
  expect(maskedCrc32c(Buffer.from('123456789'))).toBe((((0xe3069283 >>> 15) | (0xe3069283 << 17)) + 0xa282ead8) >>> 0);
});
