import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { callsOver } from '#contract/calls.ts';
import type { hostContract } from '#contract/host.ts';
import { webSocketPort } from '#contract/web-socket.ts';
import { startServe, type Serving } from '#serve/index.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const token = 'a token/of its own';
let serving: Serving;
let site: URL;
let cookie: string;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = site;
    const asked = request({ hostname, port, path, method, headers: { cookie, ...headers } }, (response) => {
      void text(response).then((said) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: said }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The page of a browser, the stand-in of an engine, pictures at a socket, and a server over them. */
beforeEach(async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'out/main'), { recursive: true });
  await mkdir(join(folder, 'out/renderer'));
  await writeFile(join(folder, 'package.json'), '{"version":"1.2.3"}');
  await writeFile(join(folder, 'out/renderer/index.html'), '<!doctype html>the page');
  await copyFile(
    join(import.meta.dirname, '../../../support/engine-stand-in.mjs'),
    join(folder, 'out/main/engine.cjs'),
  );
  const pictures = createServer(({ url, headers }, response) => response.end(`${url} ${headers.range ?? 'whole'}`));
  const address = join(await temporaryFolder(), 'media');
  await new Promise<void>((settle) => pictures.listen(address, settle));
  onTestFinished(() => void pictures.close());
  vi.stubEnv('STAND_IN_PICTURES', address);
  vi.stubEnv('HEATLENS_USER_DATA', join(folder, 'user'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const options = { host: '127.0.0.1', port: 0, open: false, token, project: 'well' };
  serving = await startServe(options, join(folder, 'out'));
  site = new URL(serving.url);
  cookie = '';
  const { headers } = await ask(site.pathname + site.search);
  cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
});

afterEach(async () => {
  await serving.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('the address with the token leads to the page, and no other way does', async () => {
  expect(await ask('/')).toMatchObject({ status: 200, body: '<!doctype html>the page' });
  expect((await ask('/', { cookie: '' })).status).toBe(401);
  expect((await ask('/?token=wrong', { cookie: '' })).status).toBe(401);
  expect((await ask('/', { host: 'evil.example' })).status).toBe(421);
});

test('every answer carries the policy, refusals too', async () => {
  for (const { headers } of [
    await ask('/'),
    await ask('/', { cookie: '' }),
    await ask('/none'),
    await ask('/?token=x'),
  ]) {
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

test('pictures come from the engine, with their range', async () => {
  const headers = { range: 'bytes=0-9' };
  await expect
    .poll(async () => (await ask('/pictures/sheet/0?v=1', headers)).body)
    .toBe('/pictures/sheet/0?v=1 bytes=0-9');
});

test('only reading, and files from our own page, are taken', async () => {
  const path = '/upload?name=a.gz&drop=01234567-89ab-cdef-0123-456789abcdef';
  const { origin } = site;
  const taken = await ask(path, { origin }, 'POST', 'bytes');
  expect(taken.status).toBe(200);
  expect(JSON.parse(taken.body)).toEqual({ top: expect.stringMatching(/uploads.*a\.gz$/) });
  expect((await ask(path, {}, 'POST', 'bytes')).status).toBe(403);
  expect((await ask(path, { origin: 'http://evil.example' }, 'POST', 'bytes')).status).toBe(403);
  expect((await ask(path, { origin, cookie: '' }, 'POST', 'bytes')).status).toBe(401);
  expect((await ask('/', { origin }, 'POST')).status).toBe(405);
  expect((await ask('/upload?name=a', { origin }, 'POST', 'bytes')).status).toBe(400);
});

const socket = (path: string, headers: Record<string, string> = {}) =>
  new WebSocket(new URL(path, site.origin.replace('http', 'ws')), {
    headers: { cookie, origin: site.origin, ...headers },
  });

test('a page calls its host over a socket, and several pages can', async () => {
  const pages = [socket('/link/host'), socket('/link/host')].map((to) => webSocketPort(to));
  const hosts = pages.map((port) => callsOver<typeof hostContract>(port));
  expect(await hosts[0]!.abilities()).toMatchObject({ kind: 'browser', pick: false, paths: false, version: '1.2.3' });
  await hosts[0]!.setPreferences({ theme: 'dark' });
  expect(await hosts[1]!.preferences()).toMatchObject({ theme: 'dark' });
  await expect(hosts[1]!.reveal({ path: '/etc/passwd' })).rejects.toMatchObject({ code: 'call/forbidden' });
  for await (const { state } of await hosts[1]!.engineLife()) if (state === 'ready') break;
  const engine = webSocketPort(socket('/link/engine'));
  engine.post('hello');
  expect(await new Promise((settle) => engine.listen(settle))).toBe('echo hello');
  await hosts[1]!.restartEngine();
  await engine.closed;
  pages.forEach((port) => port.close());
});

test.each([
  { title: 'another site', path: '/link/engine', headers: { origin: 'http://evil.example' }, status: 403 },
  { title: 'nobody', path: '/link/host', headers: { cookie: '' }, status: 401 },
  { title: 'a name pointed at us', path: '/link/host', headers: { host: 'evil.example' }, status: 421 },
  { title: 'our page, to nowhere', path: '/link/other', headers: {}, status: 404 },
])('a socket of $title is refused with $status', async ({ path, headers, status }) => {
  const opened = socket(path, headers as Record<string, string>);
  const answer = new Promise((resolve, reject) => {
    opened.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    opened.on('open', () => reject(new Error('it was let in')));
    opened.on('error', () => undefined);
  });
  expect(await answer).toBe(status);
});

test('a port that is taken is said', async () => {
  const options = { host: '127.0.0.1', port: Number(site.port), open: false };
  await expect(startServe(options, '/nowhere')).rejects.toMatchObject({
    code: 'call/invalid',
    details: { field: 'port' },
  });
});

test('closing ends sockets, engine and server', async () => {
  const port = webSocketPort(socket('/link/host'));
  await callsOver<typeof hostContract>(port).abilities();
  await serving.close();
  await port.closed;
  await serving.closed;
  await expect(ask('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
