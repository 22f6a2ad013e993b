import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';

/** Of all features of a project together. */
export const mostFeatures = 20 * 2 ** 30;
/** Left free on the disk. */
const spare = 2 ** 30;

/**
 * Makes room for so many bytes of features: those that were used longest ago go. False when it would be too much even
 * then. Fails: `file/not-writable`.
 * @param keys of files that stay
 */
export async function makeRoom(
  folder: string,
  bytes: number,
  keys: readonly string[],
  most = mostFeatures,
): Promise<boolean> {
  await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
    throw fileFailure(thrown, folder, 'writing');
  });
  const names = ((await ifPresent(readdir(folder))) ?? []).filter((name) => name.endsWith('.f32'));
  const files = await Promise.all(
    names.map(async (name) => {
      const { blocks, mtimeMs } = await stat(join(folder, name));
      return { key: name.slice(0, -4), bytes: blocks * 512, used: mtimeMs };
    }),
  );
  const others = files.filter(({ key }) => !keys.includes(key)).sort((a, b) => a.used - b.used);
  const { bavail, bsize } = await statfs(folder);
  let free = bavail * bsize - spare;
  let taken = others.reduce((sum, file) => sum + file.bytes, 0);
  const here = files.filter(({ key }) => keys.includes(key)).reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > most || bytes - here > free + taken) return false;
  for (const file of others) {
    if (taken + bytes <= most && bytes - here <= free) break;
    await rm(join(folder, `${file.key}.have`), { force: true });
    await rm(join(folder, `${file.key}.f32`), { force: true });
    taken -= file.bytes;
    free += file.bytes;
  }
  return true;
}
