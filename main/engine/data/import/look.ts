import { stat } from 'node:fs/promises';
import type { ImportLook, Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { fashionClasses, isFashionMnist } from '../formats/fashion.ts';
import { lookCifar } from '../formats/cifar.ts';
import { countedClasses } from '../formats/file-images.ts';
import { lookText } from '../formats/text.ts';
import { readIdxValues } from '../idx.ts';
import { checkedClassCount } from '../class-count.ts';
import { nameOf, type IdxPair } from '../pair-files.ts';
import type { Listing } from '../listing/list-images.ts';
import { imageBytesOf } from '../prepared.ts';
import { recognise } from './recognise.ts';
import { sampleSizes } from './suggested-form.ts';

/** What these files would be as a data set; pixels are not read. Fails: the codes of `recognise` and of the format. */
export async function lookAt(paths: readonly string[], signal?: AbortSignal): Promise<ImportLook> {
  const found = await recognise(paths, signal);
  if (found.kind === 'idx') return lookAtPairs(found.pairs);
  if (found.kind === 'images') {
    try {
      return await lookAtListing(found.listing);
    } finally {
      await found.listing.close();
    }
  }
  const look = found.kind === 'cifar' ? await lookCifar(paths, signal) : await lookText(paths, signal);
  if (look) return look;
  const [file = ''] = paths;
  throw new AppError('file/unreadable', `${file} changed while it was looked at.`, { file, reason: 'it changed' });
}

async function lookAtPairs(pairs: readonly IdxPair[]): Promise<ImportLook> {
  const labels = new Map<string, Uint8Array>();
  const bySplit = new Map<Split, Uint8Array>();
  for (const pair of pairs) {
    const values = await readIdxValues(pair.labels);
    labels.set(pair.labels.file, values);
    bySplit.set(pair.split, values);
  }
  const counts = new Array<number>(checkedClassCount(labels)).fill(0);
  for (const values of labels.values()) for (const label of values) counts[label] = (counts[label] ?? 0) + 1;
  const [, height = 0, width = 0, channels = 1] = pairs[0]?.images.dims ?? [];
  const files = pairs.flatMap((pair) => [pair.images.file, pair.labels.file]);
  const fashion = isFashionMnist({ height, width, channels, files, labels: bySplit });
  const names = fashion ? fashionClasses : counts.map((_, label) => String(label));
  const sizes = await Promise.all(files.map((file) => stat(file)));
  return {
    kind: 'idx',
    name: fashion ? 'Fashion-MNIST' : nameOf(pairs),
    images: counts.reduce((sum, count) => sum + count, 0),
    classes: countedClasses(names, counts),
    classCount: names.length,
    splits: Object.fromEntries(pairs.map(({ split, images }) => [split, images.dims[0] ?? 0])),
    bytes: sizes.reduce((sum, { size }) => sum + size, 0),
    sizes: { height, width, least: Math.min(height, width), most: Math.max(height, width), grey: channels === 1 },
    suggested: { splitting: { by: 'given' } },
    rows: [],
  };
}

async function lookAtListing(listing: Listing): Promise<ImportLook> {
  const { kind, name, images, classes, rows } = listing;
  const counts = new Array<number>(classes.length).fill(0);
  for (const { label } of images) counts[label] = (counts[label] ?? 0) + 1;
  const splits = splitCounts(images);
  const { sizes, form } = await sampleSizes(listing);
  const splitting = splits.test || splits.validation ? ({ by: 'given' } as const) : usualSplitting;
  return {
    ...{ kind, name, images: images.length, classCount: classes.length, splits },
    classes: countedClasses(classes, counts),
    bytes: images.reduce((sum, { size }) => sum + size, 0),
    ...(sizes && { sizes }),
    suggested: { form, splitting },
    rows: [...rows],
    prepared: images.length * imageBytesOf(form),
  };
}

/** Where nothing is set apart for testing. */
const usualSplitting = { by: 'fraction', validation: 0, test: 0.2, seed: 1 } as const;

export function splitCounts(images: Iterable<{ readonly split: Split }>): Partial<Record<Split, number>> {
  const counts: Partial<Record<Split, number>> = {};
  for (const { split } of images) counts[split] = (counts[split] ?? 0) + 1;
  return counts;
}
