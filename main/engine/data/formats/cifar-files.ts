import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { fileFailure, ifPresent } from '#engine/project/file-failure.ts';
import { splitOf } from '../pair-files.ts';
import { recordBytes, type CifarKind } from './cifar-records.ts';
import { readTar } from './tar-members.ts';

/** One file of records, by itself or in an archive. */
export interface CifarPart {
  readonly kind: CifarKind;
  readonly split: Split;
  /** The file, or the archive with the member after it. */
  readonly file: string;
  readonly member?: string;
  /** Whole records. */
  readonly count: number;
}

export interface CifarFiles {
  readonly kind: CifarKind;
  readonly archive?: string;
  readonly parts: readonly CifarPart[];
  /** The folder or archive they lie in. */
  readonly place: string;
}

const names: readonly [RegExp, CifarKind][] = [
  [/^(data_batch\w*|test_batch)\.bin$/i, 'cifar10'],
  [/^(train|test)\.bin$/i, 'cifar100'],
];
/** Bytes of the archives as their page offers them: 50,000 images for training, 10,000 for testing, evenly of each class. */
export const officialBytes: Readonly<Record<CifarKind, number>> = { cifar10: 170_052_171, cifar100: 168_513_733 };
const archiveName = /\.(tar\.gz|tgz|tar)$/i;
/** Files of the versions for Python and Matlab, in folders and archives. */
const otherVersion =
  /^(data_batch_\d|test_batch|batches\.meta)(\.mat)?$|^cifar-?10\w*-batches-(py|mat)$|^cifar-?100-(python|matlab)$/i;
/** An archive that begins with so many other files is not CIFAR's. */
const patience = 64;

/**
 * CIFAR's binary files among these files and folders (one level deep; also `cifar-10-batches-bin` within), or in the
 * archive as it is downloaded; null when there are none. Names and sizes are looked at, and an archive's list.
 * Fails: `data/cifar-size`, `data/cifar-version` for the versions of Python and Matlab, `data/gzip-damaged`, `file/…`.
 */
export async function findCifar(paths: readonly string[], signal?: AbortSignal): Promise<CifarFiles | null> {
  const files = await candidates(paths);
  const archive = files.find((file) => archiveName.test(file));
  const loose = files.filter((file) => !archiveName.test(file));
  const parts: CifarPart[] = [];
  for (const file of loose) {
    const { size } = await stat(file);
    // Other programs have a train.bin as well: in a folder of anything, one that does not fit is none of CIFAR's.
    const certain = paths.includes(file) || /batch/i.test(basename(file)) || /cifar/i.test(dirname(file));
    const part = certain || size % recordBytes('cifar100') === 0 ? partOf(basename(file), size, file) : null;
    if (part) parts.push({ ...part, file });
  }
  if (parts.length > 0) return together(parts, dirname(parts[0]?.file ?? ''));
  const foreign = loose.find((file) => otherVersion.test(basename(file)) || otherVersion.test(basename(dirname(file))));
  if (foreign && (await beginsForeign(foreign))) throw wrongVersion(foreign);
  if (archive === undefined) return null;
  const listed = await partsIn(archive, signal);
  return listed.length > 0 ? { ...together(listed, archive), archive } : null;
}

/** What lies in them, since listing a packed archive means unpacking it. */
const officialMembers: Readonly<Record<CifarKind, readonly (readonly [member: string, count: number])[]>> = {
  cifar10: [...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}`), 'test_batch'].map(
    (name) => [`cifar-10-batches-bin/${name}.bin`, 10_000] as const,
  ),
  cifar100: [
    ['cifar-100-binary/train.bin', 50_000],
    ['cifar-100-binary/test.bin', 10_000],
  ],
};

/** Told by size alone. */
export async function officialArchive(paths: readonly string[]): Promise<CifarKind | null> {
  const [path = ''] = paths;
  if (paths.length !== 1 || !archiveName.test(path)) return null;
  const size = await stat(path).then(
    (facts) => facts.size,
    () => 0,
  );
  return size === officialBytes.cifar10 ? 'cifar10' : size === officialBytes.cifar100 ? 'cifar100' : null;
}

async function candidates(paths: readonly string[]): Promise<string[]> {
  /** By the file that a link leads to: a cache may keep contents under names of its own. */
  const found = new Map<string, string>();
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) {
        for (const file of await filesIn(path)) {
          const real = await ifPresent(realpath(file));
          if (real) found.set(real, file);
        }
      } else if (mayBeCifar(path)) found.set(await realpath(path), path);
    } catch (error) {
      throw fileFailure(error, path, 'reading');
    }
  }
  const order = new Intl.Collator('en', { numeric: true });
  return [...found.values()].sort(order.compare);
}

function mayBeCifar(file: string): boolean {
  const name = basename(file);
  return (
    [name, basename(dirname(file))].some((each) => otherVersion.test(each)) ||
    /\.bin$/i.test(name) ||
    archiveName.test(name)
  );
}

/** Only what has a name of CIFAR's: a folder may hold anything else. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const inside = entries.filter((entry) => entry.isDirectory() && /^cifar/i.test(entry.name));
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name);
  const other = otherVersion.test(basename(folder));
  const own = files.filter((name) => other || kindByName(name) || otherVersion.test(name) || isCifarArchive(name));
  const deeper = await Promise.all(inside.map(({ name }) => filesIn(join(folder, name))));
  return [...own.map((name) => join(folder, name)), ...deeper.flat()];
}

const isCifarArchive = (name: string) => /^cifar/i.test(name) && archiveName.test(name);
const kindByName = (name: string) => names.find(([pattern]) => pattern.test(name))?.[1];

/** Fails: `data/cifar-size` where the name promises what the size does not keep. */
function partOf(name: string, size: number, shown: string): Omit<CifarPart, 'file'> | null {
  const kind = kindByName(name);
  if (!kind) return null;
  const record = recordBytes(kind);
  if (size === 0 || size % record !== 0) {
    const message = `${shown} has ${size} bytes; expected whole records of ${record} bytes.`;
    throw new AppError('data/cifar-size', message, { file: shown, bytes: size, record });
  }
  return { kind, split: splitOf(name), count: size / record };
}

function together(parts: readonly CifarPart[], place: string): CifarFiles {
  const [{ kind, file }] = parts as [CifarPart, ...CifarPart[]];
  const stranger = parts.find((part) => part.kind !== kind);
  if (stranger) {
    const details = { first: file, firstShape: kind, second: stranger.file, secondShape: stranger.kind };
    const message = `${file} is of ${kind}, ${stranger.file} of ${stranger.kind}; expected one of the two.`;
    throw new AppError('data/shapes-differ', message, details);
  }
  return { kind, parts, place };
}

async function partsIn(archive: string, signal?: AbortSignal): Promise<CifarPart[]> {
  const official = await officialArchive([archive]);
  if (official) {
    return officialMembers[official].map(([member, count]) => {
      return { kind: official, split: splitOf(member), file: archive, member, count };
    });
  }
  const parts: CifarPart[] = [];
  let others = 0;
  const visit = ({ path, size }: { path: string; size: number }) => {
    const part = partOf(basename(path), size, `${archive}/${path}`);
    if (part) parts.push({ ...part, file: archive, member: path });
    else if (path.split('/').some((step) => otherVersion.test(step))) throw wrongVersion(archive);
    else if (++others > patience) return 'stop';
    return 'skip';
  };
  await readTar(archive, visit, signal);
  const order = new Intl.Collator('en', { numeric: true });
  return parts.sort((one, other) => order.compare(one.member ?? '', other.member ?? ''));
}

/** A pickle of protocol 2 or later, or a Matlab file. */
async function beginsForeign(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(6), 0, 6, 0);
    return buffer[0] === 0x80 || buffer.toString('latin1') === 'MATLAB';
  } finally {
    await handle.close();
  }
}

function wrongVersion(file: string): AppError {
  const message = `${file} is CIFAR's version for Python or Matlab; expected the binary version.`;
  return new AppError('data/cifar-version', message, { file });
}
