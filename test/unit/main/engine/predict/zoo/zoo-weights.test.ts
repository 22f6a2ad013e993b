import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { ZooWeights } from '#engine/predict/zoo/zoo-weights.ts';
import { fileServer } from '#test/support/file-server.ts';
import { smallZoo } from '#test/support/small-zoo.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const patience = { waits: [], silence: 5000 };
const never = new AbortController().signal;

/** A shelf with the small model alone, served by a server that `instead` may get in the way of. */
async function served(instead?: Parameters<typeof fileServer>[1]) {
  const { bytes, ...small } = await smallZoo('http://127.0.0.1/');
  const server = await fileServer({ '/small_weights.h5': bytes }, instead);
  const shelf = new ZooShelf({ folder: await temporaryFolder(), definitions: [small.definition] });
  const weights = new ZooWeights({ shelf, mirror: server.url, patience });
  return { ...small, bytes, server, shelf, weights };
}

test('weights are fetched, checked, taken over and kept; what was downloaded goes', async () => {
  const { shelf, weights, bias, bytes } = await served();
  expect(shelf.here('small')).toBe('no');
  expect(shelf.known('small')).toBeNull();
  await expect(shelf.portable('small')).rejects.toMatchObject({ code: 'zoo/not-here' });
  const told: number[] = [];
  const file = await weights.download('small', (done) => told.push(done), never);
  expect(told.at(-1)).toBe(bytes.length);
  await weights.install('small', file, never);
  expect(shelf.here('small')).toBe('cache');
  expect(shelf.known('small')).toMatchObject({ ref: 'small', kind: 'zoo', classes: 1000, height: 8 });
  expect((await shelf.portable('small')).weights.at(-1)?.values).toEqual(bias);
  expect(await readdir(shelf.folder)).toEqual(['small.safetensors']);
});

test('a download that breaks off goes on from where it was', async () => {
  const { server, weights, bytes } = await served((_request, response, count) => {
    if (count > 1) return false;
    response.writeHead(200, { 'content-length': bytes.length });
    // Its reader must have seen it before the connection ends.
    response.write(bytes.subarray(0, 1000), () => setTimeout(() => response.destroy(), 100));
    return true;
  });
  await expect(weights.download('small', () => undefined, never)).rejects.toMatchObject({ code: 'download/offline' });
  await weights.download('small', () => undefined, never);
  expect(server.ranges).toEqual([undefined, 'bytes=1000-']);
});

test('a cancelled download leaves what has come, and rejects', async () => {
  const stop = new AbortController();
  const { shelf, weights, bytes } = await served((_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1000), () => setTimeout(() => stop.abort(), 50));
    return true;
  });
  await expect(weights.download('small', () => undefined, stop.signal)).rejects.toThrow();
  expect(await readdir(path.join(shelf.folder, 'small.download'))).toContain('small_weights.h5.part');
  expect(shelf.here('small')).toBe('no');
});

test('another file than the one expected is refused and thrown away', async () => {
  const { shelf, weights, bytes } = await served((_request, response) => {
    response.end(Buffer.concat([bytes.subarray(0, -1), Buffer.of(1)]));
    return true;
  });
  await expect(weights.download('small', () => undefined, never)).rejects.toMatchObject({ code: 'download/checksum' });
  expect(await readdir(path.join(shelf.folder, 'small.download'))).toEqual([]);
});

test('a disk without room is told before anything is fetched', async () => {
  const { shelf, server } = await served();
  const weights = new ZooWeights({ shelf, mirror: server.url, patience, free: () => Promise.resolve(1000) });
  await expect(weights.download('small', () => undefined, never)).rejects.toMatchObject({ code: 'file/no-space' });
  expect(server.ranges).toEqual([]);
});

test('a file that does not fit is refused, and nothing changes', async () => {
  const { shelf, weights, file } = await served();
  await expect(weights.install('small', path.join(file, '..', 'none.h5'), never)).rejects.toThrow();
  const other = path.join(await temporaryFolder(), 'other.h5');
  await writeFile(other, 'no HDF5');
  await expect(weights.install('small', other, never)).rejects.toMatchObject({ code: 'model/file-damaged' });
  expect(shelf.here('small')).toBe('no');
});

test('removed weights are gone', async () => {
  const { shelf, weights, file } = await served();
  await weights.install('small', file, never);
  expect(shelf.here('small')).toBe('cache');
  await weights.remove('small');
  expect(shelf.here('small')).toBe('no');
  expect(await readdir(shelf.folder)).toEqual([]);
});
