import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listImages, ReadFailure, type Listing } from '#engine/data/listing/list-images.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const notHere = process.platform === 'win32' ? 'needs links and pipes of Unix' : '';
const linuxOnly = process.platform === 'linux' ? '' : 'needs file names that are bytes';
const why = (reason: string) => (reason ? ` (skipped: ${reason})` : '');

/** Two classes of two images each. */
async function pair(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ['cat', 'dog']) {
    await mkdir(join(folder, name));
    for (const file of ['1.jpg', '2.jpg']) await writeFile(join(folder, name, file), name + file);
  }
  return folder;
}

const usual = ['cat/1.jpg', 'cat/2.jpg', 'dog/1.jpg', 'dog/2.jpg'];
const files = ({ images }: Listing) => images.map(({ file }) => file);
const rows = ({ rows: all }: Listing) =>
  all.map(({ file, oddity, outcome, detail }) => [file, oddity, outcome, ...(detail ? [detail] : [])].join(' '));

test.skipIf(notHere)(`links: each with its reason, and no file twice${why(notHere)}`, async () => {
  const folder = await pair();
  const elsewhere = await pair();
  await mkdir(join(folder, '.store/inner'), { recursive: true });
  await writeFile(join(folder, '.store/a.jpg'), 'a');
  await writeFile(join(folder, '.store/inner/b.jpg'), 'b');
  const link = (target: string, at: string) => symlink(target, join(folder, at));
  await link('../cat/1.jpg', 'dog/twin.jpg'); // used under its own name
  await link('../.store/a.jpg', 'dog/a.jpg'); // the only way to it
  await link('../.store/a.jpg', 'dog/a-again.jpg');
  await link('../.store/inner', 'cat/inner');
  await link('../.store/inner', 'dog/inner');
  await link('nowhere.jpg', 'cat/broken.jpg');
  await link(join(elsewhere, 'cat/1.jpg'), 'cat/outside.jpg');
  await link(elsewhere, 'cat/outside');
  await link('/dev/zero', 'cat/zero.jpg');
  await link('..', 'cat/up');
  await link('.', 'dog/here');
  await link('self.jpg', 'dog/self.jpg');
  await link('cat', 'alias');
  const listing = await listImages([folder]);
  expect(files(listing)).toEqual([
    'cat/1.jpg',
    'cat/2.jpg',
    'cat/inner/b.jpg',
    'dog/1.jpg',
    'dog/2.jpg',
    'dog/a-again.jpg',
  ]);
  expect(rows(listing)).toEqual([
    'alias duplicate skipped cat',
    'cat/broken.jpg broken-link skipped',
    'cat/outside outside skipped',
    'cat/outside.jpg outside skipped',
    'cat/up loop skipped',
    'cat/zero.jpg outside skipped',
    'dog/a.jpg duplicate skipped dog/a-again.jpg',
    'dog/here loop skipped',
    'dog/inner duplicate skipped .store/inner',
    'dog/self.jpg loop skipped',
    'dog/twin.jpg duplicate skipped cat/1.jpg',
  ]);
  const linked = listing.images.find(({ file }) => file === 'cat/inner/b.jpg');
  expect((await linked!.read()).toString()).toBe('b');
});

test.skipIf(notHere)(`folders that link to each other end${why(notHere)}`, async () => {
  const folder = await pair();
  const names = Array.from({ length: 12 }, (_, number) => `x${number}`);
  for (const name of names) await mkdir(join(folder, name));
  for (const from of names) {
    await writeFile(join(folder, from, '1.jpg'), from);
    for (const to of names) await symlink(join('..', to), join(folder, from, `to-${to}`));
  }
  const listing = await listImages([folder]);
  expect(files(listing)).toEqual([...usual, ...names.map((name) => `${name}/1.jpg`).sort()]);
  const oddities = new Set(listing.rows.map(({ oddity }) => oddity));
  expect(oddities).toEqual(new Set(['duplicate', 'loop', 'single-image-class']));
});

test.skipIf(notHere)(`a split that is a link to another is said once${why(notHere)}`, async () => {
  const folder = await temporaryFolder();
  for (const path of ['train/cat', 'train/dog', 'test/cat', 'test/dog']) {
    await mkdir(join(folder, path), { recursive: true });
    for (const file of ['1.jpg', '2.jpg']) await writeFile(join(folder, path, file), path + file);
  }
  await symlink('test', join(folder, 'val'));
  const listing = await listImages([folder]);
  expect(listing.images).toHaveLength(8);
  expect(rows(listing)).toEqual(['val duplicate skipped test']);
});

test.skipIf(notHere)(`a linked folder may be dropped${why(notHere)}`, async () => {
  const folder = await pair();
  const link = join(await temporaryFolder(), 'animals');
  await symlink(folder, link);
  const listing = await listImages([link]);
  expect(listing.name).toBe('animals');
  expect(files(listing)).toEqual(usual);
});

test.skipIf(notHere)(`pipes, sockets and devices are never opened${why(notHere)}`, async () => {
  const folder = await pair();
  execFileSync('mkfifo', [join(folder, 'cat/pipe.jpg')]);
  const server = createServer().listen(join(folder, 'cat/socket.jpg'));
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  await symlink('pipe.jpg', join(folder, 'cat/to-pipe.jpg'));
  const listing = await listImages([folder]);
  expect(files(listing)).toEqual(usual);
  expect(rows(listing)).toEqual([
    'cat/pipe.jpg not-a-file skipped pipe',
    'cat/socket.jpg not-a-file skipped socket',
    'cat/to-pipe.jpg not-a-file skipped pipe',
  ]);
  await expect(listImages([join(folder, 'cat/pipe.jpg')])).rejects.toMatchObject({ code: 'data/unknown-format' });
});

test.skipIf(notHere)(`what changes after the listing is said when it is read${why(notHere)}`, async () => {
  const folder = await pair();
  const listing = await listImages([folder]);
  const [vanished, piped, linked, grown] = listing.images;
  const path = (file: string) => join(folder, file);
  await unlink(path('cat/1.jpg'));
  await rename(path('cat/2.jpg'), path('cat/old'));
  execFileSync('mkfifo', [path('cat/2.jpg')]);
  await rm(path('dog/1.jpg'));
  await mkdir(path('dog/1.jpg'));
  execFileSync('truncate', ['-s', '3G', path('dog/2.jpg')]);
  const failing = (image: Listing['images'][number] | undefined) =>
    image!.read().then(
      () => 'read',
      (error: unknown) => (error instanceof ReadFailure ? error.oddity : error),
    );
  expect(await Promise.all([vanished, piped, linked, grown].map(failing))).toEqual([
    'vanished',
    'not-a-file',
    'not-a-file',
    'too-large',
  ]);
});

test('names of every legal kind are found and read', async () => {
  const folder = await pair();
  const names = [
    'a b.jpg',
    '-rf.jpg',
    '%03d.jpg',
    'it\'s "quoted".jpg',
    'new\nline.jpg',
    'tab\t.jpg',
    'back\\slash.jpg',
    'star*?<>|.jpg',
    '😀.jpg',
    'שלום\u202e.jpg',
    '日本語.jpg',
    'caf\u00e9.jpg',
    'cafe\u0301.jpg',
    '\ufffd.jpg',
    '\ufeffbom.jpg',
    `${'x'.repeat(251)}.jpg`,
    `${'é'.repeat(125)}.jpg`,
    'UPPER.JPG',
    '$HOME.jpg',
    '1.jpg.png',
  ].filter((name) => process.platform !== 'win32' || !/[\n\t"\\*?<>|]/.test(name));
  for (const name of names) await writeFile(join(folder, 'dog', name), name);
  const listing = await listImages([folder]);
  expect(rows(listing)).toEqual([]);
  const found = listing.images.filter(({ label }) => label === 1);
  expect(found.map(({ file }) => file).toSorted()).toEqual(
    [...names, '1.jpg', '2.jpg'].map((name) => `dog/${name}`).toSorted(),
  );
  for (const image of found.filter(({ file }) => names.includes(file.slice(4)))) {
    expect(`dog/${(await image.read()).toString()}`).toBe(image.file);
  }
});

test.skipIf(linuxOnly)(`names that are no text are written with their bytes${why(linuxOnly)}`, async () => {
  const folder = await pair();
  const at = (...bytes: number[]) => Buffer.concat([Buffer.from(`${folder}/cat/`), Buffer.from(bytes)]);
  await writeFile(at(0x61, 0xff, 0x2e, 0x6a, 0x70, 0x67), 'x');
  await mkdir(at(0xc3, 0x28));
  await writeFile(join(folder, 'cat/\ufffd.jpg'), 'truly so');
  const listing = await listImages([folder]);
  expect(files(listing)).toEqual(['cat/1.jpg', 'cat/2.jpg', 'cat/\ufffd.jpg', 'dog/1.jpg', 'dog/2.jpg']);
  expect(rows(listing)).toEqual(['cat/\\xc3( bad-name skipped', 'cat/a\\xff.jpg bad-name skipped']);
});

test('files without bytes, and files far too large, are named without being read', async () => {
  const folder = await pair();
  await writeFile(join(folder, 'cat/empty.jpg'), '');
  execFileSync('truncate', ['-s', '300M', join(folder, 'cat/vast.jpg')]);
  const listing = await listImages([folder]);
  expect(files(listing)).toEqual(usual);
  expect(rows(listing)).toEqual(['cat/empty.jpg empty skipped', 'cat/vast.jpg too-large skipped 314572800 bytes']);
});

test.skipIf(notHere)(`folders and files that may not be read are named${why(notHere)}`, async () => {
  const folder = await pair();
  const closed = join(folder, 'eel');
  await mkdir(closed);
  await chmod(closed, 0);
  await chmod(join(folder, 'dog/2.jpg'), 0);
  onTestFinished(() => chmod(closed, 0o700));
  await chmod(folder, 0o755);
  asNobody();
  const listing = await listImages([folder]);
  expect(files(listing)).toEqual(usual);
  expect(rows(listing)).toContain('eel unreadable skipped EACCES');
  await expect(listing.images[3]!.read()).rejects.toMatchObject({ oddity: 'unreadable', detail: 'EACCES' });
  await expect(listImages([closed])).rejects.toMatchObject({ code: 'file/unreadable', details: { reason: 'EACCES' } });
});

/** Root may read everything, so until the test ends it is somebody else. */
function asNobody(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.(65_534);
  onTestFinished(() => process.seteuid?.(0));
}

test('20,000 files are listed in well under the time of a first screen', async () => {
  const folder = await temporaryFolder();
  const perClass = 1000;
  for (let label = 0; label < 20; label++) {
    const path = join(folder, `class ${label}`);
    await mkdir(path);
    const numbers = Array.from({ length: perClass }, (_, number) => number);
    await Promise.all(numbers.map((number) => writeFile(join(path, `image-${number}.jpg`), 'x')));
  }
  const began = performance.now();
  const listing = await listImages([folder]);
  const took = performance.now() - began;
  expect(listing.images).toHaveLength(20_000);
  expect(listing.classes).toHaveLength(20);
  expect(took).toBeLessThan(10_000); // 0.4 s alone on two cores; what it may not be is quadratic
});
