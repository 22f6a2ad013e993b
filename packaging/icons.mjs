import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { root, stagedIcons } from './places.mjs';

const drawing = join(root, 'assets', 'icons', 'heatlens.svg');

/** Pixels. Linux installs each under its size; the others are packed together. */
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Windows scales down from 256, and looks for these first. */
const icoSizes = [16, 24, 32, 48, 64, 128, 256];
/** Apple's name of each size; those of a Retina display have names of their own. All take PNG since macOS 10.7. */
const icnsTypes = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

/**
 * Every icon of every system from the one drawing: `16x16.png` … `1024x1024.png`, `icon.ico`, `icon.icns`.
 * @returns {Promise<string[]>} the files' names
 */
export async function makeIcons(folder = stagedIcons) {
  mkdirSync(folder, { recursive: true });
  const pictures = new Map(
    await Promise.all(sizes.map(async (size) => /** @type {const} */ ([size, await draw(size)]))),
  );
  const files = new Map(sizes.map((size) => [`${size}x${size}.png`, pictures.get(size)]));
  files.set('icon.ico', ico(icoSizes.map((size) => ({ size, png: pictures.get(size) }))));
  files.set('icon.icns', icns(icnsTypes.map(([type, size]) => ({ type, png: pictures.get(size) }))));
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  return [...files.keys()];
}

/** The drawing is 64 units wide; at this density it is drawn at its size, not enlarged. */
const draw = (size) =>
  sharp(drawing, { density: (72 * size) / 64 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer();

/**
 * A Windows icon of PNGs (since Vista): a header of 6 bytes, 16 for each picture, then the pictures.
 * @param {{ size: number, png: Buffer }[]} pictures
 */
export function ico(pictures) {
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2); // an icon, not a cursor
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [place, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * place;
    header.writeUInt8(size % 256, at); // 256 is written as 0
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4); // planes
    header.writeUInt16LE(32, at + 6); // bits a pixel
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}

/**
 * An Apple icon: `icns`, the length of the file, then for each picture its type, its length with these 8 bytes, its PNG.
 * @param {{ type: string, png: Buffer }[]} pictures
 */
export function icns(pictures) {
  const parts = pictures.map(({ type, png }) => Buffer.concat([heading(type, png.length), png]));
  const body = Buffer.concat(parts);
  return Buffer.concat([heading('icns', body.length), body]);
}

function heading(type, length) {
  const bytes = Buffer.alloc(8);
  bytes.write(type, 'latin1');
  bytes.writeUInt32BE(length + 8, 4);
  return bytes;
}
