import { createRouterClient } from '@orpc/server';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { WorkProgress } from '#contract/data.ts';
import { dataCalls } from '#engine/data/calls.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { FamousSets, type FamousOptions } from '#engine/data/famous/famous-sets.ts';
import type { FamousFacts } from '#engine/data/famous/sets.ts';
import { Imports } from '#engine/data/import/imports.ts';
import { ImageQueries } from '#engine/data/query.ts';
import { fineCifar, tarGz } from '#test/support/cifar-files.ts';
import { fileServer } from '#test/support/file-server.ts';
import { idxBytes } from '#test/support/idx-files.ts';
import { openProject } from '#test/support/open-project.ts';
import { noSmallDisk, smallDisk } from '#test/support/small-disk.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** Values that do not pack well: the files stay large enough to be cut off. */
const noise = Array.from({ length: 120 * 784 }, (_, at) => (at * 2_654_435_761) >>> 24);
const labels = Array.from({ length: 120 }, (_, index) => index % 10);
const contents: Record<string, Buffer> = {
  'train-images-idx3-ubyte.gz': gzipSync(idxBytes([120, 28, 28], noise), { level: 0 }),
  'train-labels-idx1-ubyte.gz': gzipSync(idxBytes([120], labels)),
  't10k-images-idx3-ubyte.gz': gzipSync(idxBytes([10, 28, 28])),
  't10k-labels-idx1-ubyte.gz': gzipSync(idxBytes([10], labels.slice(0, 10))),
};
const bytes = Object.values(contents).reduce((sum, { length }) => sum + length, 0);
const [first = ''] = Object.keys(contents);

/** A small set that stands for Fashion-MNIST, offered at these places. */
const setAt = (...places: string[]): FamousFacts => ({
  ...{ id: 'fashion-mnist', name: 'Fashion-MNIST', images: 130, classes: 10, licence: 'MIT', source: 'here', places },
  files: Object.entries(contents).map(([name, content]) => {
    return { name, bytes: content.length, md5: createHash('md5').update(content).digest('hex') };
  }),
});
const atRoot = Object.fromEntries(Object.entries(contents).map(([name, content]) => [`/${name}`, content]));
const patience = { waits: [5], silence: 300 };

async function sets(places: string[], options: FamousOptions = {}) {
  const folder = options.folder ?? (await temporaryFolder());
  const famous = new FamousSets({ sets: [setAt(...places)], mirror: undefined, patience, ...options, folder });
  const told: number[] = [];
  const fetch = (signal = new AbortController().signal) => {
    return famous.fetch('fashion-mnist', (done) => told.push(done), signal);
  };
  const left = async () => (await readdir(join(folder, 'fashion-mnist'))).sort();
  return { famous, folder, fetch, told, left };
}

/** The calls of a project that has nothing yet. */
async function roomWith(famous: FamousSets) {
  const catalogue = await Catalogue.open(await openProject());
  const queries = new ImageQueries(catalogue, () => Promise.resolve(null));
  const rooms = { catalogue: () => catalogue, queries: () => queries, imports: () => new Imports(catalogue) };
  return createRouterClient(dataCalls({ ...rooms, famous }));
}

/** Half of the file comes, then the connection is cut off. */
function cutOff(response: ServerResponse, content: Buffer): true {
  response.writeHead(200, { 'content-length': content.length });
  response.write(content.subarray(0, content.length / 2), () => void setTimeout(() => response.destroy(), 100));
  return true;
}

test('a set arrives whole, is opened, and is here from then on', async () => {
  const server = await fileServer(atRoot);
  const { famous } = await sets([server.url]);
  const data = await roomWith(famous);
  expect(await data.famous()).toEqual([
    expect.objectContaining({ id: 'fashion-mnist', bytes, here: false, partial: 0 }),
  ]);

  const events = await data.download({ id: 'fashion-mnist' });
  const told: WorkProgress[] = [];
  let next = await events.next();
  for (; !next.done; next = await events.next()) told.push(next.value);
  expect(next.value).toMatchObject({ name: 'Fashion-MNIST', splits: { train: 120, test: 10 }, height: 28 });
  expect(next.value?.classes).toContain('Ankle boot');
  expect(told.at(-1)).toMatchObject({ done: bytes, total: bytes });
  expect(await data.famous()).toMatchObject([{ here: true, partial: 0 }]);

  server.ranges.length = 0;
  const again = await data.download({ id: 'fashion-mnist' });
  while (!(await again.next()).done);
  expect(server.ranges, 'nothing is fetched twice').toEqual([]);
});

test('CIFAR is opened from its archive, which stays packed', async () => {
  const records = { 'cifar-100-binary/train.bin': fineCifar(40), 'cifar-100-binary/test.bin': fineCifar(20) };
  const archive = tarGz(records);
  const name = 'cifar-100-binary.tar.gz';
  const { url } = await fileServer({ [`/${name}`]: archive });
  const file = { name, bytes: archive.length, md5: createHash('md5').update(archive).digest('hex') };
  const folder = await temporaryFolder();
  const set: FamousFacts = { ...setAt(url), id: 'cifar100', name: 'CIFAR-100', files: [file] };
  const data = await roomWith(new FamousSets({ sets: [set], mirror: undefined, patience, folder }));
  const events = await data.download({ id: 'cifar100' });
  let next = await events.next();
  while (!next.done) next = await events.next();
  expect(next.value).toMatchObject({ kind: 'cifar100', splits: { train: 40, test: 20 }, height: 32, channels: 3 });
  expect(next.value.superclasses?.names).toHaveLength(20);
  expect(await readdir(join(folder, 'cifar100'))).toEqual([name]);
  const { id } = next.value;
  expect(await data.image({ dataset: id, split: 'train', index: 3 })).toMatchObject({ label: 21, height: 32 });
  expect((await data.list()).map((summary) => summary.id)).toContain(id);
});

test('a connection cut off in the middle is taken up where it ended', async () => {
  const server = await fileServer(atRoot, (_request, response, count) => {
    return count === 1 && cutOff(response, contents[first] ?? Buffer.alloc(0));
  });
  const { fetch, told, left } = await sets([server.url]);
  await fetch();
  expect(server.ranges[1]).toBe(`bytes=${Math.floor((contents[first]?.length ?? 0) / 2)}-`);
  expect(await left()).toEqual(Object.keys(contents).sort());
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

test('cancelled, what has come stays and is told; the next try fetches the rest alone', async () => {
  let held: ServerResponse | undefined;
  const content = contents[first] ?? Buffer.alloc(0);
  const server = await fileServer(atRoot, (_request, response, count) => {
    if (count > 1) return false;
    held = response.writeHead(200, { 'content-length': content.length });
    return response.write(content.subarray(0, 50_000)) || true;
  });
  const { famous, folder, fetch, left } = await sets([server.url], { patience: { waits: [], silence: 10_000 } });
  const stop = new AbortController();
  const fetching = fetch(stop.signal);
  const part = join(folder, 'fashion-mnist', `${first}.part`);
  await expect
    .poll(() =>
      stat(part).then(
        ({ size }) => size,
        () => 0,
      ),
    )
    .toBe(50_000);
  stop.abort();
  await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
  held?.destroy();
  expect(await left()).toEqual([`${first}.part`]);
  expect(await famous.list()).toMatchObject([{ here: false, partial: 50_000 }]);
  await fetch();
  expect(server.ranges[1]).toBe('bytes=50000-');
  expect(await famous.list()).toMatchObject([{ here: true }]);
});

test('another content than was promised is thrown away, and nothing has its name', async () => {
  const wrong = Buffer.from(contents[first] ?? '').fill(7, 100, 200);
  const server = await fileServer({ ...atRoot, [`/${first}`]: wrong });
  const { famous, fetch, left } = await sets([server.url]);
  await expect(fetch()).rejects.toMatchObject({ code: 'download/checksum', details: { file: first } });
  expect(await left()).toEqual([]);
  expect(await famous.list()).toMatchObject([{ here: false, partial: 0 }]);
});

test('a server that never stops sending does not fill the disk', async () => {
  let sent = 0;
  const server = await fileServer(atRoot, (_request, response) => {
    const send = () => {
      sent += 65_536;
      if (!response.destroyed) response.write(Buffer.alloc(65_536), () => setImmediate(send));
    };
    response.writeHead(200);
    send();
    return true;
  });
  const { fetch, left } = await sets([server.url]);
  await expect(fetch()).rejects.toMatchObject({ code: 'download/checksum' });
  expect(await left()).toEqual([]);
  expect(sent).toBeLessThan(20e6);
});

test('without room nothing is asked for', async () => {
  const server = await fileServer(atRoot);
  const { fetch } = await sets([server.url], { free: () => Promise.resolve(bytes + 1e6) });
  await expect(fetch()).rejects.toMatchObject({ code: 'file/no-space', details: { free: bytes + 1e6 } });
  expect(server.ranges).toEqual([]);
});

const aDisk = noSmallDisk === null ? 'a disk that fills up on the way is named' : `(${noSmallDisk})`;
test.skipIf(noSmallDisk !== null)(aDisk, async () => {
  const server = await fileServer(atRoot);
  const folder = await smallDisk();
  await writeFile(join(folder, 'filler'), Buffer.alloc(1_000_000));
  const { fetch, left } = await sets([server.url], { folder, free: () => Promise.resolve(1e12) });
  await expect(fetch()).rejects.toMatchObject({ code: 'file/no-space' });
  expect(await left()).toEqual([`${first}.part`]);
});

test('a refusal names the host, the file and the status', async () => {
  const server = await fileServer({});
  const { fetch, left } = await sets([server.url]);
  const details = { host: new URL(server.url).host, status: 'HTTP 404' };
  await expect(fetch()).rejects.toMatchObject({ code: 'download/refused', details });
  expect(await left()).toEqual([]);
});

test('offline, it names the host and the files to get by hand', async () => {
  const { fetch, left } = await sets(['http://127.0.0.1:9/']);
  const details = { host: '127.0.0.1:9', files: Object.keys(contents).join(', ') };
  await expect(fetch()).rejects.toMatchObject({ code: 'download/offline', details });
  expect(await left()).toEqual([]);
});

test('where the first place fails, the second is asked', async () => {
  const server = await fileServer(atRoot);
  const { famous, fetch } = await sets(['http://127.0.0.1:9/', server.url]);
  await fetch();
  expect(await famous.list()).toMatchObject([{ here: true }]);
});

test('a mirror is asked instead, on the web or on a disk', async () => {
  const under = Object.fromEntries(Object.entries(contents).map(([name, file]) => [`/m/fashion-mnist/${name}`, file]));
  const server = await fileServer(under);
  const web = await sets(['http://127.0.0.1:9/'], { mirror: `${server.url}m` });
  await web.fetch();
  expect(await web.famous.list()).toMatchObject([{ here: true }]);

  const disk = await temporaryFolder();
  await mkdir(join(disk, 'fashion-mnist'));
  for (const [name, file] of Object.entries(contents)) await writeFile(join(disk, 'fashion-mnist', name), file);
  const local = await sets(['http://127.0.0.1:9/'], { mirror: pathToFileURL(disk).href });
  const { files } = await local.fetch();
  expect(files.every((file) => existsSync(file))).toBe(true);
  expect((await readFile(files[0] ?? '')).equals(contents[first] ?? Buffer.alloc(0))).toBe(true);
});

test('two at once fetch everything once', async () => {
  const server = await fileServer(atRoot);
  const folder = await temporaryFolder();
  const [one, other] = [await sets([server.url], { folder }), await sets([server.url], { folder })];
  await Promise.all([one.fetch(), other.fetch()]);
  expect(server.ranges).toHaveLength(4);
});
