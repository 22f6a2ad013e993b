import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { Doorkeeper } from '#serve/doorkeeper.ts';

const port = 8080;
const keeper = new Doorkeeper('the-token', '127.0.0.1');
const cookie = keeper.cookieFor('the-token', port)!.split(';')[0]!;
const asking = (headers: Record<string, string | undefined>) => ({ headers }) as unknown as IncomingMessage;
const ours = { host: 'localhost:8080', origin: 'http://localhost:8080', cookie };

test('the right token is traded for a cookie that scripts and other sites cannot use', () => {
  expect(keeper.cookieFor('the-token', port)).toMatch(
    /^heatlens-8080=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/$/,
  );
  expect(cookie).not.toContain('the-token');
});

test.each(['', 'the-toke', 'the-token ', 'THE-TOKEN', 'the-token'.repeat(1000)])('the token %j is refused', (token) => {
  expect(keeper.cookieFor(token, port)).toBeNull();
});

test.each([
  { title: 'our page', headers: ours, status: null },
  {
    title: 'our page behind an encrypting proxy',
    headers: { ...ours, origin: 'https://localhost:8080' },
    status: null,
  },
  {
    title: 'our page through a tunnel with another port',
    headers: { ...ours, host: 'localhost:99', origin: 'http://localhost:99' },
    status: null,
  },
  { title: 'an address', headers: { ...ours, host: '[::1]:8080', origin: 'http://[::1]:8080' }, status: null },
  {
    title: "this machine's name",
    headers: { ...ours, host: hostname(), origin: `http://${hostname()}` },
    status: null,
  },
  { title: 'nobody', headers: { ...ours, cookie: undefined }, status: 401 },
  { title: 'a wrong cookie', headers: { ...ours, cookie: 'heatlens-8080=0' }, status: 401 },
  { title: "another server's cookie", headers: { ...ours, cookie: cookie.replace('8080', '8081') }, status: 401 },
  { title: 'another site', headers: { ...ours, origin: 'http://evil.example' }, status: 403 },
  { title: 'another port of this machine', headers: { ...ours, origin: 'http://localhost:3000' }, status: 403 },
  { title: 'a sandboxed frame', headers: { ...ours, origin: 'null' }, status: 403 },
  { title: 'no page at all', headers: { ...ours, origin: undefined }, status: 403 },
  {
    title: 'a name that was pointed at us',
    headers: { ...ours, host: 'evil.example:8080', origin: 'http://evil.example:8080' },
    status: 421,
  },
  { title: 'a name like ours', headers: { ...ours, host: 'localhost.evil.example' }, status: 421 },
  { title: 'no host', headers: { ...ours, host: undefined }, status: 421 },
  { title: 'a host that is none', headers: { ...ours, host: 'localhost:8080@evil.example' }, status: 421 },
])('$title is answered with $status when it wants to act', ({ headers, status }) => {
  expect(keeper.refuse(asking(headers), port, true)?.status ?? null).toBe(status);
});

test('reading needs no origin, for browsers send none; a foreign one is refused all the same', () => {
  expect(keeper.refuse(asking({ ...ours, origin: undefined }), port, false)).toBeNull();
  expect(keeper.refuse(asking({ ...ours, origin: 'http://evil.example' }), port, false)?.status).toBe(403);
});
