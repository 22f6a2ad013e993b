import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { generator } from '#engine/data/random.ts';

const classes = 20;
const [width, height] = [320, 240];
/** Different pictures; the files are more, each with bytes of its own. */
const pictures = 64;

/** A folder of so many JPEG files in class folders, made once. About 20 kB each, as a phone's small photos are. */
export async function photosIn(folder: string, count: number): Promise<string> {
  const whole = join(folder, `photos-${count}`);
  if (existsSync(whole)) return whole;
  const partial = `${whole}.part`;
  const jpegs = await Promise.all(Array.from({ length: pictures }, (_, number) => picture(number)));
  for (let label = 0; label < classes; label++) await mkdir(join(partial, `class-${label}`), { recursive: true });
  for (let from = 0; from < count; from += 200) {
    const numbers = Array.from({ length: Math.min(200, count - from) }, (_, place) => from + place);
    await Promise.all(numbers.map((number) => writeFile(join(partial, fileOf(number)), commented(jpegs, number))));
  }
  await rename(partial, whole);
  return whole;
}

const fileOf = (number: number) => join(`class-${number % classes}`, `${String(number).padStart(6, '0')}.jpg`);

/** Soft blobs with some grain: it compresses as photos do. */
async function picture(number: number): Promise<Buffer> {
  const next = generator(7, number);
  const small = Buffer.from(Array.from({ length: 12 * 9 * 3 }, () => next() & 255));
  const blobs = await sharp(small, { raw: { width: 12, height: 9, channels: 3 } })
    .resize(width, height, { kernel: 'cubic' })
    .raw()
    .toBuffer();
  const grained = blobs.map((value) => Math.max(0, Math.min(255, value + (next() % 17) - 8)));
  return sharp(grained, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** With a comment (ITU-T T.81, B.2.4.5) behind the start of image. */
function commented(jpegs: readonly Buffer[], number: number): Buffer {
  const jpeg = jpegs[number % pictures] ?? Buffer.alloc(2);
  const comment = Buffer.from(`image ${number}`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(comment.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff, 0xfe), length, comment, jpeg.subarray(2)]);
}
