import { AppError } from '#contract/failures.ts';
import type { Split } from '#contract/data.ts';
import { contentHash } from './content-hash.ts';
import type { MemorySource } from './memory-source.ts';
import { readCifar } from './formats/cifar.ts';
import { readText } from './formats/text.ts';
import { readIdxHeader } from './idx.ts';
import { loadPairs } from './load-pairs.ts';
import type { GivenImages } from './opened-set.ts';
import type { IdxPair } from './pair-files.ts';
import { openPrepared } from './prepared.ts';
import { fileProblems, givenCounts, stampOf, type DataRecord } from './record.ts';

export interface OpenedRecord {
  readonly given: GivenImages;
  /** The record with the present times of its files; the same object where nothing moved. */
  readonly stamped: DataRecord;
}

/**
 * Opens what a record speaks of. Files that look touched are hashed: if the content is the same, `stamped` is the
 * record with their new times, else it is `data/changed`, since runs were measured on what it was.
 * Fails: `data/changed`, `data/prepared-lost`, the codes of the file formats.
 * @param prepared folder of what the project has decoded
 */
export async function openRecord(record: DataRecord, prepared: string): Promise<OpenedRecord> {
  const { classes, superclasses } = record;
  if (record.prepared) {
    const { sources, images } = await openPrepared(prepared, record.prepared.key, record.name);
    return { given: { sources, classes, superclasses, images }, stamped: record };
  }
  const sources = await readSources(record);
  const given = { sources, classes, superclasses };
  const [touched] = record.kind === 'mnist' ? [] : await fileProblems(record);
  if (!touched) return { given, stamped: record };
  if ((await contentHash(sources)) !== record.content) throw changed(record, touched.file);
  return { given, stamped: await stampedAnew(record) };
}

async function readSources(record: DataRecord): Promise<ReadonlyMap<Split, MemorySource>> {
  const { kind, labels, form, files = [] } = record;
  const paths = files.map(({ path }) => path);
  if (kind === 'cifar10' || kind === 'cifar100') return checked(record, (await readCifar(paths, { labels })).splits);
  if (kind === 'text') return checked(record, (await readText(paths, { form })).splits);
  const pairs: IdxPair[] = [];
  for (const { split, images, labels: other } of record.pairs) {
    pairs.push({ split, images: await readIdxHeader(images.path), labels: await readIdxHeader(other.path) });
  }
  for (const [position, { images, labels: other }] of pairs.entries()) {
    const { count } = record.pairs[position] ?? { count: 0 };
    const shape = [count, record.height, record.width, record.channels].join();
    const [n = 0, height = 0, width = 0, channels = 1] = images.dims;
    if ([n, height, width, channels].join() !== shape) throw changed(record, images.file);
    if (other.dims.join() !== String(count)) throw changed(record, other.file);
  }
  return (await loadPairs(pairs)).sources;
}

function checked(record: DataRecord, sources: ReadonlyMap<Split, MemorySource>) {
  const given = givenCounts(record);
  for (const [split, { count }] of sources) {
    if (given[split] !== count) throw changed(record, record.files?.[0]?.path ?? '');
  }
  return sources;
}

async function stampedAnew(record: DataRecord): Promise<DataRecord> {
  const pairs: DataRecord['pairs'] = [];
  for (const pair of record.pairs) {
    pairs.push({ ...pair, images: await stampOf(pair.images.path), labels: await stampOf(pair.labels.path) });
  }
  const files = record.files && (await Promise.all(record.files.map(({ path }) => stampOf(path))));
  return { ...record, pairs, ...(files && { files }) };
}

function changed({ name }: DataRecord, file: string): AppError {
  const message = `${file} of "${name}" is not what it was when it was opened.`;
  return new AppError('data/changed', message, { name, file });
}
