import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { receiveFile, safeName } from '#serve/upload.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const drop = '01234567-89ab-cdef-0123-456789abcdef';
const asked = (name: string, chosen = drop) => new URLSearchParams({ name, drop: chosen });

function body(chunks: readonly (string | Error)[], headers: Record<string, string> = {}): IncomingMessage {
  async function* parts() {
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk;
      yield Buffer.from(chunk);
    }
  }
  return Object.assign(Readable.from(parts()), { headers }) as unknown as IncomingMessage;
}

test.each([
  ['train-images.gz', 'train-images.gz'],
  ['../../etc/passwd', 'passwd'],
  ['..\\..\\windows\\win.ini', 'win.ini'],
  ['..', 'file'],
  ['...', 'file'],
  ['', 'file'],
  ['/', 'file'],
  ['.bashrc', 'bashrc'],
  ['a\0b\nc', 'a_b_c'],
  ['C:name', 'C_name'],
  ['数字 🖐.png', '数字 🖐.png'],
  ['Ａ e\u0301.png', 'Ａ é.png'],
])('%j is kept as %j', (name, kept) => expect(safeName(name)).toBe(kept));

test('a name that no file system takes is cut, at whole letters, and keeps its ending', () => {
  const kept = safeName(`${'数'.repeat(300)}.png`);
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(200);
  expect(kept).toMatch(/^数+\.png$/);
});

test('files of one drop lie together, equal names side by side', async () => {
  const folder = await temporaryFolder();
  const files = [
    await receiveFile(body(['one ', 'two']), asked('a.gz'), folder),
    await receiveFile(body(['three']), asked('../a.gz'), folder),
  ];
  expect(files.map(({ file }) => basename(file))).toEqual(['a.gz', 'a (2).gz']);
  expect(await readFile(files[0]!.file, 'utf8')).toBe('one two');
  expect((await readdir(join(folder, drop))).sort()).toEqual(['a (2).gz', 'a.gz']);
});

test('files that come at the same time with one name all stay', async () => {
  const folder = await temporaryFolder();
  const sent = ['1', '2', '3', '4'].map((text) => receiveFile(body([text]), asked('a.gz'), folder));
  const names = (await Promise.all(sent)).map(({ file }) => basename(file));
  expect(names.sort()).toEqual(['a (2).gz', 'a (3).gz', 'a (4).gz', 'a.gz']);
});

test.each([
  { folder: 'photos/cats', file: 'photos/cats/a.jpg', top: 'photos' },
  { folder: 'photos', file: 'photos/a.jpg', top: 'photos' },
  { folder: '/../..//photos/./x:y', file: 'photos/x_y/a.jpg', top: 'photos' },
  { folder: '..', file: 'a.jpg', top: 'a.jpg' },
])('a file of the folder "$folder" keeps its place in the drop', async ({ folder, file, top }) => {
  const uploads = await temporaryFolder();
  const parameters = new URLSearchParams({ name: 'a.jpg', folder, drop });
  const received = await receiveFile(body(['x']), parameters, uploads);
  expect(received).toEqual({ file: join(uploads, drop, file), top: join(uploads, drop, top) });
  expect(await readFile(received.file, 'utf8')).toBe('x');
});

test('folders without end are refused', async () => {
  const parameters = new URLSearchParams({ name: 'a', folder: 'a/'.repeat(33), drop });
  const sent = receiveFile(body(['x']), parameters, await temporaryFolder());
  await expect(sent).rejects.toMatchObject({ code: 'call/invalid' });
});

test.each([
  {
    title: 'says that it is too large',
    request: () => body(['x'], { 'content-length': '11' }),
    code: 'file/too-large',
  },
  { title: 'is too large without saying so', request: () => body(['123456', '7890x']), code: 'file/too-large' },
  { title: 'breaks off', request: () => body(['1', new Error('gone')]), code: 'file/unreadable' },
])('a file that $title leaves nothing behind', async ({ request, code }) => {
  const folder = await temporaryFolder();
  await expect(receiveFile(request(), asked('a'), folder, 10)).rejects.toMatchObject({ code });
  expect(await readdir(join(folder, drop)).catch(() => [])).toEqual([]);
});

test.each(['', '..', '../../x', 'a/b', drop.toUpperCase()])('the drop %j is refused', async (chosen) => {
  const folder = await temporaryFolder();
  await expect(receiveFile(body(['x']), asked('a', chosen), folder)).rejects.toMatchObject({ code: 'call/invalid' });
  expect(await readdir(folder)).toEqual([]);
});
