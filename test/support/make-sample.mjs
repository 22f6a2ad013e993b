// Cuts assets/samples/cat-and-astronaut.zip from the free photos in assets/photos: many crops and lights of each of two
// subjects. Test images come from parts of the photos that no training image shows.
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { ZipFile } from 'yazl';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Parts of the photo's width, 0…1, that training and test images are cut from. */
const subjects = {
  astronaut: { file: 'astronaut.jpg', train: [0, 0.6], test: [0.6, 1] },
  cat: { file: 'chelsea.jpg', train: [0, 0.5], test: [0.5, 0.86] },
};
/** Images of each class. */
const splits = { train: 24, test: 10 };
const side = 160;
/** Files have no time of their own: the same photos make the same archive. */
const mtime = new Date(Date.UTC(2026, 0, 1));

/** mulberry32: a number 0…1 at each call. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function piece(photo, [from, to], draw) {
  const { width, height } = await photo.metadata();
  const left = Math.floor(width * from);
  const room = Math.floor(width * (to - from));
  const size = Math.floor(Math.min(room, height) * (0.6 + 0.4 * draw()));
  const cut = photo.clone().extract({
    left: left + Math.floor(draw() * (room - size)),
    top: Math.floor(draw() * (height - size)),
    width: size,
    height: size,
  });
  return cut
    .flop(draw() < 0.5)
    .resize(side, side)
    .modulate({ brightness: 0.65 + 0.7 * draw() })
    .jpeg({ quality: 68, mozjpeg: true })
    .toBuffer();
}

const file = join(root, 'assets', 'samples', 'cat-and-astronaut.zip');
await mkdir(dirname(file), { recursive: true });
const zip = new ZipFile();
const written = pipeline(zip.outputStream, createWriteStream(file));
const draw = seeded(1);
for (const [split, images] of Object.entries(splits)) {
  for (const [subject, parts] of Object.entries(subjects)) {
    const photo = sharp(join(root, 'assets', 'photos', parts.file));
    for (let number = 1; number <= images; number++) {
      const named = `${split}/${subject}/${subject}-${String(number).padStart(2, '0')}.jpg`;
      zip.addBuffer(await piece(photo, parts[split], draw), named, { mtime, mode: 0o100644, compress: false });
    }
  }
}
zip.end();
await written;
