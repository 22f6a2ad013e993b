import { z } from 'zod';
import { augmentation } from '#contract/augmentation.ts';
import { dataSetId, split } from '#contract/data.ts';
import type { DataSet } from '../data-set.ts';
import { readImage } from '../image-detail.ts';
import { tilesPng } from '../sheets.ts';
import { makeAugmenter } from './augmenter.ts';

/** The longest side of a tile, px. */
const tileLimit = 224;

/** `AugmentedSheet` as it comes in an address. */
export const augmentedSheet = z.object({
  dataset: dataSetId,
  split,
  indices: z.array(z.number().int().min(0)).min(1).max(16),
  passes: z.number().int().min(0).max(16),
  seed: z.number().int(),
  extreme: z.boolean().default(false),
  augmentation,
});

/** By the very augmenter of a run. Fails: `data/unknown-image`. */
export async function augmentedPng(dataSet: DataSet, sheet: z.output<typeof augmentedSheet>): Promise<Buffer> {
  const { indices, passes, seed, extreme } = sheet;
  const { height, width } = dataSet;
  const augmenter = makeAugmenter(sheet.augmentation, dataSet, seed);
  const originals = indices.map((index) => readImage(dataSet, sheet.split, index).pixels);
  const columns = passes + 1;
  const read = (place: number) => {
    const row = Math.floor(place / columns);
    const pass = place % columns;
    const image = Uint8Array.from(originals[row] ?? []);
    if (pass > 0) augmenter.apply(image, pass, indices[row] ?? 0, extreme);
    return image;
  };
  const scale = Math.min(1, tileLimit / Math.max(height, width));
  const side = (size: number) => Math.max(1, Math.round(size * scale));
  return tilesPng(read, dataSet, { columns, rows: indices.length, tile: { height: side(height), width: side(width) } });
}
