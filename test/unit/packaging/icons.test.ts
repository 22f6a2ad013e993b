import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { icns, ico, makeIcons } from '../../../packaging/icons.mjs';

test('the one drawing becomes a PNG of each size, sharp and see-through around it', async () => {
  const folder = await temporaryFolder();
  const names = await makeIcons(folder);
  expect(names).toHaveLength(11);
  for (const size of [16, 512]) {
    const picture = sharp(join(folder, `${size}x${size}.png`));
    expect(await picture.metadata()).toMatchObject({ width: size, height: size, hasAlpha: true });
    const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const alpha = (x: number, y: number) => data[(y * size + x) * info.channels + 3];
    expect([alpha(0, 0), alpha(size / 2, size / 2)]).toEqual([0, 255]);
  }
});

test("Windows' and Apple's files hold the pictures where their tables say", async () => {
  const folder = await temporaryFolder();
  await makeIcons(folder);
  const windows = await readFile(join(folder, 'icon.ico'));
  const count = windows.readUInt16LE(4);
  const sizes = Array.from({ length: count }, (_, place) => {
    const at = 6 + 16 * place;
    const [length, offset] = [windows.readUInt32LE(at + 8), windows.readUInt32LE(at + 12)];
    return { said: windows[at]! || 256, picture: windows.subarray(offset, offset + length) };
  });
  for (const { said, picture } of sizes) expect((await sharp(picture).metadata()).width).toBe(said);
  const apple = await readFile(join(folder, 'icon.icns'));
  expect(apple.subarray(0, 4).toString()).toBe('icns');
  expect(apple.readUInt32BE(4)).toBe(apple.length);
  const widths: Record<string, number> = {};
  for (let at = 8; at < apple.length; at += apple.readUInt32BE(at + 4)) {
    const picture = apple.subarray(at + 8, at + apple.readUInt32BE(at + 4));
    widths[apple.subarray(at, at + 4).toString()] = (await sharp(picture).metadata()).width;
  }
  expect(widths).toMatchObject({ icp4: 16, ic07: 128, ic09: 512, ic10: 1024, ic11: 32, ic14: 512 });
});

test('a size of 256 is written as 0', () => {
  expect(ico([{ size: 256, png: Buffer.from('png') }])[6]).toBe(0);
  expect(icns([{ type: 'ic08', png: Buffer.from('png') }])).toHaveLength(8 + 8 + 3);
});
