import type { z } from 'zod';
import type { augmentation } from './augmentation.ts';
import type { ImageQueryInput, Split } from './data.ts';

/**
 * Addresses of pictures, the same in every host: Electron answers them on the app's own scheme, `serve` over HTTP,
 * both by asking the engine. Relative to the page.
 */

/** Images on one sheet, left to right, top to bottom. */
export const sheetColumns = 16;
export const sheetRows = 16;
export const sheetImages = sheetColumns * sheetRows;
/** The longest side of one tile on a sheet, px; smaller images keep their own size. */
export const tileLimit = 64;

/**
 * The size of one tile, px. A sheet is always `sheetColumns` tiles wide and `sheetRows` tiles high; tiles after the
 * last image are black.
 */
export function tileSize(image: { height: number; width: number }): { height: number; width: number } {
  const scale = Math.min(1, tileLimit / Math.max(image.height, image.width));
  return { height: Math.max(1, Math.round(image.height * scale)), width: Math.max(1, Math.round(image.width * scale)) };
}

/**
 * A PNG with the images `page * sheetImages …` of the query, in its order. `revision` changes when predictions or
 * labels do, so that sheets can be cached for ever.
 */
export function sheetUrl(query: ImageQueryInput, page: number, revision: string): string {
  return `pictures/sheet/${page}?v=${encodeURIComponent(revision)}&q=${encodeURIComponent(JSON.stringify(query))}`;
}

/** One image as PNG at its own size. `revision` is the data set's hash. */
export function imageUrl(dataset: string, split: Split, index: number, revision: string): string {
  return `pictures/image/${encodeURIComponent(dataset)}/${split}/${index}?v=${encodeURIComponent(revision)}`;
}

/** The first images of an import under way, left to right, 16 a row. @param images that are there by now */
export function firstScreenUrl(job: string, images: number): string {
  return `pictures/import/${encodeURIComponent(job)}?n=${images}`;
}

/** What an augmentation makes of images: rows = images, columns = passes from 1, the first column as it was. */
export interface AugmentedSheet {
  readonly dataset: string;
  readonly split: Split;
  /** At most 16. */
  readonly indices: readonly number[];
  /** At most 16. */
  readonly passes: number;
  readonly seed: number;
  /** Every draw at one of its range's ends. */
  readonly extreme?: boolean;
  readonly augmentation: z.input<typeof augmentation>;
}

/** A PNG; tiles at the set's own size up to 224 px. */
export function augmentedUrl(sheet: AugmentedSheet, revision: string): string {
  return `pictures/augmented?v=${encodeURIComponent(revision)}&q=${encodeURIComponent(JSON.stringify(sheet))}`;
}
