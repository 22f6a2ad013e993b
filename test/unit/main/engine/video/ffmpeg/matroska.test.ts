import { describe, expect, test } from 'vitest';
import { matroskaFrame, matroskaStart } from '#engine/video/ffmpeg/matroska.ts';

describe('raw frames as Matroska', () => {
  test('the stream begins as RFC 9559 says, of unknown length, with stamps of a microsecond', () => {
    const start = matroskaStart(64, 48, 25);
    expect(start.subarray(0, 4).toString('hex')).toBe('1a45dfa3');
    expect(start.includes(Buffer.from('1853806701ffffffffffffff', 'hex'))).toBe(true);
    expect(start.includes(Buffer.from('2ad7b1010000000000000800000000000003e8', 'hex'))).toBe(true);
    expect(start.includes('V_UNCOMPRESSED')).toBe(true);
    expect(start.includes('RGB\x18')).toBe(true);
  });

  test('each frame is a cluster of its own that says how long it is', () => {
    const head = matroskaFrame(100, 1.25);
    // Cluster, its length in eight bytes: all that follows, with the frame.
    expect(head.subarray(0, 4).toString('hex')).toBe('1f43b675');
    expect(Number(head.readBigUInt64BE(4) & 0xff_ffff_ffff_ffffn)).toBe(head.length - 12 + 100);
    expect(Number(head.readBigUInt64BE(12 + 9))).toBe(1_250_000);
  });

  test('hours in are exact', () => {
    expect(Number(matroskaFrame(1, 86_400.000_001).readBigUInt64BE(21))).toBe(86_400_000_001);
  });
});
