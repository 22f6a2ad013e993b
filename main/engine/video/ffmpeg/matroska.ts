/**
 * Raw frames with time stamps of their own, as a stream that ffmpeg reads: Matroska (RFC 9559) with uncompressed video, one
 * cluster a frame, nothing that would need seeking. A raw video pipe has no time stamps, and NUT is harder to write.
 */

/** Nanoseconds a tick: stamps are exact to a microsecond. */
const tick = 1000;

/** An element: its id as in the RFC's tables, its size in eight bytes. */
function element(id: number, ...content: Uint8Array[]): Buffer {
  return Buffer.concat([
    head(
      id,
      content.reduce((sum, each) => sum + each.length, 0),
    ),
    ...content,
  ]);
}

function head(id: number, size: number): Buffer {
  const name = Buffer.from(id.toString(16).padStart(2, '0'), 'hex');
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(size) | 0x01_00_00_00_00_00_00_00n);
  return Buffer.concat([name, length]);
}

function unsigned(id: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return element(id, bytes);
}

const text = (id: number, value: string) => element(id, Buffer.from(value, 'latin1'));

/** @param rate frames a second, roughly: encoders choose their level by it; no time stamp follows from it */
export function matroskaStart(width: number, height: number, rate: number): Buffer {
  const ebml = element(0x1a45dfa3, text(0x4282, 'matroska'), unsigned(0x4287, 4), unsigned(0x4285, 2));
  const segment = Buffer.from('18538067', 'hex');
  const unknownSize = Buffer.from('01ffffffffffffff', 'hex');
  const info = element(0x1549a966, unsigned(0x2ad7b1, tick), text(0x4d80, 'Heatlens'), text(0x5741, 'Heatlens'));
  // The colour space is a four-character code of AVI: what ffmpeg calls `rgb24`.
  const picture = element(
    0xe0,
    unsigned(0xb0, width),
    unsigned(0xba, height),
    text(0x2eb524, 'RGB\x18'),
    unsigned(0x9a, 2),
  );
  const track = element(
    0xae,
    ...[unsigned(0xd7, 1), unsigned(0x73c5, 1), unsigned(0x83, 1), unsigned(0x9c, 0)],
    ...[text(0x86, 'V_UNCOMPRESSED'), unsigned(0x23e383, Math.round(1e9 / rate)), picture],
  );
  return Buffer.concat([ebml, segment, unknownSize, info, element(0x1654ae6b, track)]);
}

/** What comes before a frame's bytes. @param seconds from 0 on */
export function matroskaFrame(bytes: number, seconds: number): Buffer {
  const stamp = unsigned(0xe7, Math.round((seconds * 1e9) / tick));
  // Track 1, 0 ticks after the cluster's stamp, a key frame.
  const block = Buffer.concat([head(0xa3, bytes + 4), Buffer.from([0x81, 0, 0, 0x80])]);
  return Buffer.concat([head(0x1f43b675, stamp.length + block.length + bytes), stamp, block]);
}
