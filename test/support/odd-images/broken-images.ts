import { below, generator } from '#engine/data/random.ts';
import { bmp, lyingPng, patched, plainGif } from './image-bytes.ts';
import { skipped, used, type OddImage, type Outcome } from './outcome.ts';
import { samples } from './sample.ts';

/** Files that were images once: cut short, or with bytes that changed. */
export async function brokenImages(): Promise<OddImage[]> {
  const valid = await samples();
  const { jpg, 'progressive.jpg': progressive, png, gif } = valid;
  const rows: OddImage[] = [
    ...Object.entries(valid).flatMap(([ending, bytes]) => cuts(ending, bytes)),
    ...Object.entries(valid).flatMap(([ending, bytes]) => flips(ending, bytes)),
  ];
  const add = (name: string, bytes: Buffer, ...expected: Outcome[]) => rows.push({ name, bytes, expected });

  add('no-end.jpg', jpg.subarray(0, -2), used('truncated-used'));
  add('no-end-progressive.jpg', progressive.subarray(0, -2), used('truncated-used'));
  add('no-end.png', png.subarray(0, -12), used());
  add('no-end.gif', gif.subarray(0, -1), used());
  add('zeros-at-the-end.jpg', Buffer.concat([jpg, Buffer.alloc(500)]), used());
  const second = jpg.indexOf(Buffer.from([0xff, 0xc0]));
  add(
    'stray-bytes.jpg',
    Buffer.concat([jpg.subarray(0, second), Buffer.from([1, 2, 3]), jpg.subarray(second)]),
    used(),
  );
  const scan = Buffer.from([0x3f, 0x00]);
  add(
    'odd-scan.jpg',
    patched(jpg, Buffer.concat([Buffer.from([0x11, 0x03, 0x11, 0x00]), scan]), (at, copy) =>
      copy.writeUInt8(0, at + 4),
    ),
    used(),
  );
  const adobe = Buffer.from('\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\x07', 'latin1');
  add('odd-transform.jpg', Buffer.concat([jpg.subarray(0, 2), adobe, jpg.subarray(2)]), used());
  add('signature-only.jpg', jpg.subarray(0, 3), skipped('truncated'));
  add('header-only.jpg', jpg.subarray(0, 100), skipped('truncated'));
  add('signature-only.png', png.subarray(0, 8), skipped('truncated'));
  add('header-only.png', png.subarray(0, 33), skipped('truncated'));
  add('signature-only.gif', gif.subarray(0, 6), skipped('truncated'));
  add('signature-only.webp', valid.webp.subarray(0, 12), skipped('truncated'));
  add('signature-only.tif', valid.tif.subarray(0, 4), skipped('truncated'));
  add('signature-only.avif', valid.avif.subarray(0, 32), skipped('damaged'));
  add('header-only.bmp', valid.bmp.subarray(0, 54), skipped('truncated'));
  add('no-size.png', lyingPng(0, 0), skipped('damaged'));
  add('no-height.png', lyingPng(10, 0), skipped('damaged'));
  add('no-size.gif', plainGif(0, 0), skipped('damaged'));
  add('no-size.bmp', bmp({ width: 0, height: 0, bits: 24 }), skipped('damaged'));
  add('negative.bmp', bmp({ width: -4, height: 4, bits: 24, there: 64 }), skipped('damaged'));
  add('lying-a-little.png', lyingPng(500, 500), skipped('damaged'));
  add('checksum.png', changed(png, 60, 1), skipped('damaged'));
  add('fake.jpg', noise('\xff\xd8\xff\xe0\0\x10JFIF\0', 3), skipped('damaged'), skipped('truncated'));
  add('fake.png', noise('\x89PNG\r\n\x1a\n', 4), skipped('damaged'));
  add('fake.gif', noise('GIF89a', 5), skipped('damaged'), skipped('truncated'), skipped('too-large'));
  add('fake.webp', noise('RIFF\x04\x10\0\0WEBPVP8 ', 6), skipped('damaged'), skipped('truncated'));
  add('fake.tif', noise('II*\0\x08\0\0\0', 7), skipped('damaged'), skipped('truncated'));
  add(
    'gif-and-script.gif',
    Buffer.from('GIF89a/*\x10\0\0\0*/=1;alert(1);', 'latin1'),
    skipped('damaged'),
    skipped('truncated'),
  );
  return rows;
}

/** At 99, 90, 50 and 10 % of their bytes. The format decides from where on there is a picture. */
function cuts(ending: string, bytes: Buffer): OddImage[] {
  const expected: Record<number, Outcome> =
    ending === 'jpg'
      ? { 99: used('truncated-used'), 90: used('truncated-used'), 50: skipped('truncated'), 10: skipped('truncated') }
      : ending === 'progressive.jpg'
        ? {
            99: used('truncated-used'),
            90: used('truncated-used'),
            50: used('truncated-used'),
            10: skipped('truncated'),
          }
        : { 99: skipped('truncated'), 90: skipped('truncated'), 50: skipped('truncated'), 10: skipped('truncated') };
  return Object.entries(expected).map(([percent, outcome]) => ({
    name: `cut-at-${percent}.${ending}`,
    bytes: bytes.subarray(0, Math.floor((bytes.length * Number(percent)) / 100)),
    expected: [outcome],
  }));
}

/** Twenty bits turned over, wherever chance has it. What comes of it is anybody's guess, but nothing worse than this. */
function flips(ending: string, bytes: Buffer): OddImage[] {
  const names = ['damaged', 'truncated', 'not-an-image', 'unsupported', 'too-large'] as const;
  const harmless = [
    used(),
    used('truncated-used'),
    used('transparent'),
    used('rotated'),
    used('animated'),
    used('sixteen-bit'),
  ];
  return [1, 2, 3, 4, 5, 6].map((seed) => {
    const next = generator(seed);
    const copy = Buffer.from(bytes);
    for (let flip = 0; flip < 20; flip++) {
      const at = below(next, copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << below(next, 8));
    }
    return { name: `flipped-${seed}.${ending}`, bytes: copy, expected: [...harmless, ...names.map(skipped)] };
  });
}

function changed(bytes: Buffer, at: number, by: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ by;
  return copy;
}

/** The beginning of a format, and then chance. */
function noise(begin: string, seed: number): Buffer {
  const next = generator(seed);
  return Buffer.concat([Buffer.from(begin, 'latin1'), Buffer.from(Array.from({ length: 4096 }, () => next() & 255))]);
}
