import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { namesAProtocol, refuseLists } from '#engine/video/ffmpeg/refused.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test.each([
  ['http://a/b.mp4', true],
  ['concat:a.mp4|b.mp4', true],
  ['subfile,,start,0,end,9,,:/a.mp4', false],
  ['C:\\films\\a.mp4', false],
  ['/films/a:b.mp4', false],
])('%s names a protocol: %s', (path, expected) => expect(namesAProtocol(path)).toBe(expected));

test.each([
  ['\ufeff#EXTM3U\n', 'film/refused'],
  ['\n\n  #EXTM3U\n', 'film/refused'],
  ['<?xml version="1.0"?>\n<!-- a -->\n<MPD/>', 'film/refused'],
  ['[Reference]\nRef1=http://a/', 'film/refused'],
  ['https://example.org/a.mp4', 'film/refused'],
  ['', 'film/empty'],
])('a file that begins with %j is %s', async (content, code) => {
  const path = join(await temporaryFolder(), 'a.mp4');
  await writeFile(path, content);
  await expect(refuseLists(path)).rejects.toMatchObject({ code });
});

test('other files pass, with their size; folders and missing ones do not', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.mp4'), 'anything');
  expect(await refuseLists(join(folder, 'a.mp4'))).toBe(8);
  await mkdir(join(folder, 'b'));
  await expect(refuseLists(join(folder, 'b'))).rejects.toMatchObject({ code: 'film/refused' });
  await expect(refuseLists(join(folder, 'c'))).rejects.toMatchObject({ code: 'file/missing' });
});
