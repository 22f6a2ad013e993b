import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { DataSetSummary, ImportEvent, ImportOptions } from '#contract/data.ts';
import type { Catalogue } from '../catalogue.ts';
import { contentHash } from '../content-hash.ts';
import { readCifar } from '../formats/cifar.ts';
import { fashionClasses, isFashionMnist } from '../formats/fashion.ts';
import type { FileImages } from '../formats/file-images.ts';
import { readText } from '../formats/text.ts';
import type { MemorySource } from '../memory-source.ts';
import type { Listing } from '../listing/list-images.ts';
import { loadPairs } from '../load-pairs.ts';
import { nameOf, type IdxPair } from '../pair-files.ts';
import { openPrepared } from '../prepared.ts';
import { idOf, stampedPair, stampOf } from '../record.ts';
import { FirstScreen } from './first-screen.ts';
import { splitCounts } from './look.ts';
import { jobName, prepareImages } from './prepare-images.ts';
import { recognise } from './recognise.ts';
import { sampleSizes } from './suggested-form.ts';

export interface ImportRequest {
  readonly paths: readonly string[];
  readonly name?: string | undefined;
  readonly options?: ImportOptions | undefined;
}

export interface ImportParts {
  readonly catalogue: Catalogue;
  /** Where the first pictures of imports under way are found. */
  readonly screens: Map<string, FirstScreen>;
  readonly threads?: number;
}

/** Milliseconds. */
const screenStays = 10_000;

/**
 * Reads files as one data set and lists it. One bad file never ends it; cancelled or failed, nothing has changed.
 * Fails: the codes of `recognise` and of the format, `data/splitting`, `file/no-space`.
 */
export async function* importFiles(
  request: ImportRequest,
  parts: ImportParts,
  signal?: AbortSignal,
): AsyncGenerator<ImportEvent, DataSetSummary> {
  const found = await recognise(request.paths, signal);
  if (found.kind === 'images') {
    try {
      return yield* importImages(found.listing, request, parts, signal);
    } finally {
      await found.listing.close();
    }
  }
  if (found.kind === 'idx') return importPairs(found.pairs, request, parts.catalogue);
  const { labels, form } = request.options ?? {};
  const read = found.kind === 'cifar' ? readCifar : readText;
  const images = await read(request.paths, { labels, form, signal });
  return importFormat(images, request, parts.catalogue);
}

async function* importImages(
  listing: Listing,
  { paths, name, options = {} }: ImportRequest,
  { catalogue, screens, threads = availableParallelism() }: ImportParts,
  signal?: AbortSignal,
): AsyncGenerator<ImportEvent, DataSetSummary> {
  const form = options.form ?? (await sampleSizes(listing)).form;
  const job = jobName(paths);
  const screen = new FirstScreen(form);
  screens.set(job, screen);
  try {
    const { images, classes } = listing;
    yield { kind: 'listed', job, images: images.length, classes: classes.length, splits: splitCounts(images) };
    const parts = { listing, form, screen, threads, signal };
    const { key, rows } = yield* prepareImages({ ...parts, folder: catalogue.prepared });
    const { sources, images: prepared } = await openPrepared(catalogue.prepared, key, listing.name);
    const { fit: _, ...shape } = form;
    const id = idOf('photos', key, shape);
    const repaired = new Set(rows.filter(({ outcome }) => outcome === 'repaired').map(({ file }) => file)).size;
    const skipped = rows.filter(({ outcome }) => outcome === 'skipped').length;
    const record = {
      ...{ id, kind: listing.kind, name: chosenName(catalogue, id, name, listing.name), ...shape, form },
      ...{ classes: [...classes], content: key, pairs: [], given: splitCounts(splitsOf(sources)) },
      files: await Promise.all(paths.map(stampOf)),
      prepared: { key, skipped, repaired },
      ...splittingOf(options),
    };
    return await catalogue.add(record, { sources, classes, images: prepared });
  } finally {
    // The page may be asking for its last pictures still.
    setTimeout(() => screens.get(job) === screen && screens.delete(job), screenStays).unref();
  }
}

async function importPairs(
  pairs: readonly IdxPair[],
  { name, options = {} }: ImportRequest,
  catalogue: Catalogue,
): Promise<DataSetSummary> {
  const { sources, classCount } = await loadPairs(pairs);
  const content = await contentHash(sources);
  const [, height = 0, width = 0, channels = 1] = pairs[0]?.images.dims ?? [];
  const shape = { height, width, channels };
  const files = pairs.flatMap(({ images, labels }) => [images.file, labels.file]);
  const labels = new Map([...sources].map(([split, source]) => [split, source.labels]));
  const fashion = isFashionMnist({ ...shape, files, labels });
  const classes = fashion ? [...fashionClasses] : Array.from({ length: classCount }, (_, label) => String(label));
  const id = idOf('idx', content, shape);
  const record = {
    ...{ id, kind: 'idx' as const, ...shape, classes, content },
    name: chosenName(catalogue, id, name, fashion ? 'Fashion-MNIST' : nameOf(pairs)),
    pairs: await Promise.all(pairs.map((pair) => stampedPair(pair, sources.get(pair.split)?.count ?? 0))),
    ...splittingOf(options),
  };
  return catalogue.add(record, { sources, classes });
}

async function importFormat(
  { kind, height, width, channels, splits: sources, superclasses, files, ...rest }: FileImages,
  { name, options = {} }: ImportRequest,
  catalogue: Catalogue,
): Promise<DataSetSummary> {
  const classes = [...rest.classes];
  const content = await contentHash(sources as ReadonlyMap<'train', MemorySource>);
  const shape = { height, width, channels };
  const id = idOf(kind, `${content} ${classes.length}`, shape);
  const record = {
    ...{ id, kind, ...shape, classes, content, pairs: [], given: splitCounts(splitsOf(sources)) },
    name: chosenName(catalogue, id, name, rest.name),
    files: await Promise.all(files.map(stampOf)),
    ...(superclasses && { superclasses }),
    ...(options.labels && { labels: options.labels }),
    ...(kind === 'text' && { form: { ...shape, fit: 'stretch' as const } }),
    ...splittingOf(options),
  };
  return catalogue.add(record, { sources, classes, superclasses });
}

/** The name that is asked for, else the one it had, else the one it has by itself. */
function chosenName(catalogue: Catalogue, id: string, asked: string | undefined, own: string): string {
  return asked?.trim() || (catalogue.nameOf(id) ?? (own || basename(id)));
}

function splittingOf({ splitting }: ImportOptions) {
  return splitting && splitting.by !== 'given' ? { splitting } : {};
}

function* splitsOf(sources: ReadonlyMap<'train' | 'validation' | 'test', { readonly count: number }>) {
  for (const [split, { count }] of sources) for (let index = 0; index < count; index++) yield { split };
}
