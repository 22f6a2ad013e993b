import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { FrameSlicer } from '#engine/video/ffmpeg/frame-slicer.ts';

async function sliced(pieces: number[], length: number): Promise<{ frames: number[][]; torn: boolean }> {
  const bytes = Buffer.from(Array.from({ length: pieces.reduce((a, b) => a + b, 0) }, (_, i) => i % 256));
  let at = 0;
  const stream = Readable.from(
    pieces.map((piece) => bytes.subarray(at, (at += piece))),
    { objectMode: false },
  );
  const slicer = new FrameSlicer(stream, length);
  const frames: number[][] = [];
  for (let frame = await slicer.next(); frame; frame = await slicer.next()) frames.push([...frame]);
  return { frames, torn: slicer.torn };
}

const counted = (from: number, length: number) => Array.from({ length }, (_, i) => (from + i) % 256);

describe('frames are cut out of pieces of any length', () => {
  test.each([
    ['each frame a piece', [6, 6, 6]],
    ['one piece', [18]],
    ['byte by byte', Array.from({ length: 18 }, () => 1)],
    ['pieces that end anywhere', [5, 2, 10, 1]],
  ])('%s', async (_, pieces) => {
    expect(await sliced(pieces, 6)).toEqual({ frames: [counted(0, 6), counted(6, 6), counted(12, 6)], torn: false });
  });

  test('an end within a frame is told, and the frame is not given', async () => {
    expect(await sliced([6, 4], 6)).toEqual({ frames: [counted(0, 6)], torn: true });
    expect(await sliced([], 6)).toEqual({ frames: [], torn: false });
  });

  test('no more is read than what is asked for', async () => {
    const stream = new PassThrough({ highWaterMark: 16 });
    const slicer = new FrameSlicer(stream, 8);
    stream.write(Buffer.alloc(8));
    const taken = await slicer.next();
    expect(taken?.buffer.byteLength).toBe(8);
    expect(stream.write(Buffer.alloc(40))).toBe(false);
  });
});
