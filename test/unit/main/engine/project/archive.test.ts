import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { archiveProject } from '#engine/project/archive.ts';
import { unpackArchive } from '#engine/project/unpack.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const weights = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919) % 251));

async function filled() {
  const project = await openProject();
  await project.rename('Digits');
  await mkdir(join(project.runsFolder, 'one', 'checkpoints'), { recursive: true });
  await writeFile(join(project.runsFolder, 'one', 'history.jsonl'), '{"epoch":1}\n');
  await writeFile(join(project.runsFolder, 'one', 'batches.jsonl'), '');
  await writeFile(join(project.runsFolder, 'one', 'checkpoints', 'last.safetensors'), weights);
  await writeFile(join(project.trashFolder, 'old'), 'old');
  return project;
}

const namesIn = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

test('a project goes into one file and comes out the same', async () => {
  const project = await filled();
  const folder = await temporaryFolder();
  const file = join(folder, 'digits.zip');
  const { bytes } = await archiveProject(project, file);
  expect((await readFile(file)).length).toBe(bytes);
  expect(await readdir(folder)).toEqual(['digits.zip']);

  const copy = join(folder, 'copy');
  await unpackArchive(file, copy);
  expect(await namesIn(copy)).toEqual([
    'project.json',
    ...['runs', 'runs/one', 'runs/one/batches.jsonl', 'runs/one/checkpoints', 'runs/one/checkpoints/last.safetensors'],
    'runs/one/history.jsonl',
  ]);
  expect(await readFile(join(copy, 'runs/one/checkpoints/last.safetensors'))).toEqual(weights);
  expect((await openProject(copy)).name).toBe('Digits');
});

test('an archive inside its own project does not hold itself, nor links', async () => {
  const project = await filled();
  await symlink('/etc/hosts', join(project.dataFolder, 'link'));
  const file = join(project.folder, 'digits.zip');
  await archiveProject(project, file);
  await archiveProject(project, file);
  const copy = join(await temporaryFolder(), 'copy');
  await unpackArchive(file, copy);
  expect(await readdir(copy)).toEqual(['project.json', 'runs']);
});

test('a place that cannot be written is said, and nothing is left', async () => {
  const project = await filled();
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'taken.zip'));
  const taken = archiveProject(project, join(folder, 'taken.zip'));
  await expect(taken).rejects.toMatchObject({ code: 'file/not-writable' });
  await expect(archiveProject(project, join(folder, 'none', 'a.zip'))).rejects.toMatchObject({ code: 'file/missing' });
  expect(await namesIn(folder)).toEqual(['taken.zip']);
});

describe('unpacking refuses', () => {
  test('a folder that is not empty, or a file', async () => {
    const { file, folder } = await zipOf({ 'project.json': '{}' });
    await writeFile(join(folder, 'file'), '');
    const refused = { code: 'project/folder-not-empty' };
    await expect(unpackArchive(file, folder)).rejects.toMatchObject(refused);
    await expect(unpackArchive(file, join(folder, 'file'))).rejects.toMatchObject(refused);
  });

  test('an archive that is not there', async () => {
    const folder = await temporaryFolder();
    await expect(unpackArchive(join(folder, 'a.zip'), join(folder, 'new'))).rejects.toMatchObject({
      code: 'file/missing',
    });
  });

  const hostile: [string, (zip: Buffer) => Buffer][] = [
    ['a name with ..', (zip) => replaced(zip, 'runs/one', '../../on')],
    ['an absolute name', (zip) => replaced(zip, 'runs/one', '/tmp/one')],
    ['a drive', (zip) => replaced(zip, 'runs/one', 'C:/s/one')],
    ['a name with backslashes', (zip) => replaced(zip, 'runs/one', '..\\..\\on')],
    ['a name twice', (zip) => replaced(zip, 'runs/one', 'runs/two')],
    ['a name twice but for its case', (zip) => replaced(zip, 'runs/one', 'RUNS/TWO')],
    ['no project.json', (zip) => replaced(zip, 'project.json', 'projekt.json')],
    ['a link', (zip) => attribute(zip, 0o120777)],
    ['a wrong byte in a file', (zip) => replaced(zip, 'first run', 'fIrst run')],
    ['a wrong checksum', (zip) => replaced(zip, sumOf('first run'), sumOf('other run'))],
    ['a cut-off end', (zip) => zip.subarray(0, -10)],
    ['half of it', (zip) => zip.subarray(0, zip.length / 2)],
    ['nothing', () => Buffer.alloc(0)],
    ['text', () => Buffer.from('This is no archive.'.repeat(10))],
    ['a declared size beyond what it can hold', (zip) => declared(zip, 0xfff_ffff)],
  ];
  test.each(hostile)('%s', async (_, spoil) => {
    const content = { 'project.json': '{}', 'runs/one': 'first run', 'runs/two': 'second run' };
    const { file, folder } = await zipOf(content);
    await writeFile(file, spoil(await readFile(file)));
    const before = await namesIn(folder);
    const refused = { code: 'project/archive-damaged', details: { file } };
    await expect(unpackArchive(file, join(folder, 'new'))).rejects.toMatchObject(refused);
    expect(await namesIn(folder)).toEqual(before);
  });

  test('every truncation', async () => {
    const { file, folder } = await zipOf({ 'project.json': '{}', 'runs/one': 'first run' });
    const { length } = await readFile(file);
    for (let left = length - 1; left >= 0; left--) {
      await truncate(file, left);
      const refused = unpackArchive(file, join(folder, 'new'));
      await expect(refused, `${left} bytes`).rejects.toMatchObject({ code: 'project/archive-damaged' });
    }
  });
});

/** Uncompressed, so that tests can change its bytes. */
async function zipOf(files: Record<string, string>): Promise<{ file: string; folder: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'archive.zip');
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name, { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  return { file, folder };
}

function replaced(zip: Buffer, from: string | Buffer, to: string | Buffer): Buffer {
  const spoiled = Buffer.from(zip);
  for (let at = spoiled.indexOf(from); at >= 0; at = spoiled.indexOf(from, at + 1)) spoiled.set(Buffer.from(to), at);
  expect(spoiled.equals(zip)).toBe(false);
  return spoiled;
}

function sumOf(text: string): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(text));
  return sum;
}

/** Offset of the last file's header in the central directory (APPNOTE 4.3.12). */
const lastHeader = (zip: Buffer) => zip.lastIndexOf(Buffer.from('504b0102', 'hex'));

function attribute(zip: Buffer, mode: number): Buffer {
  const spoiled = Buffer.from(zip);
  spoiled.writeUInt32LE((mode << 16) >>> 0, lastHeader(zip) + 38);
  return spoiled;
}

function declared(zip: Buffer, size: number): Buffer {
  const spoiled = Buffer.from(zip);
  spoiled.writeUInt16LE(8, lastHeader(zip) + 10); // deflated: stored sizes must agree anyway
  spoiled.writeUInt32LE(size, lastHeader(zip) + 24);
  return spoiled;
}

test('both ways tell how far they are in bytes, and leave nothing when they are cancelled', async () => {
  const project = await filled();
  const folder = await temporaryFolder();
  const file = join(folder, 'digits.heatlens');
  const told: number[][] = [];
  const tell = (done: number, total: number) => void told.push([done, total]);
  await archiveProject(project, file, { tell });
  const [done, total] = told.at(-1) ?? [];
  expect(done).toBe(total);
  expect(total).toBeGreaterThan(weights.length);

  told.length = 0;
  await unpackArchive(file, join(folder, 'copy'), { tell });
  expect(told.at(-1)).toEqual([total, total]);

  const signal = AbortSignal.abort();
  const cancelled = { code: 'call/cancelled' };
  await expect(archiveProject(project, join(folder, 'b.heatlens'), { signal })).rejects.toMatchObject(cancelled);
  await expect(unpackArchive(file, join(folder, 'b'), { signal })).rejects.toMatchObject(cancelled);
  expect((await readdir(folder)).sort()).toEqual(['copy', 'digits.heatlens']);
});
