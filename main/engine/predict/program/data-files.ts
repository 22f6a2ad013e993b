import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { ImageSource } from '#engine/data/data-set.ts';
import { rootsOf } from '#engine/data/listing/list-images.ts';
import { noProgram, type RunFacts, type SplitFacts } from './run-facts.ts';
import { npy, npyHeader } from './npy.ts';
import { writeNpz, type Arrays } from './npz.ts';
import type { Reading } from './text/images.ts';

/** Bytes read at once; the engine answers others in between. */
const chunk = 4 * 2 ** 20;

/**
 * Images as arrays: `<split>-images.npy`, `-labels.npy`, `-weights.npy`, in the order of the run. Yields how many are
 * written.
 */
export async function* writeArrays(
  folder: string,
  { splits, data }: RunFacts,
  signal?: AbortSignal,
): AsyncGenerator<{ done: number; total: number }, void> {
  const { height, width, channels } = data;
  const total = splits.reduce((sum, { places }) => sum + places.length, 0);
  let before = 0;
  for (const { name, source, places, weights } of splits) {
    const images = { height, width, channels, source, places };
    for await (const done of writeImages(join(folder, `${name}-images.npy`), images, signal)) {
      yield { done: before + done, total };
    }
    await writeFile(join(folder, `${name}-labels.npy`), npy(labelsOf(source, places), [places.length]));
    if (weights) await writeFile(join(folder, `${name}-weights.npy`), npy(weights, [places.length]));
    before += places.length;
  }
}

interface Images {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly source: ImageSource;
  readonly places: Uint32Array;
}

async function* writeImages(
  path: string,
  { height, width, channels, source, places }: Images,
  signal?: AbortSignal,
): AsyncGenerator<number, void> {
  const size = height * width * channels;
  const together = Math.max(1, Math.floor(chunk / size));
  const pixels = new Uint8Array(Math.min(together, places.length) * size);
  const file = await open(path, 'wx');
  try {
    await file.writeFile(npyHeader('u1', [places.length, height, width, channels]));
    for (let from = 0; from < places.length; from += together) {
      signal?.throwIfAborted();
      const some = places.subarray(from, from + together);
      const read = pixels.subarray(0, some.length * size);
      source.read(some, read);
      await file.writeFile(read);
      yield from + some.length;
      await breathe();
    }
  } finally {
    await file.close();
  }
}

const labelsOf = (source: ImageSource, places: Uint32Array) => Int32Array.from(places, (at) => source.labels[at] ?? 0);

/** Only what says which images of the data set's own files belong where. Fails: `model/no-program`, `file/missing`. */
export async function writePaths(folder: string, facts: RunFacts): Promise<Reading> {
  const { data } = facts;
  if (data.pairs.length > 0) return writePairs(folder, facts);
  if (data.summary.kind === 'folder') return writePictures(folder, facts);
  const { name, kind } = data.summary;
  throw noProgram(
    facts.run.name,
    `files of the kind of ${name} (${kind}) are not read by the program; let the images go along`,
  );
}

async function writePairs(folder: string, { data, splits }: RunFacts): Promise<Reading> {
  const arrays: Record<string, Arrays[string]> = {};
  for (const { name, of, source, places, weights } of splits) {
    const origins = Array.from(places, (place) => data.origin(of, place));
    arrays[`${name}_file`] = Uint8Array.from(origins, (origin) =>
      data.pairs.findIndex(({ split }) => split === origin?.split),
    );
    arrays[`${name}_place`] = Int32Array.from(origins, (origin) => origin?.index ?? -1);
    arrays[`${name}_label`] = labelsOf(source, places);
    if (weights) arrays[`${name}_weight`] = weights;
  }
  await writeNpz(join(folder, 'splits.npz'), arrays);
  return { kind: 'idx', pairs: data.pairs.map(({ images, labels }) => [images.path, labels.path] as const) };
}

async function writePictures(folder: string, { run, data, splits }: RunFacts): Promise<Reading> {
  const roots = await rootsOf(data.summary.files);
  for (const split of splits) await writeFile(join(folder, `${split.name}.csv`), rowsOf(run.name, split));
  return {
    kind: 'pictures',
    folders: Object.fromEntries(roots.map(({ shown, path }) => [shown, path])),
    fit: data.summary.form?.fit ?? 'stretch',
  };
}

/** A line an image: its file in the folder, and its class. */
function rowsOf(run: string, { source, places, weights }: SplitFacts): string {
  const lines = Array.from(places, (place, row) => {
    const file = source.files?.(place);
    if (file === undefined) throw noProgram(run, `the file of image ${place} is not known; let the images go along`);
    const weight = weights ? `,${weights[row] ?? 1}` : '';
    return `"${file.replaceAll('"', '""')}",${source.labels[place] ?? 0}${weight}`;
  });
  return `${[`file,label${weights ? ',weight' : ''}`, ...lines].join('\r\n')}\r\n`;
}
