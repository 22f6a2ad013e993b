import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { download, type Download } from '#engine/backend/provision/download.ts';
import { fileServer } from '#test/support/file-server.ts';
import { silentWork } from '#test/support/silent-work.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 251));
const hex = createHash('sha256').update(content).digest('hex');
const patience = { waits: [5, 5], silence: 300 };

async function wanted(url: string): Promise<Download> {
  const file = join(await temporaryFolder(), 'engine.whl');
  return { url, file, name: 'the engine', checksum: { algorithm: 'sha256', hex } };
}

test('a file arrives whole, is checked, and its progress is told to the last byte', async () => {
  const request = await wanted((await fileServer(content)).url);
  const work = silentWork();
  await download(request, work, patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
  expect(existsSync(`${request.file}.part`)).toBe(false);
  const last = work.told.filter(({ stage }) => stage === 'download').at(-1);
  expect(last).toMatchObject({ done: content.length, total: content.length, unit: 'bytes' });
  expect(work.told.at(-1)?.stage).toBe('verify');
});

test('what an earlier try left is not fetched again', async () => {
  const server = await fileServer(content);
  const request = await wanted(server.url);
  await writeFile(`${request.file}.part`, content.subarray(0, 200_000));
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
  expect(server.ranges).toEqual(['bytes=200000-']);
});

test('a part that lacks nothing but its name is checked and named', async () => {
  const server = await fileServer(content);
  const request = await wanted(server.url);
  await writeFile(`${request.file}.part`, content);
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
});

test('a whole file of an earlier try is only checked', async () => {
  const server = await fileServer(content);
  const request = await wanted(server.url);
  await writeFile(request.file, content);
  await download(request, silentWork(), patience);
  expect(server.ranges).toEqual([]);
});

test('a whole file that was changed is fetched anew', async () => {
  const server = await fileServer(content);
  const request = await wanted(server.url);
  await writeFile(request.file, content.subarray(1));
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
});

test('a connection cut off in the middle is taken up where it ended', async () => {
  const server = await fileServer(content, (_request, response, count) => {
    if (count > 1) return false;
    response.writeHead(200, { 'content-length': content.length });
    // Cut off only after the bytes have arrived: a reset takes along what the other side has not read yet.
    response.write(content.subarray(0, 100_000), () => void setTimeout(() => response.destroy(), 150));
    return true;
  });
  const request = await wanted(server.url);
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
  expect(server.ranges).toEqual([undefined, 'bytes=100000-']);
});

test('a server without ranges sends everything again, and nothing is appended twice', async () => {
  const server = await fileServer(content, (_request, response) => {
    response.writeHead(200, { 'content-length': content.length }).end(content);
    return true;
  });
  const request = await wanted(server.url);
  await writeFile(`${request.file}.part`, content.subarray(0, 1000));
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
});

test('a server that falls silent is given up after its patience', async () => {
  const server = await fileServer(content, () => true);
  const failure = download(await wanted(server.url), silentWork(), { waits: [], silence: 50 });
  await expect(failure).rejects.toMatchObject({
    code: 'provision/no-network',
    details: { host: new URL(server.url).host },
  });
});

test.each([403, 404, 410])('HTTP %i fails at once, with the status', async (status) => {
  const server = await fileServer(content, (_request, response) => {
    response.writeHead(status).end();
    return true;
  });
  const failure = download(await wanted(server.url), silentWork(), patience);
  await expect(failure).rejects.toMatchObject({ code: 'provision/no-network', details: { reason: `HTTP ${status}` } });
  expect(server.ranges).toHaveLength(1);
});

test('a redirect is followed, with the range asked for', async () => {
  const target = await fileServer(content);
  const server = await fileServer(content, (_request, response) => {
    response.writeHead(302, { location: target.url }).end();
    return true;
  });
  const request = await wanted(server.url);
  await writeFile(`${request.file}.part`, content.subarray(0, 1000));
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
  expect(target.ranges).toEqual(['bytes=1000-']);
});

test.each([
  ['in a circle', '/engine.whl', 'more than 5 redirects', 6],
  ['to a file of this machine', 'file:///etc/hostname', 'a redirect to file:', 1],
])('redirects %s are refused', async (_, location, reason, requests) => {
  const server = await fileServer(content, (_request, response) => {
    response.writeHead(302, { location }).end();
    return true;
  });
  const failure = download(await wanted(server.url), silentWork(), patience);
  await expect(failure).rejects.toMatchObject({ code: 'provision/no-network', details: { reason } });
  expect(server.ranges).toHaveLength(requests);
});

test.each([
  ['by what it says', { 'content-length': content.length }],
  ['without saying so', {}],
])('a server that sends more than the file has is refused, and nothing stays: %s', async (_, headers) => {
  const server = await fileServer(content, (_request, response) => {
    response.writeHead(200, headers).end(content);
    return true;
  });
  const request = await wanted(server.url);
  const failure = download({ ...request, mostBytes: 200_000 }, silentWork(), patience);
  await expect(failure).rejects.toMatchObject({ code: 'provision/checksum', details: { expected: hex } });
  expect(existsSync(`${request.file}.part`)).toBe(false);
});

test('HTTP 503 is tried again', async () => {
  const server = await fileServer(content, (_request, response, count) => {
    if (count < 3) response.writeHead(503).end();
    return count < 3;
  });
  const request = await wanted(server.url);
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
});

test('a wrong checksum fails and leaves nothing that a next try would go on from', async () => {
  const request = await wanted((await fileServer(content.map((byte) => byte ^ 1) as Buffer)).url);
  const failure = download(request, silentWork(), patience);
  await expect(failure).rejects.toMatchObject({
    code: 'provision/checksum',
    details: { file: 'engine.whl', expected: hex },
  });
  expect(existsSync(request.file)).toBe(false);
  expect(existsSync(`${request.file}.part`)).toBe(false);
});

test('cancelled in the middle, it keeps what it has', async () => {
  const server = await fileServer(content, (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100_000));
    return true;
  });
  const request = await wanted(server.url);
  const stop = new AbortController();
  const downloading = download(request, silentWork(stop.signal), { waits: [5], silence: 10_000 });
  while (
    !(await stat(`${request.file}.part`).then(
      ({ size }) => size === 100_000,
      () => false,
    ))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stop.abort();
  await expect(downloading).rejects.toMatchObject({ name: 'AbortError' });
  expect((await stat(`${request.file}.part`)).size).toBe(100_000);
});

test.runIf(process.platform === 'linux')('a full disk is named', async () => {
  const request = await wanted((await fileServer(content)).url);
  await symlink('/dev/full', `${request.file}.part`);
  await expect(download(request, silentWork(), patience)).rejects.toMatchObject({ code: 'provision/no-space' });
});

test('a file of this machine is copied, for indexes that are folders', async () => {
  const source = join(await temporaryFolder(), 'source.whl');
  await writeFile(source, content);
  const request = await wanted(pathToFileURL(source).href);
  await download(request, silentWork(), patience);
  expect(content.equals(await readFile(request.file))).toBe(true);
});
