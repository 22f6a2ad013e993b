import { generator } from '#engine/data/random.ts';
import { bmp, mediaFile, tiff } from './image-bytes.ts';
import { skipped, type OddImage } from './outcome.ts';

/** Files that are no images, whatever they are called, and images of formats that are not read. */
export function notImages(): OddImage[] {
  const next = generator(7);
  const random = Buffer.from(Array.from({ length: 4096 }, () => next() & 255));
  random[0] = 0;
  const html = '<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>gone</body></html>';
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
  const none: Record<string, string | Buffer> = {
    'text.jpg': 'This is a text.\n',
    'page.jpg': html,
    'page-in-png.png': html,
    'drawing.jpg': svg,
    'drawing-with-prolog.png': `<?xml version="1.0"?>\n${svg}`,
    'drawing.svg': svg,
    'paper.jpg': '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n',
    'postscript.jpg': '%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n',
    'magick.jpg': "push graphic-context\nviewbox 0 0 9 9\nfill 'url(file:///etc/passwd)'\npop graphic-context\n",
    'list.jpg': '{"images": []}',
    'table.png': 'name,label\na.png,1\n',
    'archive.jpg': Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1'),
    'packed.png': Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    'program.jpg': Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'),
    'program-of-linux.jpg': Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1'),
    'film.jpg': mediaFile('isom', 'mp42'),
    'random.jpg': random,
    'zeros.jpg': Buffer.alloc(4096),
    'spaces.png': Buffer.alloc(100, 32),
    'one-byte.jpg': Buffer.from([0xff]),
    'two-bytes.jpg': Buffer.from([0xff, 0xd8]),
    'line-ends-changed.png': Buffer.from('\x89PNG\n\x1a\n\0\0\0\rIHDR', 'latin1'),
  };
  const foreign: Record<string, string | Buffer> = {
    'phone.heic': mediaFile('heic', 'mif1'),
    'phone.jpg': mediaFile('mif1', 'heic'),
    'new.jxl': Buffer.from([0xff, 0x0a, 0x7f, 0, 0]),
    'boxed.jxl': Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1'),
    'wavelets.jp2': Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1'),
    'layers.psd': Buffer.from('8BPS\0\x01', 'latin1'),
    'big.tif': Buffer.from('II+\0\x08\0\0\0', 'latin1'),
    'sign.ico': Buffer.from([0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0]),
    'light.exr': Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0]),
    'quick.qoi': Buffer.from('qoif\0\0\0\x01\0\0\0\x01\x03\0', 'latin1'),
    'net.ppm': 'P6\n# made by hand\n2 1\n255\n\0\0\0\0\0\0',
    'runs.bmp': bmp({ width: 9, height: 9, bits: 8, compression: 1 }),
    'jpeg-within.bmp': bmp({ width: 9, height: 9, bits: 24, compression: 4 }),
    'two-bits.bmp': bmp({ width: 9, height: 9, bits: 2 }),
    'floating.tif': tiff({ 256: 2, 257: 2, 258: 32, 262: 1, 273: 122, 277: 1, 279: 16, 339: 3 }, Buffer.alloc(64)),
    'thirty-two-bits.tif': tiff({ 256: 2, 257: 2, 258: 32, 262: 1, 273: 122, 277: 1, 279: 16 }, Buffer.alloc(64)),
    'bands.tif': tiff({ 256: 2, 257: 2, 258: 8, 262: 1, 273: 122, 277: 12, 279: 48 }, Buffer.alloc(64)),
    'zstandard.tif': tiff({ 256: 2, 257: 2, 258: 8, 259: 50_000, 262: 1, 273: 122, 277: 1, 279: 4 }, Buffer.alloc(64)),
    'apple.png': Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x04CgBI\0\0\0\0\0\0\0\0', 'latin1'),
    'twelve-bits.jpg': jpegHead(0xc1, 12, 9, 9, 1),
    'lossless.jpg': jpegHead(0xc3, 8, 9, 9, 1),
  };
  return [
    { name: 'empty.jpg', bytes: Buffer.alloc(0), expected: [skipped('empty')] },
    { name: 'empty.png', bytes: Buffer.alloc(0), expected: [skipped('empty')] },
    ...Object.entries(none).map(([name, bytes]) => row(name, bytes, skipped('not-an-image'))),
    ...Object.entries(foreign).map(([name, bytes]) => row(name, bytes, skipped('unsupported'))),
  ];
}

const row = (name: string, bytes: string | Buffer, expected: ReturnType<typeof skipped>): OddImage => ({
  name,
  bytes: Buffer.from(bytes as string, 'latin1'),
  expected: [expected],
});

/** A JPEG up to its frame header, which tells the process and the sides. */
function jpegHead(marker: number, depth: number, height: number, width: number, parts: number): Buffer {
  const frame = [0, 8 + 3 * parts, depth, 0, height, 0, width, parts, ...new Array<number>(3 * parts).fill(0x11)];
  return Buffer.from([0xff, 0xd8, 0xff, marker, ...frame, 0xff, 0xd9]);
}
