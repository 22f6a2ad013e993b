import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'tar';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fromOfficial } from '#engine/backend/provision/from-official.ts';
import { fileServer } from '#test/support/file-server.ts';
import { silentWork } from '#test/support/silent-work.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const libraryPath = '/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz';
const addonPath = '/tf-builds/pre-built-binary/napi-v8/4.22.0/GPU-linux-4.22.0.tar.gz';

async function tarball(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const file = join(await temporaryFolder(), 'archive.tar.gz');
  await create({ gzip: true, cwd: folder, file }, Object.keys(files));
  return readFile(file);
}

const libraries = () => tarball({ 'lib/libtensorflow.so.2': 'library', 'include/tensorflow/c/c_api.h': 'header' });
const addons = () => tarball({ 'napi-v8/tfjs_binding.node': 'addon' });

function use(storage: string): void {
  vi.stubEnv('TFJS_NODE_CDN_STORAGE', storage);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Serves these as Google's storage does, with the MD5 of each, or with that given. */
async function storageOf(files: Readonly<Record<string, Buffer>>, md5?: string | null): Promise<void> {
  const { url } = await fileServer(Buffer.alloc(0), (request, response) => {
    const file = files[request.url ?? ''];
    if (!file) response.writeHead(404).end();
    else {
      const hash = md5 === undefined ? createHash('md5').update(file).digest('base64') : md5;
      const head = { 'content-length': file.length, ...(hash && { 'x-goog-hash': `crc32c=AAAAAA==, md5=${hash}` }) };
      response.writeHead(200, head).end(request.method === 'HEAD' ? undefined : file);
    }
    return true;
  });
  use(new URL(url).origin);
}

async function fetched(within?: number) {
  const [staging, downloads] = [await temporaryFolder(), await temporaryFolder()];
  const result = await fromOfficial('linux-x86_64', 'cpu', staging, downloads, silentWork(), within);
  return { result, staging, downloads };
}

test('library and addon come to lie as the addon looks for them', async () => {
  await storageOf({ [libraryPath]: await libraries(), [addonPath]: await addons() });
  const { result, staging, downloads } = await fetched();
  expect(result).toMatchObject({ version: '2.9.1', addon: 'lib/napi-v8/tfjs_binding.node' });
  expect(result?.files).toEqual([
    { name: 'deps/lib/libtensorflow.so.2', bytes: 7, sha256: createHash('sha256').update('library').digest('hex') },
  ]);
  expect(await readFile(join(staging, 'lib/napi-v8/tfjs_binding.node'), 'utf8')).toBe('addon');
  expect((await readdir(staging)).sort()).toEqual(['deps', 'lib']);
  expect(await readdir(downloads)).toEqual([]);
});

test('a place that refuses the connection is none', async () => {
  use('http://127.0.0.1:1');
  expect((await fetched()).result).toBeNull();
});

test('a place that lacks one of the two is none', async () => {
  await storageOf({ [libraryPath]: await libraries() });
  expect((await fetched()).result).toBeNull();
});

test('a place that does not answer is given up, once', async () => {
  const { url, ranges } = await fileServer(Buffer.alloc(0), () => true);
  use(new URL(url).origin);
  expect((await fetched(50)).result).toBeNull();
  expect(ranges).toHaveLength(1);
});

test('a file that is not the one the place describes is not unpacked', async () => {
  const wrong = Buffer.alloc(16).toString('base64');
  await storageOf({ [libraryPath]: await libraries(), [addonPath]: await addons() }, wrong);
  await expect(fetched()).rejects.toMatchObject({
    code: 'provision/checksum',
    details: { file: libraryPath.split('/').at(-1) },
  });
});

test.each([
  ['is damaged', async () => (await addons()).subarray(0, 40), 'cannot be unpacked'],
  ['is not there', () => tarball({ 'readme.txt': 'none' }), 'no addon in it'],
])('an addon that %s, where no checksum is given, is a sentence', async (_how, addon, words) => {
  await storageOf({ [libraryPath]: await libraries(), [addonPath]: await addon() }, null);
  const failure = fetched();
  await expect(failure).rejects.toMatchObject({ code: 'provision/checksum' });
  await expect(failure).rejects.toThrow(words);
});
