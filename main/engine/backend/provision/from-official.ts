import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar';
import { AppError } from '#contract/failures.ts';
import { addonPackageFolder } from '../places.ts';
import { download, type Download } from './download.ts';
import type { Fetched } from './from-wheel.ts';
import { fullDisk } from './space.ts';
import { unpackZip } from './unpack.ts';
import type { Work } from './work.ts';

/** As tfjs-node 4.22's scripts/install.js and deps-constants.js. */
const libraryVersion = '2.9.1';
const reachableWithin = 4000; // milliseconds

function storage(): string {
  const named = process.env['TFJS_NODE_CDN_STORAGE'];
  return named ? `${named.replace(/\/$/, '')}/` : 'https://storage.googleapis.com/';
}

interface Addresses {
  readonly library: string;
  readonly addon: string;
}

function addresses(variant: 'cpu' | 'cuda', official: string): Addresses {
  const [system = ''] = official.split('-');
  const ending = system === 'windows' ? 'zip' : 'tar.gz';
  const kind = variant === 'cuda' ? 'gpu' : 'cpu';
  return {
    library: `${storage()}tensorflow/libtensorflow/libtensorflow-${kind}-${official}-${libraryVersion}.${ending}`,
    addon: `${storage()}tf-builds/pre-built-binary/napi-v8/4.22.0/GPU-${system}-4.22.0.${ending}`,
  };
}

/** What the place says of a file, with the MD5 it stores it under; null when it cannot be reached soon. */
async function ask(url: string, work: Work, within: number): Promise<{ readonly md5?: string } | null> {
  const signal = AbortSignal.any([work.signal, AbortSignal.timeout(within)]);
  const answer = await fetch(url, { method: 'HEAD', signal }).catch(() => null);
  work.signal.throwIfAborted();
  if (!answer?.ok) return null;
  const md5 = /md5=([A-Za-z0-9+/=]+)/.exec(answer.headers.get('x-goog-hash') ?? '')?.[1];
  return md5 ? { md5: Buffer.from(md5, 'base64').toString('hex') } : {};
}

/**
 * The libtensorflow and the ready addon that tfjs-node itself installs. Null when their place cannot be reached.
 * Fails: `provision/no-network`, `provision/no-space` and `provision/checksum` once fetching has begun.
 */
export async function fromOfficial(
  official: string,
  variant: 'cpu' | 'cuda',
  staging: string,
  downloads: string,
  work: Work,
  within = reachableWithin,
): Promise<Fetched | null> {
  const { library, addon } = addresses(variant, official);
  work.begin('check', 'Asking for the official TensorFlow download');
  const libraryThere = await ask(library, work, within);
  const addonThere = libraryThere && (await ask(addon, work, within));
  if (!addonThere) return null;
  const libraryFile = await fetchOne(library, `TensorFlow ${libraryVersion}`, libraryThere.md5, downloads, work);
  const addonFile = await fetchOne(addon, 'the addon', addonThere.md5, downloads, work);
  work.begin('unpack', 'Unpacking TensorFlow');
  const loose = path.join(staging, 'loose');
  await mkdir(loose, { recursive: true });
  await unpackArchive(libraryFile, path.join(staging, 'deps'), work);
  await unpackArchive(addonFile, loose, work);
  // The addon looks for its library at ../../deps/lib.
  const name = 'lib/napi-v8/tfjs_binding.node';
  const found = (await readdir(loose, { recursive: true })).find((entry) => entry.endsWith('.node'));
  if (!found) throw noArchive(addonFile, 'no addon in it');
  await cp(path.join(loose, found), path.join(staging, name), { recursive: true });
  for (const gone of [loose, path.join(staging, 'deps', 'include'), libraryFile, addonFile]) {
    await rm(gone, { recursive: true, force: true });
  }
  return { version: libraryVersion, addon: name, files: await filesBelow(staging, 'deps') };
}

async function fetchOne(
  url: string,
  name: string,
  md5: string | undefined,
  downloads: string,
  work: Work,
): Promise<string> {
  const file = path.join(downloads, path.posix.basename(new URL(url).pathname));
  const wanted: Download = { url, file, name, ...(md5 && { checksum: { algorithm: 'md5', hex: md5 } }) };
  await download(wanted, work);
  return file;
}

async function unpackArchive(file: string, folder: string, work: Work): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if (file.endsWith('.zip')) {
      await unpackZip(file, folder, (name) => (name.split('/').includes('..') ? undefined : name), work);
    } else {
      await extract({ file, cwd: folder, strict: true });
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    work.signal.throwIfAborted();
    const full = fullDisk(thrown, folder);
    if (full) throw full;
    await rm(file, { force: true }); // so that the next try fetches it anew
    throw noArchive(file, thrown instanceof Error ? thrown.message : String(thrown));
  }
  work.signal.throwIfAborted();
}

/** The place may name no checksum; then a damaged file shows itself only here. */
function noArchive(file: string, received: string): AppError {
  const name = path.basename(file);
  const details = { file: name, expected: 'an archive that can be unpacked', received };
  return new AppError('provision/checksum', `${name} cannot be unpacked: ${received}.`, details);
}

async function filesBelow(root: string, below: string): Promise<Fetched['files']> {
  const entries = await readdir(path.join(root, below), { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(
    names.map(async (file) => {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
      return {
        name: path.relative(root, file).split(path.sep).join('/'),
        bytes: (await stat(file)).size,
        sha256: hash.digest('hex'),
      };
    }),
  );
}

/** The version of the npm package whose addon this is. */
export async function addonVersion(): Promise<string> {
  const text = await readFile(path.join(addonPackageFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
