import { imageQuery, split as splitName } from '#contract/data.ts';
import { tileLimits, tileSize } from '#contract/pictures.ts';
import { toFailure, type FailureCode } from '#contract/failures.ts';
import { augmentedPng, augmentedSheet } from './augment/sheet.ts';
import type { FindDataSet } from './data-set.ts';
import { screenColumns } from './import/first-screen.ts';
import type { Imports } from './import/imports.ts';
import type { ImageQueries } from './query.ts';
import { imagePng, sheetPng, tilesPng } from './sheets.ts';

export interface PictureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Sent instead of `body`, as it is read from the disk: films are larger than memory. */
  readonly file?: FileBody;
}

export interface FileBody {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Answers the addresses of contract/pictures.ts, with or without a leading slash. Never throws. */
export type AnswerPicture = (path: string, parameters: URLSearchParams) => Promise<PictureAnswer>;

export function pictureAnswers(
  catalogue: FindDataSet,
  queries: ImageQueries,
  imports?: Pick<Imports, 'screen'>,
): AnswerPicture {
  return async (path, parameters) => {
    try {
      const [room, kind, ...rest] = path.replace(/^\//, '').split('/').map(decodeURIComponent);
      if (room === 'pictures' && kind === 'sheet' && rest.length === 1) return await sheet(rest, parameters);
      if (room === 'pictures' && kind === 'image' && rest.length === 3) return await image(rest);
      if (room === 'pictures' && kind === 'import' && rest.length === 1) return await firstScreen(rest);
      if (room === 'pictures' && kind === 'augmented' && rest.length === 0) return await augmented(parameters);
      return said(404, 'There is no such picture.');
    } catch (error) {
      return refused(error);
    }
  };

  async function sheet([page = '']: string[], parameters: URLSearchParams): Promise<PictureAnswer> {
    const query = imageQuery.safeParse(readJson(parameters.get('q') ?? ''));
    if (!query.success) return said(400, 'The address holds no image query.');
    if (!wholeNumber.test(page)) return said(400, `"${page}" is not the number of a sheet.`);
    const asked = parameters.get('tile') ?? '64';
    const limit = tileLimits.find((tile) => String(tile) === asked);
    if (!limit) return said(400, `Tiles have ${tileLimits.join(', ')} px, not "${asked}".`);
    return picture(await sheetPng(await queries.find(query.data), Number(page), limit));
  }

  async function firstScreen([job = '']: string[]): Promise<PictureAnswer> {
    const screen = imports?.screen(job);
    if (!screen || screen.count === 0) return said(404, 'This import is over, or shows nothing yet.');
    const { form, count } = screen;
    const tiles = { columns: screenColumns, rows: Math.ceil(count / screenColumns), tile: tileSize(form) };
    return picture(await tilesPng((place) => screen.image(place) ?? null, form, tiles));
  }

  async function augmented(parameters: URLSearchParams): Promise<PictureAnswer> {
    const wanted = augmentedSheet.safeParse(readJson(parameters.get('q') ?? ''));
    if (!wanted.success) return said(400, 'The address holds no augmentation to show.');
    return picture(await augmentedPng(await catalogue.get(wanted.data.dataset), wanted.data));
  }

  async function image([dataset = '', split = '', index = '']: string[]): Promise<PictureAnswer> {
    const known = splitName.safeParse(split);
    if (!known.success || !wholeNumber.test(index)) return said(400, 'The address names no split or no image.');
    return picture(await imagePng(await catalogue.get(dataset), known.data, Number(index)));
  }
}

const wholeNumber = /^\d{1,9}$/;

/** The address carries the revision, so what it stands for never changes. */
function picture(body: Buffer): PictureAnswer {
  const headers = { 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=31536000, immutable' };
  return { status: 200, headers, body };
}

const absent: readonly FailureCode[] = ['data/unknown-set', 'data/unknown-image', 'run/unknown', 'file/missing'];

function refused(error: unknown): PictureAnswer {
  if (error instanceof URIError) return said(400, 'The address is not well-formed.');
  const { code, message } = toFailure(error);
  if (code === 'call/invalid') return said(400, message);
  return said(absent.includes(code) ? 404 : 500, message);
}

function said(status: number, message: string): PictureAnswer {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status, headers, body: Buffer.from(message) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
