import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { contentSecurityPolicy, fileFor, pageFile } from '#link/page-files.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

test.each([
  ['/', 'index.html'],
  ['/index.html', 'index.html'],
  ['/assets/a%20b.js', 'assets/a b.js'],
  ['//assets//a.js', 'assets/a.js'],
])('%s names %s', (pathname, file) => expect(fileFor('/page', pathname)).toBe(join('/page', file)));

test.each([
  '/../secret',
  '/assets/../../secret',
  '/%2e%2e/secret',
  '/..%2fsecret',
  '/%2e%2e%2f%2e%2e%2fetc/passwd',
  '/..%5csecret',
  '/..\\secret',
  '/.git/config',
  '/assets/.hidden.js',
  '/a%00.js',
  '/%',
  '/C:/windows/win.ini',
  '/file.js:stream',
])('%s names nothing', (pathname) => expect(fileFor('/page', pathname)).toBeNull());

test('only files of a page are answered, with their type and for how long they hold', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets/app-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'notes.txt'), 'private');
  const page = await pageFile(folder, '/');
  expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('text/html') } });
  expect(page.headers['cache-control']).toBe('no-cache');
  expect(await text(page.body)).toBe('<!doctype html>');
  const script = await pageFile(folder, '/assets/app-1a2b.js');
  expect(script.headers).toMatchObject({
    'content-length': '10',
    'cache-control': expect.stringContaining('immutable'),
  });
  expect(await text(script.body)).toBe('export {};');
  for (const missing of ['/assets', '/notes.txt', '/none.js', '/index.html/x.js']) {
    expect((await pageFile(folder, missing)).status, missing).toBe(404);
  }
});

test('the policy allows no foreign origin and no inline or evaluated script', () => {
  expect(contentSecurityPolicy).toContain("default-src 'none'");
  expect(contentSecurityPolicy).toContain("script-src 'self';");
  expect(contentSecurityPolicy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
});
