import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';

/** Files that no encoder makes: made by hand, byte by byte. */

export function pngChunk(type: string, body: Buffer): Buffer {
  const kind = Buffer.from(type, 'latin1');
  const framed = Buffer.alloc(body.length + 12);
  framed.writeUInt32BE(body.length);
  kind.copy(framed, 4);
  body.copy(framed, 8);
  framed.writeUInt32BE(crc32(Buffer.concat([kind, body])), body.length + 8);
  return framed;
}

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function pngHead(width: number, height: number, depth: number, colour: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([depth, colour], 8);
  return pngChunk('IHDR', head);
}

/** Black, and honest: every byte that the header promises is there, once unpacked. 20,000×20,000 RGB take 1.2 MB. */
export function blackPng(width: number, height: number, colour: 0 | 2): Buffer {
  const length = (width * (colour === 2 ? 3 : 1) + 1) * height;
  const million = Buffer.alloc(1_000_000);
  // A flushed block speaks of nothing before it, so that it can be repeated.
  const block = deflateRawSync(million, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const rest = deflateRawSync(million.subarray(0, length % million.length), { level: 9 });
  // Adler-32 of zeros: the first sum stays 1, the second counts the bytes.
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((length % 65521) * 65536 + 1);
  const times = Math.floor(length / million.length);
  const zlib = [Buffer.from([0x78, 0xda]), ...new Array<Buffer>(times).fill(block), rest, sum];
  const body = pngChunk('IDAT', Buffer.concat(zlib));
  return Buffer.concat([pngSignature, pngHead(width, height, 8, colour), body, pngChunk('IEND', Buffer.alloc(0))]);
}

/** A header of any size over the pixels of a small image. */
export function lyingPng(width: number, height: number): Buffer {
  const body = pngChunk('IDAT', deflateSync(Buffer.alloc(1000)));
  return Buffer.concat([pngSignature, pngHead(width, height, 8, 2), body, pngChunk('IEND', Buffer.alloc(0))]);
}

/** Chunks put in after the header of a PNG. */
export function withChunks(png: Buffer, ...chunks: Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

/** A GIF of one colour: every block is there, in as few bytes as the format allows. */
export function plainGif(width: number, height: number, frames = 1): Buffer {
  const head = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  head.writeUInt16LE(width, 6);
  head.writeUInt16LE(height, 8);
  const frame = Buffer.from(',\0\0\0\0\0\0\0\0\0\x02\x02\x44\x01\0', 'latin1');
  frame.writeUInt16LE(width, 5);
  frame.writeUInt16LE(height, 7);
  return Buffer.concat([head, ...new Array<Buffer>(frames).fill(frame), Buffer.from(';')]);
}

/** Little-endian TIFF of one directory; values of at most four bytes each, LONG. */
export function tiff(tags: Readonly<Record<number, number>>, pixels: Buffer): Buffer {
  const entries = Object.entries(tags);
  const head = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, value], i) => {
    head.writeUInt16LE(Number(tag), 10 + i * 12);
    head.writeUInt16LE(4, 12 + i * 12);
    head.writeUInt32LE(1, 14 + i * 12);
    head.writeUInt32LE(value, 18 + i * 12);
  });
  return Buffer.concat([head, pixels]);
}

export interface BmpParts {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Bytes of pixels that are there; absent = all. */
  readonly there?: number;
}

export function bmp({ width, height, bits, compression = 0, there }: BmpParts): Buffer {
  const row = Math.ceil((width * bits) / 32) * 4;
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  head.writeUInt32LE(compression, 30);
  return Buffer.concat([head, Buffer.alloc(there ?? row * Math.abs(height), 90)]);
}

/** An ISO base media file of nothing but its brands. */
export function mediaFile(...brands: string[]): Buffer {
  const [major = 'isom', ...others] = brands;
  const body = Buffer.from(`ftyp${major}\0\0\0\0${major}${others.join('')}`, 'latin1');
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4);
  return Buffer.concat([size, body, Buffer.alloc(64)]);
}

/** Bytes replaced at the first place where others are found. Fails: Error when they are not. */
export function patched(bytes: Buffer, find: Buffer, change: (at: number, copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(find);
  if (at < 0) throw new Error(`There is no ${find.toString('hex')} in these bytes.`);
  change(at, copy);
  return copy;
}
