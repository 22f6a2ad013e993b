import { deflateSync } from 'node:zlib';
import { blackPng, bmp, lyingPng, patched, plainGif, tiff } from './image-bytes.ts';
import { skipped, type OddImage } from './outcome.ts';
import { samples } from './sample.ts';

/** Small files that claim, or really have, more pixels than anyone can use. */
export async function bombs(): Promise<OddImage[]> {
  const { jpg, avif, webp } = await samples();
  const [side, strip] = [20_000, deflateSync(Buffer.alloc(20_000))];
  const tiffTags = { 256: side, 257: side, 258: 8, 259: 8, 262: 1, 273: 122, 277: 1, 278: side, 279: strip.length };
  const files: Record<string, Buffer> = {
    'bomb-rgb.png': blackPng(side, side, 2),
    'bomb-gray.png': blackPng(side, side, 0),
    'bomb.gif': plainGif(side, side),
    'bomb-frames.gif': plainGif(20_000, 20_000, 500),
    'bomb-largest.gif': plainGif(65_535, 65_535),
    'bomb-strips.tif': tiff(tiffTags, strip),
    'bomb-tile.tif': tiff(
      { 256: 8, 257: 8, 258: 8, 259: 8, 262: 1, 277: 1, 322: 65_520, 323: 65_520, 324: 122, 325: 9 },
      strip,
    ),
    'lying.png': lyingPng(60_000, 60_000),
    'lying-largest.png': lyingPng(2 ** 31 - 1, 2 ** 31 - 1),
    'lying.bmp': bmp({ width: 30_000, height: 30_000, bits: 24, there: 100 }),
    'lying-upside-down.bmp': bmp({ width: 30_000, height: -30_000, bits: 1, there: 100 }),
    'lying.jpg': patched(jpg, Buffer.from([0xff, 0xc0]), (at, copy) => copy.fill(0xfe, at + 5, at + 9)),
    'lying.avif': patched(avif, Buffer.from('ispe'), (at, copy) => {
      copy.writeUInt32BE(30_000, at + 8);
      copy.writeUInt32BE(30_000, at + 12);
    }),
    'lying.webp': extendedWebp(webp, 16_384, 16_384),
  };
  return Object.entries(files).map(([name, bytes]) => ({ name, bytes, expected: [skipped('too-large')] }));
}

/** A WebP with a canvas of its own. */
function extendedWebp(webp: Buffer, width: number, height: number): Buffer {
  const chunk = Buffer.alloc(18);
  chunk.write('VP8X');
  chunk.writeUInt32LE(10, 4);
  chunk.writeUIntLE(width - 1, 12, 3);
  chunk.writeUIntLE(height - 1, 15, 3);
  const file = Buffer.concat([webp.subarray(0, 12), chunk, webp.subarray(12)]);
  file.writeUInt32LE(file.length - 8, 4);
  return file;
}
