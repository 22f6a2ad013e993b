import type { z } from 'zod';
import type { augmentation } from './augmentation.ts';
import type { ImageQueryInput, Split } from './data.ts';
import type { InputWays, PictureRef } from './prediction.ts';
import type { FilmSettingsInput } from './video.ts';

/**
 * Addresses of pictures, the same in every host: Electron answers them on the app's own scheme, `serve` over HTTP,
 * both by asking the engine. Relative to the page.
 */

/** The longest side of one tile on a sheet, px; smaller images keep their own size. */
export const tileLimits = [64, 128, 224] as const;
export type TileLimit = (typeof tileLimits)[number];

export interface SheetLayout {
  /** Tiles side by side and one below the other, left to right, top to bottom. */
  readonly columns: number;
  readonly rows: number;
  readonly images: number;
}

/** The larger the tiles, the fewer stand on a sheet: no sheet has a side above 1,024 px. */
export function sheetLayout(limit: TileLimit = 64): SheetLayout {
  const side = { 64: 16, 128: 8, 224: 4 }[limit];
  return { columns: side, rows: side, images: side * side };
}

/**
 * The size of one tile, px. A sheet is always its layout's columns wide and rows high; tiles after the last image are
 * black.
 */
export function tileSize(image: ImageSize, limit: TileLimit = 64): { height: number; width: number } {
  const scale = Math.min(1, limit / Math.max(image.height, image.width));
  return { height: Math.max(1, Math.round(image.height * scale)), width: Math.max(1, Math.round(image.width * scale)) };
}

/** The smallest limit whose tiles are sharp when drawn into squares of `side` px, or hold all there is of the image. */
export function tileLimitFor(image: ImageSize, side: number): TileLimit {
  const longest = Math.max(image.height, image.width);
  return tileLimits.find((limit) => limit >= Math.min(longest, side)) ?? 224;
}

/**
 * A PNG with the images `page * sheetLayout(limit).images …` of the query, in its order. `revision` changes when
 * predictions or labels do, so that sheets can be cached for ever.
 */
export function sheetUrl(query: ImageQueryInput, page: number, revision: string, limit: TileLimit = 64): string {
  const tile = limit === 64 ? '' : `&tile=${limit}`;
  return `pictures/sheet/${page}?v=${encodeURIComponent(revision)}${tile}&q=${encodeURIComponent(JSON.stringify(query))}`;
}

interface ImageSize {
  readonly height: number;
  readonly width: number;
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

/** A photo upright, as PNG or JPEG, its longer side at most `side` px. @param revision any word that changes with the file */
export function photoUrl(photo: string, side: number, revision = ''): string {
  return `pictures/photo/${encodeURIComponent(photo)}?side=${side}&v=${encodeURIComponent(revision)}`;
}

/** A picture as the network's input has it: cut or padded or stretched, before the pixels' treatment. */
export function inputUrl(model: string, picture: PictureRef, ways: InputWays, revision = ''): string {
  const asked = encodeURIComponent(JSON.stringify({ model, picture, ways }));
  return `pictures/input?v=${encodeURIComponent(revision)}&q=${asked}`;
}

/** A frame of an opened film, upright, as JPEG, its longer side at most `side` px. */
export function filmFrameUrl(film: string, seconds: number, side: number): string {
  return `pictures/film/${encodeURIComponent(film)}/frame?t=${seconds}&side=${side}`;
}

/** A frame as the film made by these settings will have it, as PNG. */
export function filmPreviewUrl(film: string, seconds: number, settings: FilmSettingsInput): string {
  return `pictures/film/${encodeURIComponent(film)}/preview?t=${seconds}&q=${encodeURIComponent(JSON.stringify(settings))}`;
}

/** The newest frame of a film that is being made, as JPEG. @param frame any number that changes with it */
export function filmJobUrl(job: string, frame: number): string {
  return `pictures/film-job/${encodeURIComponent(job)}?n=${frame}`;
}

/**
 * What was made: the film itself, what the player shows as the original, all maps (by ranges), and every frame as a table.
 */
export function filmResultUrl(result: string, part: 'film' | 'source' | 'maps' | 'csv' | 'json'): string {
  return `pictures/film-result/${encodeURIComponent(result)}/${part}`;
}
