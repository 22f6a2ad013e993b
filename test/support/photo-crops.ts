import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const photos = join(import.meta.dirname, '..', 'fixtures', 'photos');
const subjects = { cat: 'chelsea.jpg', astronaut: 'astronaut.jpg', photographer: 'camera.jpg' } as const;
/** px */
const side = 96;

type Subject = keyof typeof subjects;

/** A piece of a photo, another for every number. */
async function crop(subject: Subject, number: number): Promise<Sharp> {
  const photo = sharp(join(photos, subjects[subject]));
  const { width, height } = await photo.metadata();
  const left = (number * 37) % (width - side);
  const top = (number * 53) % (height - side);
  return photo.extract({ left, top, width: side, height: side });
}

/** Files that are odd, by their path within the folder, and what the import says of each. */
export async function oddPhotos(): Promise<Record<string, { content: Buffer; oddity: string }>> {
  const jpeg = await (await crop('cat', 101)).jpeg().toBuffer();
  const png = await (await crop('astronaut', 102)).png().toBuffer();
  const turned = await (await crop('cat', 103)).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const heic = Buffer.from('000000186674797068656963000000006d696631686569630000000000000000', 'hex');
  return {
    'cat/empty.jpg': { content: Buffer.alloc(0), oddity: 'empty' },
    'cat/letter.jpg': { content: Buffer.from('Dear cat, this is no picture of you.'), oddity: 'not-an-image' },
    'cat/page.png': { content: Buffer.from('%PDF-1.4 and nothing else'), oddity: 'not-an-image' },
    'cat/phone.heic': { content: heic, oddity: 'unsupported' },
    'cat/turned.jpg': { content: turned, oddity: 'rotated' },
    'cat/really-a-jpeg.png': { content: jpeg, oddity: 'wrong-name' },
    'astronaut/head-only.png': { content: png.subarray(0, 40), oddity: 'truncated' },
    'astronaut/huge.png': { content: pngHeader(20_000, 20_000), oddity: 'too-large' },
    'astronaut/noise.png': { content: damaged(png), oddity: 'damaged' },
    'alone.jpg': { content: await (await crop('photographer', 104)).jpeg().toBuffer(), oddity: 'no-class' },
  };
}

/**
 * Class folders of pieces of photos, with the odd files among them. @param images of each class that are as they should
 */
export async function folderOfCrops(folder: string, images: number): Promise<void> {
  for (const subject of Object.keys(subjects) as Subject[]) {
    await mkdir(join(folder, subject), { recursive: true });
    for (let number = 0; number < images; number++) {
      await (await crop(subject, number)).jpeg().toFile(join(folder, subject, `${subject}-${number}.jpg`));
    }
  }
  for (const [path, { content }] of Object.entries(await oddPhotos())) await writeFile(join(folder, path), content);
}

/** The first bytes of a PNG: signature and header, with its checksum. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(17);
  header.write('IHDR', 0, 'latin1');
  header.writeUInt32BE(width, 4);
  header.writeUInt32BE(height, 8);
  header.set([8, 2, 0, 0, 0], 12);
  const length = Buffer.from([0, 0, 0, 13]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, length, header, Buffer.alloc(4), Buffer.alloc(64)]);
}

/** Its pixels are noise where compressed data was. */
function damaged(png: Buffer): Buffer {
  const from = png.indexOf('IDAT') + 6;
  return Buffer.from(png.map((byte, at) => (at >= from && at < from + 400 ? (at * 167) % 256 : byte)));
}
