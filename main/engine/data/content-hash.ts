import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { split as splitNames, type DataSetSummary, type Split } from '#contract/data.ts';
import type { MemorySource } from './memory-source.ts';

/** Hashed between two looks at other calls: some 10 ms. */
const stretch = 8 * 2 ** 20;

/**
 * SHA-256, hex, over every split's name, count, pixels and labels, in the order train, validation, test. Labels count
 * as one byte each, as IDX has them.
 */
export async function contentHash(sources: ReadonlyMap<Split, MemorySource>): Promise<string> {
  const hash = createHash('sha256');
  for (const split of splitNames.options) {
    const source = sources.get(split);
    if (!source) continue;
    hash.update(`${split} ${source.count}\n`);
    for (let at = 0; at < source.pixels.length; at += stretch) {
      hash.update(source.pixels.subarray(at, at + stretch));
      await setImmediate();
    }
    hash.update(Uint8Array.from(source.labels));
  }
  return hash.digest('hex');
}

type Named = Pick<DataSetSummary, 'height' | 'width' | 'channels' | 'classes' | 'splitting'> & {
  readonly edits?: readonly unknown[] | undefined;
  readonly drawnAfter?: number | undefined;
};

/**
 * The data set's own hash: its content under its shape, class names, edits and splitting. Cheap, so that renaming classes
 * is.
 */
export function dataSetHash(content: string, named: Named): string {
  const { height, width, channels, classes, edits, splitting, drawnAfter } = named;
  const drawn = splitting ? [splitting, ...(drawnAfter ? [drawnAfter] : [])] : [];
  const changed = [...(edits?.length ? [edits] : []), ...drawn];
  return createHash('sha256')
    .update(JSON.stringify([content, height, width, channels, classes, ...changed]))
    .digest('hex');
}
