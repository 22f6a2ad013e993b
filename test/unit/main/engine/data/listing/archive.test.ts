import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ZipFile } from 'yazl';
import { listImages, ReadFailure, type Listing } from '#engine/data/listing/list-images.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

interface Part {
  readonly name: string;
  readonly bytes?: Buffer;
  readonly mode?: number;
}

const picture = (name: string): Part => ({ name, bytes: Buffer.from(name.repeat(20)) });
const pair = ['cat/1.jpg', 'cat/2.jpg', 'dog/1.jpg', 'dog/2.jpg'].map(picture);

/** @param edit changes the finished file's bytes */
async function archiveOf(parts: readonly Part[], edit?: (bytes: Buffer) => void, name = 'pets.zip'): Promise<string> {
  const file = join(await temporaryFolder(), name);
  const zip = new ZipFile();
  for (const { name: path, bytes, mode } of parts) {
    if (bytes) zip.addBuffer(bytes, path, { mtime: new Date(0), ...(mode !== undefined && { mode }) });
    else zip.addEmptyDirectory(path);
  }
  zip.end();
  await once(zip.outputStream.pipe(createWriteStream(file)), 'close');
  if (edit) {
    const bytes = await readFile(file);
    edit(bytes);
    await writeFile(file, bytes);
  }
  return file;
}

/** Writes another name of the same length wherever the first one stands. */
const renamed = (from: string, to: Buffer | string) => (bytes: Buffer) => {
  const name = Buffer.from(to);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) name.copy(bytes, at);
};

/** Where the central directory speaks of an entry; its fields lie at fixed places behind (APPNOTE.TXT 4.3.12). */
function directoryEntry(bytes: Buffer, name: string): number {
  const at = bytes.lastIndexOf(name) - 46;
  expect(bytes.readUInt32LE(at)).toBe(0x02014b50);
  return at;
}

async function list(...files: string[]): Promise<Listing> {
  const listing = await listImages(files);
  onTestFinished(() => listing.close());
  return listing;
}

const files = ({ images }: Listing) => images.map(({ file }) => file);
const rows = (listing: Listing) =>
  listing.rows.map(({ file, oddity, outcome, detail }) =>
    [file, oddity, outcome, ...(detail ? [detail] : [])].join(' '),
  );
const failing = async (image: Listing['images'][number] | undefined) => {
  const error = await image?.read().catch((thrown: unknown) => thrown);
  return error instanceof ReadFailure ? `${error.oddity}: ${error.detail}` : error;
};

test.each([
  ['class folders', ''],
  ['class folders within others', 'my/pets/'],
  ['a training folder', 'pets/train/'],
])('%s in an archive are read from memory', async (_, base) => {
  const parts = pair.map(({ name }) => picture(base + name));
  const listing = await list(await archiveOf([...parts, picture('__MACOSX/cat/._1.jpg'), picture('.DS_Store')]));
  expect(listing.kind).toBe('archive');
  expect(listing.name).toBe('pets');
  expect(listing.classes).toEqual(['cat', 'dog']);
  expect(listing.images.map(({ label, split }) => [label, split])).toEqual(
    [0, 0, 1, 1].map((label) => [label, 'train']),
  );
  expect(files(listing)).toEqual(parts.map(({ name }) => name));
  for (const image of listing.images) expect((await image.read()).toString()).toBe(image.file.repeat(20));
  expect(listing.rows).toEqual([]);
});

test('archives called train and test are splits', async () => {
  const train = await archiveOf(pair, undefined, 'train.zip');
  const other = await archiveOf(pair, undefined, 'test.zip');
  const listing = await list(other, train);
  expect(listing.images.map(({ file, split }) => `${split} ${file}`)).toEqual([
    ...pair.map(({ name }) => `train train/${name}`),
    ...pair.map(({ name }) => `test test/${name}`),
  ]);
});

test('an archive is known by its content too', async () => {
  expect(files(await list(await archiveOf(pair, undefined, 'pets.backup')))).toHaveLength(4);
});

test('what is not an image, lies beside the classes, or is empty, is named', async () => {
  const odd = [
    { name: 'eel/' },
    { name: 'cat/empty.jpg', bytes: Buffer.alloc(0) },
    picture('stray.jpg'),
    picture('cat/notes.txt'),
    picture('cat/more.zip'),
    { ...picture('cat/link.jpg'), mode: 0o120777 },
    { ...picture('cat/pipe.jpg'), mode: 0o010666 },
  ];
  const listing = await list(await archiveOf([...pair, ...odd]));
  expect(files(listing)).toEqual(pair.map(({ name }) => name));
  expect(rows(listing)).toEqual([
    'cat/empty.jpg empty skipped',
    'cat/link.jpg not-a-file skipped',
    'cat/more.zip not-an-image skipped',
    'cat/notes.txt not-an-image skipped',
    'cat/pipe.jpg not-a-file skipped',
    'eel empty-class skipped',
    'stray.jpg no-class skipped',
  ]);
});

test.each([
  ['../../../etc/x.jpg', 'outside'],
  ['dog/../../../x.jpg', 'outside'],
  ['/absolute/path.jpg', 'outside'],
  ['C:/Windows/me1.jpg', 'outside'],
])('an entry that leaves the archive is refused: %s', async (name, oddity) => {
  const stand = 'x'.repeat(name.length);
  const listing = await list(await archiveOf([...pair, picture(stand)], renamed(stand, name)));
  expect(files(listing)).toEqual(pair.map((part) => part.name));
  expect(rows(listing)).toEqual([`${name} ${oddity} skipped`]);
});

test('an entry with a name that another has is skipped', async () => {
  const listing = await list(await archiveOf([...pair, picture('cat/3.jpg')], renamed('cat/3.jpg', 'cat/1.jpg')));
  expect(files(listing)).toEqual(pair.map(({ name }) => name));
  expect(rows(listing)).toEqual(['cat/1.jpg bad-name skipped 2×']);
});

const utf8Flag = 0x0800;

test.each([
  ['UTF-8 as flagged', 'é日', true, Buffer.from('é日')],
  ['UTF-8 without the flag, as macOS writes it', 'é日', false, Buffer.from('é日')],
  ['CP437', 'éÄ_', false, Buffer.from([0x82, 0x8e, 0x5f])],
])('names: %s', async (_, name, flagged, bytes) => {
  const stand = 'dog/' + 'x'.repeat(bytes.length);
  const parts = [...pair, picture(`${stand}.jpg`)];
  const file = await archiveOf(parts, (archive) => {
    const at = directoryEntry(archive, stand);
    const flags = archive.readUInt16LE(at + 8);
    archive.writeUInt16LE(flagged ? flags | utf8Flag : flags & ~utf8Flag, at + 8);
    renamed(stand, Buffer.concat([Buffer.from('dog/'), bytes]))(archive);
  });
  const listing = await list(file);
  expect(files(listing)).toContain(`dog/${name}.jpg`);
  expect(listing.rows).toEqual([]);
});

test('a name that says UTF-8 and is not is written with its bytes', async () => {
  const file = await archiveOf([...pair, picture('dog/xx.jpg')], renamed('dog/xx', Buffer.from('dog/\xc3(', 'latin1')));
  expect(rows(await list(file))).toEqual(['dog/\\xc3(.jpg bad-name skipped']);
});

test.each([
  ['encrypted', 8, 1, 'unreadable skipped encrypted'],
  ['packed by another method', 10, 14, 'unreadable skipped compression 14'],
])('an entry that is %s is named', async (_, field, value, row) => {
  const file = await archiveOf(pair, (bytes) => bytes.writeUInt16LE(value, directoryEntry(bytes, 'dog/2.jpg') + field));
  const listing = await list(file);
  expect(rows(listing)).toContain(`dog/2.jpg ${row}`);
  expect(files(listing)).toHaveLength(3);
});

test.each([
  ['more than deflate can pack', 2 ** 24, /^dog\/2\.jpg damaged skipped \d+ → 16777216 bytes$/],
  ['more than an image may have', 2 ** 30, /^dog\/2\.jpg too-large skipped 1073741824 bytes$/],
])('an entry that claims %s is not unpacked', async (_, size, row) => {
  const file = await archiveOf(pair, (bytes) => bytes.writeUInt32LE(size, directoryEntry(bytes, 'dog/2.jpg') + 24));
  const listing = await list(file);
  expect(files(listing)).toHaveLength(3);
  expect(rows(listing).filter((each) => row.test(each))).toHaveLength(1);
});

test('an entry that holds more than it claims ends at what it claims', async () => {
  const bomb = { name: 'dog/3.jpg', bytes: Buffer.alloc(50_000_000) };
  const file = await archiveOf([...pair, bomb], (bytes) => {
    bytes.writeUInt32LE(1000, directoryEntry(bytes, 'dog/3.jpg') + 24);
  });
  const listing = await list(file);
  expect(await failing(listing.images.at(-1))).toBe('damaged: ERR_BUFFER_TOO_LARGE');
});

test('damage to one entry ends nothing else', async () => {
  const file = await archiveOf(pair, (bytes) => {
    const at = bytes.indexOf('cat/2.jpg') + 'cat/2.jpg'.length;
    bytes[at + 3] = (bytes[at + 3] ?? 0) ^ 0xff;
    bytes.writeUInt32LE(0, bytes.indexOf('dog/1.jpg') - 30);
  });
  const listing = await list(file);
  const outcomes = await Promise.all(listing.images.map(failing));
  expect(outcomes.map((outcome) => (typeof outcome === 'string' ? outcome.split(':')[0] : 'read'))).toEqual([
    'read',
    'damaged',
    'damaged',
    'read',
  ]);
});

test('an archive that becomes shorter after it was listed gives what is left', async () => {
  const file = await archiveOf(pair);
  const listing = await list(file);
  await truncate(file, 60);
  expect(await failing(listing.images[3])).toMatch(/^(truncated|damaged)/);
});

test('overlapping entries are refused: 42.zip and its kin', async () => {
  const parts = Array.from({ length: 40 }, (_, number) => picture(`cat/${number}.jpg`));
  const noise = { name: 'dog/1.jpg', bytes: Buffer.from(Array.from({ length: 9000 }, (_, at) => (at * at * 31) >> 3)) };
  const file = await archiveOf([noise, ...parts], (bytes) => {
    const from = directoryEntry(bytes, noise.name);
    for (const { name } of parts) {
      const to = directoryEntry(bytes, name);
      bytes.copy(bytes, to + 16, from + 16, from + 28); // checksum and sizes
      bytes.copy(bytes, to + 42, from + 42, from + 46); // place
    }
  });
  await expect(listImages([file])).rejects.toMatchObject({ code: 'data/archive-damaged', details: { file } });
});

test.each([
  ['cut short', (bytes: Buffer) => bytes.fill(0, bytes.length - 22)],
  ['no zip at all', (bytes: Buffer) => bytes.fill(0x20)],
  ['with a torn directory', (bytes: Buffer) => bytes.fill(0, directoryEntry(bytes, 'dog/1.jpg'), bytes.length - 22)],
])('an archive that is %s is named', async (_, edit) => {
  const file = await archiveOf(pair, edit);
  await expect(listImages([file])).rejects.toMatchObject({ code: 'data/archive-damaged', details: { file } });
});

test('after an archive was closed nothing is read from it', async () => {
  const listing = await listImages([await archiveOf(pair)]);
  await listing.close();
  await listing.close();
  expect(await failing(listing.images[0])).toMatch(/^(unreadable|damaged)/);
});
