import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const photos = join(import.meta.dirname, '..', 'fixtures', 'photos');

/** As people have them: of several sizes and forms, some turned by the camera, one with nothing behind what it shows. */
const ways: readonly (readonly [extension: string, way: (photo: Sharp) => Sharp])[] = [
  ['jpg', (photo) => photo.jpeg({ quality: 92 })],
  ['png', (photo) => photo.png()],
  ['jpg', (photo) => photo.jpeg().withMetadata({ orientation: 6 })],
  ['webp', (photo) => photo.webp({ lossless: true })],
  ['jpg', (photo) => photo.greyscale().jpeg()],
  ['png', (photo) => photo.ensureAlpha(0.4).png()],
];

/** A folder of photos for each of two classes, in places of their own. @param images of each */
export async function twoPhotoFolders(folder: string, images: number): Promise<[string, string]> {
  const made = [
    ['chelsea.jpg', join(folder, 'at home', 'My cats')],
    ['astronaut.jpg', join(folder, 'from work', 'astronauts')],
  ] as const;
  for (const [photo, target] of made) {
    await mkdir(target, { recursive: true });
    const { width, height } = await sharp(join(photos, photo)).metadata();
    for (let number = 0; number < images; number++) {
      const [extension, way] = ways[number % ways.length]!;
      const sides = { width: 80 + ((number * 29) % 90), height: 70 + ((number * 17) % 80) };
      const left = (number * 37) % (width - sides.width);
      const top = (number * 53) % (height - sides.height);
      const piece = sharp(join(photos, photo)).extract({ left, top, ...sides });
      await way(piece).toFile(join(target, `${String(number).padStart(2, '0')}.${extension}`));
    }
  }
  return [made[0][1], made[1][1]];
}
