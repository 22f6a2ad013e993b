import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Split } from '#contract/data.ts';
import { AppError } from '#contract/failures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { readIdxHeader, type IdxHeader } from './idx.ts';

/** Images and their labels, of one split; counts agree. */
export interface IdxPair {
  readonly split: Split;
  readonly images: IdxHeader;
  readonly labels: IdxHeader;
}

/** In a folder other files may lie about; a path that was named itself must be IDX. */
const looksLikeIdx = /idx|ubyte|images|labels/i;
const splitWords: readonly [RegExp, Split][] = [
  [/t10k|test/, 'test'],
  [/valid|(^|[^a-z])val([^a-z]|$)/, 'validation'],
];

/**
 * Finds the pairs among files and folders (one level deep): what a file is says its header, what belongs together say
 * names and counts. Only headers are read.
 * Fails: all codes of `readIdxHeader`, `data/unknown-format`, `data/labels-missing`, `data/images-missing`,
 * `data/labels-mismatch`, `data/split-twice`, `data/shapes-differ`.
 */
export async function pairFiles(paths: readonly string[]): Promise<IdxPair[]> {
  const headers: IdxHeader[] = [];
  for (const file of await filesOf(paths)) headers.push(await readIdxHeader(file));
  const labels = new Set(headers.filter((header) => header.dims.length === 1));
  const images = headers.filter((header) => !labels.has(header));

  const pairs: IdxPair[] = [];
  for (const alike of [sameName, sameSplitAndCount, sameCount, sameSplit, anyTwo]) {
    for (const header of images.filter((image) => !pairs.some((pair) => pair.images === image))) {
      const found = [...labels].filter((label) => alike(header, label));
      const rivals = images.filter(
        (image) => !pairs.some((pair) => pair.images === image) && found[0] && alike(image, found[0]),
      );
      if (found.length !== 1 || rivals.length !== 1 || !found[0]) continue;
      labels.delete(found[0]);
      pairs.push(checkedPair(header, found[0]));
    }
  }
  const lonely = images.find((image) => !pairs.some((pair) => pair.images === image));
  if (lonely) throw alone('data/labels-missing', lonely, 'no labels to its images');
  for (const label of labels) throw alone('data/images-missing', label, 'no images to its labels');
  checkTogether(pairs);
  return pairs;
}

const sameName = (image: IdxHeader, label: IdxHeader) => key(image.file) === key(label.file);
const sameSplit = (image: IdxHeader, label: IdxHeader) => splitOf(image.file) === splitOf(label.file);
const sameCount = (image: IdxHeader, label: IdxHeader) => image.dims[0] === label.dims[0];
const sameSplitAndCount = (image: IdxHeader, label: IdxHeader) => sameSplit(image, label) && sameCount(image, label);
const anyTwo = () => true;

function checkedPair(images: IdxHeader, labels: IdxHeader): IdxPair {
  const [imageCount = 0] = images.dims;
  const [labelCount = 0] = labels.dims;
  if (imageCount !== labelCount) {
    const details = { images: images.file, labels: labels.file, imageCount, labelCount };
    const message = `${labels.file} has ${labelCount} labels, ${images.file} has ${imageCount} images; expected as many.`;
    throw new AppError('data/labels-mismatch', message, details);
  }
  return { split: splitOf(images.file), images, labels };
}

function checkTogether(pairs: readonly IdxPair[]): void {
  const [first] = pairs;
  if (!first) return;
  const shapeOf = (pair: IdxPair) => pair.images.dims.slice(1).join('×');
  for (const [position, pair] of pairs.entries()) {
    const files = { first: first.images.file, second: pair.images.file };
    if (shapeOf(pair) !== shapeOf(first)) {
      const shapes = { firstShape: shapeOf(first), secondShape: shapeOf(pair) };
      const message = `${files.second} has images of ${shapes.secondShape}, ${files.first} of ${shapes.firstShape}.`;
      throw new AppError('data/shapes-differ', message, { ...files, ...shapes });
    }
    const twin = pairs.slice(0, position).find((other) => other.split === pair.split);
    if (twin) {
      const details = { split: pair.split, first: twin.images.file, second: files.second };
      throw new AppError(
        'data/split-twice',
        `Both ${details.first} and ${details.second} are "${pair.split}".`,
        details,
      );
    }
  }
}

function alone(code: 'data/labels-missing' | 'data/images-missing', { file }: IdxHeader, what: string): AppError {
  return new AppError(code, `There are ${what} in ${file} among the files given.`, { file });
}

/** Every file once. A file that lies there both packed and unpacked is taken unpacked. */
async function filesOf(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    try {
      const folder = (await stat(path)).isDirectory();
      for (const file of folder ? await idxFilesIn(path) : [path]) found.add(await realpath(file));
    } catch (error) {
      throw fileFailure(error, path, 'reading');
    }
  }
  return [...found].filter((file) => !(file.endsWith('.gz') && found.has(file.slice(0, -3)))).sort();
}

async function idxFilesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && looksLikeIdx.test(entry.name))
    .map(({ name }) => name);
  const files = names.filter((name) => !name.startsWith('.')).map((name) => join(folder, name));
  if (files.length > 0) return files;
  throw new AppError('data/unknown-format', `${folder} holds no IDX files.`, { file: folder });
}

/** `train-images-idx3-ubyte.gz` and `train-labels.idx1-ubyte` are both `train`. */
function key(file: string): string {
  const words = basename(file)
    .toLowerCase()
    .replace(/\.gz$/, '')
    .split(/[^a-z0-9]+/);
  const kept = words.filter((word) => !/^(images?|imgs?|labels?|idx\d?|ubyte|bin|)$/.test(word));
  return `${dirname(file)}/${kept.join('-')}`;
}

export function splitOf(file: string): Split {
  const name = basename(file).toLowerCase();
  return splitWords.find(([word]) => word.test(name))?.[1] ?? 'train';
}

/** A name for people: the data set's own part of the file name, or the folder's name. */
export function nameOf(pairs: readonly IdxPair[]): string {
  const file = pairs[0]?.images.file ?? '';
  const own = basename(key(file)).replace(/(^|-)(train(ing)?|t10k|test(ing)?|val(id|idation)?)(?=-|$)/g, '');
  return own.replace(/^-+|-+$/g, '') || basename(dirname(file)) || 'Images';
}
