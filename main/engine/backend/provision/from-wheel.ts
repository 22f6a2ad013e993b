import { readdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { addonPackageFolder, nodeHeadersFolder } from '../places.ts';
import { compileAddon } from './compile.ts';
import { download } from './download.ts';
import type { Machine } from './machine.ts';
import { findPython } from './python.ts';
import { unpackZip, type UnpackedFile } from './unpack.ts';
import { findWheel, wheelVersion } from './wheel.ts';
import type { Work } from './work.ts';

export interface Fetched {
  readonly version: string;
  readonly addon: string;
  readonly files: readonly UnpackedFile[];
}

const library = /^tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/;
const header = /^tensorflow\/include\//;

/**
 * TensorFlow from its Python wheel: two libraries, and the addon compiled against the headers beside them.
 * `downloads` keeps what was fetched until all is done. Fails: the `provision/…` codes of its steps.
 */
export async function fromWheel(
  wheel: NonNullable<Machine['wheel']>,
  staging: string,
  downloads: string,
  work: Work,
): Promise<Fetched> {
  const python = await findPython(work);
  const found = await findWheel(python, wheel, work);
  const file = path.join(downloads, found.name);
  const checksum = { algorithm: 'sha256', hex: found.sha256 } as const;
  await download({ url: found.url, file, name: `TensorFlow ${wheelVersion}`, checksum }, work);
  work.begin('unpack', 'Unpacking TensorFlow');
  const wanted = (name: string) => (library.test(name) || header.test(name) ? name : undefined);
  const unpacked = await unpackZip(file, staging, wanted, work);
  const folder = path.join(staging, 'tensorflow');
  await plainNames(folder);
  const addon = 'tfjs_binding.node';
  const sources = {
    packageFolder: addonPackageFolder(),
    nodeHeaders: nodeHeadersFolder(),
    tensorflowHeaders: path.join(folder, 'include'),
    libraries: folder,
    runPath: 'tensorflow',
  };
  await compileAddon(path.join(staging, addon), sources, work);
  await rm(path.join(folder, 'include'), { recursive: true });
  await rm(file, { force: true });
  return { version: wheelVersion, addon, files: unpacked.filter(({ name }) => library.test(name)) };
}

/** The linker looks for `libtensorflow.so`; what it then writes down is each library's own name. */
async function plainNames(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const parts = /^libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/.exec(name);
    if (!parts) continue;
    const plain = parts[1] === 'cc' ? 'libtensorflow' : 'libtensorflow_framework';
    await symlink(name, path.join(folder, `${plain}.${name.includes('dylib') ? 'dylib' : 'so'}`));
  }
}
