import { existsSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rangeOf, serveMedia, type Media } from '#engine/media.ts';
import { fetchPicture } from '#link/pictures.ts';

const body = Buffer.from('0123456789');
const reported: unknown[] = [];
let media: Media;

beforeAll(async () => {
  media = await serveMedia(
    (path, query) => {
      if (path === '/broken') return Promise.reject(new Error('not foreseen'));
      const file = { path: fileURLToPath(import.meta.url), size: statSync(fileURLToPath(import.meta.url)).size };
      if (path === '/pictures/file') return Promise.resolve({ status: 200, headers: {}, body: Buffer.alloc(0), file });
      const headers = { 'Content-Type': 'image/png', 'X-Query': query.get('q') ?? '' };
      return Promise.resolve({ status: path === '/pictures/none' ? 404 : 200, headers, body });
    },
    (thrown) => reported.push(thrown),
  );
});

afterAll(() => media.close());

test.each([
  [undefined, 'whole'],
  ['bytes=0-3', { start: 0, end: 3 }],
  ['bytes=4-', { start: 4, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-30', { start: 0, end: 9 }],
  ['bytes=8-99', { start: 8, end: 9 }],
  ['bytes=10-', 'outside'],
  ['bytes=-0', 'outside'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,4-5', 'whole'],
  ['lines=1-2', 'whole'],
])('the range %s of ten bytes is %j', (header, range) => expect(rangeOf(header, 10)).toEqual(range));

test.each([
  { path: '/pictures/a', range: undefined, status: 200, said: '0123456789' },
  { path: '/pictures/a', range: 'bytes=2-4', status: 206, said: '234' },
  { path: '/pictures/a', range: 'bytes=20-', status: 416, said: '' },
  { path: '/pictures/none', range: 'bytes=2-4', status: 404, said: '0123456789' },
])('a host passes $path with range $range on as $status', async ({ path, range, status, said }) => {
  const reply = await fetchPicture(media.address, path, range);
  expect([reply.status, await text(reply.body)]).toEqual([status, said]);
  if (status === 206) expect(reply.headers).toMatchObject({ 'content-range': 'bytes 2-4/10', 'content-length': '3' });
  expect(reply.headers).not.toHaveProperty('x-query');
});

test('a file is sent as it lies on the disk, whole or in part', async () => {
  const whole = readFileSync(fileURLToPath(import.meta.url), 'utf8');
  expect(await text((await fetchPicture(media.address, '/pictures/file')).body)).toBe(whole);
  const { status, headers, body } = await fetchPicture(media.address, '/pictures/file', 'bytes=7-17');
  expect([status, await text(body)]).toEqual([206, whole.slice(7, 18)]);
  expect(headers).toMatchObject({ 'content-range': `bytes 7-17/${whole.length}`, 'content-length': '11' });
});

test('nobody else may enter the folder of the socket', () => {
  expect(statSync(dirname(media.address)).mode & 0o777).toBe(0o700);
});

test('only reading is possible', async () => {
  const status = await new Promise((settle) => {
    request({ socketPath: media.address, method: 'POST', path: '/pictures/a' }, (answer) =>
      settle(answer.statusCode),
    ).end();
  });
  expect(status).toBe(405);
});

test('a failure that nobody foresaw is reported, and answered as an engine that is not there', async () => {
  expect((await fetchPicture(media.address, '/broken')).status).toBe(503);
  expect(reported).toEqual([expect.objectContaining({ message: 'not foreseen' })]);
});

test.each([null, '/no/such/socket'])('without an engine at %s a picture is answered with 503', async (address) => {
  expect((await fetchPicture(address, '/pictures/a')).status).toBe(503);
});

test('closing takes the socket and its folder away', async () => {
  const other = await serveMedia(
    () => Promise.reject(new Error('unused')),
    () => undefined,
  );
  await other.close();
  expect(existsSync(dirname(other.address))).toBe(false);
});
