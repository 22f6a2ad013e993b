import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { split as splitNames, type ImportLook, type ImportOptions, type Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { MemorySource } from '../memory-source.ts';
import { cifar100Classes, cifar100Groups, cifar100Superclasses, cifar10Classes } from './cifar-classes.ts';
import { findCifar, officialArchive, officialBytes, type CifarFiles, type CifarPart } from './cifar-files.ts';
import { imageBytes, labelBytes, recordBytes, RecordReader, type CifarKind, type RecordSink } from './cifar-records.ts';
import { countedClasses, requireMemory, type FileImages } from './file-images.ts';
import { readTar } from './tar-members.ts';

type Labels = NonNullable<ImportOptions['labels']>;
const titles: Readonly<Record<CifarKind, string>> = { cifar10: 'CIFAR-10', cifar100: 'CIFAR-100' };
/** Names of classes are a few hundred bytes. */
const mostNames = 64 * 1024;

/**
 * What CIFAR's binary files hold (https://www.cs.toronto.edu/~kriz/cifar.html), told by names, sizes and label bytes;
 * null when these paths are something else. Fails: the codes of `findCifar`, `data/label-range`.
 */
export async function lookCifar(paths: readonly string[], signal?: AbortSignal): Promise<ImportLook | null> {
  const official = await officialArchive(paths);
  if (official) {
    const classes = classesOf(official, 'fine');
    const each = new Array<number>(classes.length).fill(60_000 / classes.length);
    return lookOf(official, { train: 50_000, test: 10_000 }, classes, each, officialBytes[official]);
  }
  const files = await findCifar(paths, signal);
  if (!files) return null;
  const { kind, parts, archive } = files;
  const { sinks, names } = await read(files, false, signal);
  const classes = names ?? classesOf(kind, 'fine');
  const counts = new Array<number>(classes.length).fill(0);
  for (const [split, sink] of sinks) {
    for (const label of labelsOf(files, split, sink, 'fine')) counts[label] = (counts[label] ?? 0) + 1;
  }
  const splits = Object.fromEntries([...sinks.keys()].map((split) => [split, countOf(parts, split)]));
  const loose = parts.reduce((sum, { count }) => sum + count * recordBytes(kind), 0);
  return lookOf(kind, splits, classes, counts, archive ? (await stat(archive)).size : loose);
}

function lookOf(
  kind: CifarKind,
  splits: ImportLook['splits'],
  classes: readonly string[],
  counts: readonly number[],
  bytes: number,
): ImportLook {
  return {
    ...{ kind, name: titles[kind], bytes, splits, classCount: classes.length, rows: [] },
    images: counts.reduce((sum, count) => sum + count, 0),
    classes: countedClasses(classes, counts),
    sizes: { height: 32, width: 32, least: 32, most: 32, grey: false },
    suggested: { splitting: { by: 'given' }, ...(kind === 'cifar100' && { labels: 'fine' as const }) },
  };
}

/**
 * Reads CIFAR's binary files or the archive they come in. CIFAR-100 gives its fine classes with the coarse ones as
 * superclasses, or the coarse ones alone.
 * Fails: `data/unknown-format` when there are none, the codes of `findCifar`, `data/label-range`, `data/too-large`.
 */
export async function readCifar(
  paths: readonly string[],
  { labels = 'fine', signal }: { labels?: Labels | undefined; signal?: AbortSignal | undefined } = {},
): Promise<FileImages> {
  const files = await findCifar(paths, signal);
  const [file = ''] = paths;
  if (!files) throw new AppError('data/unknown-format', `${file} holds no binary files of CIFAR.`, { file });
  const { kind, parts } = files;
  const { sinks, names } = await read(files, true, signal);
  const splits = new Map<Split, MemorySource>();
  for (const [split, sink] of sinks) {
    splits.set(split, new MemorySource(sink.pixels ?? new Uint8Array(), labelsOf(files, split, sink, labels)));
  }
  const grouped = kind === 'cifar100' && labels === 'fine';
  return {
    ...{ kind, name: titles[kind], height: 32, width: 32, channels: 3, splits },
    classes: (labels === 'fine' && names) || classesOf(kind, labels),
    ...(grouped && { superclasses: { names: [...cifar100Superclasses], of: [...cifar100Groups] } }),
    files: [...new Set(parts.map((part) => part.file))],
  };
}

/** All parts of a split one after the other. Names are those beside the images, where they are complete. */
async function read(files: CifarFiles, withPixels: boolean, signal?: AbortSignal) {
  const { kind, parts } = files;
  if (withPixels) requireMemory(files.place, parts.reduce((sum, { count }) => sum + count, 0) * imageBytes);
  const sinks = new Map<Split, RecordSink>();
  const readers = new Map<CifarPart, RecordReader>();
  for (const split of splitNames.options) {
    const count = countOf(parts, split);
    if (count === 0) continue;
    const sink: RecordSink = {
      labels: new Uint8Array(count * labelBytes[kind]),
      ...(withPixels && { pixels: new Uint8Array(new SharedArrayBuffer(count * imageBytes)) }),
    };
    sinks.set(split, sink);
    let first = 0;
    for (const part of parts.filter((each) => each.split === split)) {
      readers.set(part, new RecordReader(kind, sink, first));
      first += part.count;
    }
  }
  const named = files.archive
    ? await readArchive(files.archive, kind, readers, signal)
    : await readLoose(files.place, kind, readers, signal);
  return { sinks, names: namesIn(named, classesOf(kind, 'fine').length) };
}

async function readLoose(
  folder: string,
  kind: CifarKind,
  readers: ReadonlyMap<CifarPart, RecordReader>,
  signal?: AbortSignal,
): Promise<string> {
  for (const [{ file, count }, reader] of readers) {
    try {
      const end = count * recordBytes(kind) - 1; // whatever has been appended since its size was asked
      const options = { end, highWaterMark: 2 ** 20, ...(signal && { signal }) };
      for await (const piece of createReadStream(file, options)) reader.write(piece as Buffer);
      if (reader.bytes <= end) throw cutShort(file, kind, reader.bytes);
    } catch (error) {
      signal?.throwIfAborted();
      throw fileFailure(error, file, 'reading');
    }
  }
  const file = join(folder, namesFile[kind]);
  const small = await stat(file).then(
    ({ size }) => size <= mostNames,
    () => false,
  );
  return small ? readFile(file, 'utf8').catch(() => '') : '';
}

function cutShort(file: string, kind: CifarKind, bytes: number): AppError {
  const record = recordBytes(kind);
  const message = `${file} is cut short: ${bytes} bytes of records of ${record} came.`;
  return new AppError('data/cifar-size', message, { file, bytes, record });
}

const namesFile: Readonly<Record<CifarKind, string>> = {
  cifar10: 'batches.meta.txt',
  cifar100: 'fine_label_names.txt',
};

async function readArchive(
  archive: string,
  kind: CifarKind,
  readers: ReadonlyMap<CifarPart, RecordReader>,
  signal?: AbortSignal,
): Promise<string> {
  const byMember = new Map([...readers].map(([part, reader]) => [part.member, { reader, part }]));
  let text = '';
  const take = ({ path, size }: { path: string; size: number }) => {
    const found = byMember.get(path);
    if (found && size === found.part.count * recordBytes(kind)) return (piece: Uint8Array) => found.reader.write(piece);
    if (basename(path) !== namesFile[kind] || size > mostNames) return 'skip';
    return (piece: Uint8Array) => void (text += Buffer.from(piece).toString('utf8'));
  };
  await readTar(archive, take, signal);
  for (const [{ member, count }, { bytes }] of readers) {
    if (bytes < count * recordBytes(kind)) throw cutShort(`${archive}/${member ?? ''}`, kind, bytes);
  }
  return text;
}

function namesIn(text: string, expected: number): string[] | null {
  const found = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return found.length === expected && new Set(found).size === expected ? found : null;
}

function labelsOf({ kind, place }: CifarFiles, split: Split, { labels }: RecordSink, wanted: Labels): Uint16Array {
  const step = labelBytes[kind];
  const at = kind === 'cifar100' && wanted === 'fine' ? 1 : 0;
  const classes = classesOf(kind, wanted).length;
  const found = Uint16Array.from({ length: labels.length / step }, (_, index) => labels[index * step + at] ?? 0);
  const index = found.findIndex((label) => label >= classes);
  if (index < 0) return found;
  const details = { file: place, index, label: found[index] ?? 0, classes };
  const message = `${place} gives image ${index} of ${split} the label ${details.label}; expected 0 … ${classes - 1}.`;
  throw new AppError('data/label-range', message, details);
}

function classesOf(kind: CifarKind, labels: Labels): readonly string[] {
  if (kind === 'cifar10') return cifar10Classes;
  return labels === 'fine' ? cifar100Classes : cifar100Superclasses;
}

const countOf = (parts: readonly CifarPart[], split: Split): number =>
  parts.reduce((sum, part) => sum + (part.split === split ? part.count : 0), 0);
