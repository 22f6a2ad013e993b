import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { temporaryFolder } from './temporary-folder.ts';

type Colour = readonly [number, number, number];

/** An image of one colour. */
export function plainPng(colour: Colour, width = 8, height = 6): Promise<Buffer> {
  const [r, g, b] = colour;
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
}

/**
 * Class folders of plain PNG files, each of its own colour, with other files beside them.
 * @param classes how many images each class folder has, by its path
 * @param more bytes of further files, by path
 */
export async function photoFolder(
  classes: Readonly<Record<string, number>>,
  more: Readonly<Record<string, Buffer | string>> = {},
): Promise<string> {
  const folder = join(await temporaryFolder(), 'photos');
  let colour = 0;
  for (const [name, images] of Object.entries(classes)) {
    await mkdir(join(folder, name), { recursive: true });
    for (let index = 0; index < images; index++) {
      const file = join(folder, name, `${String(index).padStart(3, '0')}.png`);
      await writeFile(file, await plainPng([++colour % 256, (colour * 7) % 256, (colour * 31) % 256]));
    }
  }
  for (const [file, content] of Object.entries(more)) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await writeFile(join(folder, file), content);
  }
  return folder;
}
