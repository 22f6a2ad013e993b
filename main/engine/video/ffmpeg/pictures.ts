import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { AppError } from '#contract/failures.ts';
import type { FilmFacts, FilmNote } from '#contract/video.ts';
import { decodeImage } from '#engine/data/decode/decode-image.ts';
import { isLeftover, namedLikeAnImage } from '#engine/data/listing/image-names.ts';
import { pictureSize } from '#engine/predict/picture-size.ts';
import type { Frame, FrameSize, Reading } from '../stages.ts';
import { longestSide } from './longest-side.ts';

/** Pictures a second, where nobody says another number. */
export const assumedRate = 25;

/** Endings that may be films as well as pictures. */
const moving = ['.gif', '.apng', '.webp'];
const numbers = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Pictures that are shown one after the other as a film. */
export interface PictureSeries {
  /** The folder, or the first picture of the row. */
  readonly path: string;
  readonly files: readonly string[];
  /** Fails: `film/empty`, `image/…`. */
  facts(): Promise<FilmFacts>;
}

/**
 * A folder of pictures, by name with numbers as numbers; or one of numbered pictures (`shot-001.png`), which stands for all
 * of its row. Null where the path is neither: it may be a film. Fails: `film/empty` for a folder without pictures.
 */
export async function findPictures(path: string): Promise<PictureSeries | null> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) {
    const files = await picturesIn(path, () => true);
    if (files.length === 0) throw new AppError('film/empty', `The folder ${path} holds no picture.`, { file: path });
    return seriesOf(path, files);
  }
  const row = rowOf(basename(path));
  if (!found?.isFile() || !row) return null;
  const files = await picturesIn(dirname(path), (name) => rowOf(name)?.key === row.key);
  return seriesOf(files[0] ?? path, files);
}

/** The row a numbered picture belongs to: its name without the last number. Null for what is no picture or has no number. */
export function rowOf(name: string): { readonly key: string } | null {
  const ending = extname(name).toLowerCase();
  if (!namedLikeAnImage(name) || moving.includes(ending)) return null;
  const [, before, , after] = /^(.*?)(\d+)(\D*)$/.exec(name.slice(0, name.length - ending.length)) ?? [];
  return before === undefined ? null : { key: `${before}#${after}${ending}` };
}

async function picturesIn(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !isLeftover(entry.name)).map(({ name }) => name);
  const pictures = names.filter((name) => namedLikeAnImage(name) && wanted(name));
  return pictures.sort(numbers.compare).map((name) => join(folder, name));
}

function seriesOf(path: string, files: readonly string[]): PictureSeries {
  const facts = async (): Promise<FilmFacts> => {
    const [first = path] = files;
    const { width, height } = await pictureSize(await readFile(first), first);
    if (Math.max(width, height) > longestSide) {
      const details = { file: path, width, height, most: longestSide };
      throw new AppError(
        'film/too-large',
        `${path} has pictures of ${width}×${height}; at most ${longestSide} px.`,
        details,
      );
    }
    const notes: FilmNote[] = [{ kind: 'no-sound', details: {} }];
    if (width % 2 === 1 || height % 2 === 1) notes.unshift({ kind: 'odd-size', details: { width, height } });
    const codec = extname(first).slice(1).toLowerCase();
    return {
      ...{ kind: 'images', width, height, rate: assumedRate, variable: false, frames: files.length },
      ...{ seconds: files.length / assumedRate, codec, pixelFormat: 'rgb24', rotation: 0, sound: [], notes },
    };
  };
  return { path, files, facts };
}

/** Bytes of all pictures. */
export async function bytesOf({ files }: PictureSeries): Promise<number> {
  let sum = 0;
  for (const file of files) sum += (await stat(file).catch(() => null))?.size ?? 0;
  return sum;
}

/** Each picture as a whole, black beside it where its shape is another's. Those that cannot be read are left out and counted. */
export async function* readPictures(
  series: PictureSeries,
  { size, rate, from = 0, to = Infinity }: Reading,
  signal: AbortSignal,
): AsyncGenerator<Frame, { damaged: number }> {
  const places = framePlaces(series.files.length, rate, from, to);
  let [index, damaged] = [0, 0];
  let last: { readonly file: number; readonly pixels: Uint8Array | null } = { file: -1, pixels: null };
  for (const { file, seconds } of places) {
    signal.throwIfAborted();
    if (last.file !== file) {
      last = { file, pixels: await picturePixels(series.files[file] ?? '', size) };
      if (!last.pixels) damaged++;
    }
    if (last.pixels) yield { index: index++, seconds, pixels: last.pixels.slice() };
  }
  return { damaged };
}

/** Which picture is shown when. */
export function* framePlaces(count: number, rate: Reading['rate'], from: number, to: number) {
  const step = 1 / (rate === 'source' ? assumedRate : rate);
  const end = Math.min(to, count / assumedRate) - 1e-6;
  for (let frame = Math.max(0, Math.ceil(from / step - 1e-6)); frame * step < end; frame++) {
    const file = Math.min(count - 1, Math.floor(frame * step * assumedRate + 1e-6));
    yield { file, seconds: frame * step };
  }
}

async function picturePixels(file: string, { width, height }: FrameSize): Promise<Uint8Array | null> {
  const bytes = await readFile(file).catch(() => null);
  if (!bytes) return null;
  const decoded = await decodeImage(bytes, file, { height, width, channels: 3, fit: 'pad' });
  return 'skipped' in decoded ? null : decoded.pixels;
}
