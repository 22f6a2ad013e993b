import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { unpackZip } from '#engine/backend/provision/unpack.ts';
import { silentWork } from '#test/support/silent-work.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const library = Buffer.alloc(200_000, 'tensor');

async function wheel(folder: string): Promise<string> {
  const zip = new ZipFile();
  zip.addBuffer(library, 'tensorflow/libtensorflow_cc.so.2');
  zip.addBuffer(Buffer.from('python'), 'tensorflow/python/ops.py');
  zip.end();
  const file = join(folder, 'engine.whl');
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

const onlyLibraries = (name: string) => (name.includes('.so') ? name : undefined);

test('only what is wanted is unpacked, with its size and checksum', async () => {
  const folder = await temporaryFolder();
  const files = await unpackZip(await wheel(folder), join(folder, 'out'), onlyLibraries, silentWork());
  const sha256 = createHash('sha256').update(library).digest('hex');
  expect(files).toEqual([{ name: 'tensorflow/libtensorflow_cc.so.2', bytes: library.length, sha256 }]);
  expect(library.equals(await readFile(join(folder, 'out', 'tensorflow', 'libtensorflow_cc.so.2')))).toBe(true);
  expect(await readdir(join(folder, 'out', 'tensorflow'))).toEqual(['libtensorflow_cc.so.2']);
});

test('cancelled, it stops', async () => {
  const folder = await temporaryFolder();
  const stop = new AbortController();
  stop.abort();
  const unpacking = unpackZip(await wheel(folder), join(folder, 'out'), onlyLibraries, silentWork(stop.signal));
  await expect(unpacking).rejects.toMatchObject({ name: 'AbortError' });
});

test('a damaged archive throws', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'engine.whl');
  await writeFile(file, (await readFile(await wheel(folder))).subarray(0, -30));
  await expect(unpackZip(file, join(folder, 'out'), onlyLibraries, silentWork())).rejects.toThrow();
});
