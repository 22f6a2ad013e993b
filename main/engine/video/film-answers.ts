import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { AppError, toFailure, type FailureCode } from '#contract/failures.ts';
import { filmSettings } from '#contract/video.ts';
import type { AnswerPicture, PictureAnswer } from '#engine/data/pictures.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { jpegOf, mostSide, quickPng, type FilmPreviews } from './preview.ts';
import type { FilmQueue } from './queue.ts';
import type { FilmResults } from './results.ts';
import { frameTable } from './save.ts';

interface Rooms {
  readonly previews: Pick<FilmPreviews, 'jpeg' | 'composed'>;
  readonly queue: Pick<FilmQueue, 'picture'>;
  readonly results: Pick<FilmResults, 'get' | 'file' | 'frames'>;
}

const kinds = ['film', 'film-job', 'film-result'];
const mediaTypes: Readonly<Record<string, string>> = {
  '.webm': 'video/webm',
  '.mov': 'video/mp4', // what browsers play of it is the same; they refuse its own name
  '.m4v': 'video/mp4',
  '.mp4': 'video/mp4',
};

const tableTypes = { csv: 'text/csv; charset=utf-8', json: 'application/json' } as const;

/** Answers the addresses of films (contract/pictures.ts); all others go to `others`. Never throws. */
export function filmAnswers({ previews, queue, results }: Rooms, others: AnswerPicture): AnswerPicture {
  return async (path, parameters) => {
    const [room, kind = '', ...rest] = path.replace(/^\//, '').split('/');
    if (room !== 'pictures' || !kinds.includes(kind)) return others(path, parameters);
    try {
      const [id = '', part = ''] = rest.map(decodeURIComponent);
      if (kind === 'film-job' && rest.length === 1) return await ofJob(id);
      if (kind === 'film-result' && rest.length === 2) return await ofResult(id, part);
      if (kind === 'film' && part === 'frame') return await frame(id, parameters);
      if (kind === 'film' && part === 'preview') return await preview(id, parameters);
      return said(404, 'There is no such picture of a film.');
    } catch (thrown) {
      if (thrown instanceof URIError) return said(400, 'The address is not well-formed.');
      const { code, message } = toFailure(thrown);
      return said(statuses[code] ?? 500, message);
    }
  };

  async function ofJob(id: string): Promise<PictureAnswer> {
    const picture = queue.picture(id);
    return picture ? pictured('image/jpeg', await jpegOf(picture, jobSide)) : said(404, 'This film shows nothing yet.');
  }

  async function ofResult(id: string, part: string): Promise<PictureAnswer> {
    const { result } = results.get(id);
    if (part === 'film') return file('video/mp4', results.file(id, 'film'));
    if (part === 'maps') return file('application/octet-stream', results.file(id, 'maps'));
    if (part === 'csv' || part === 'json') {
      const pieces: string[] = [];
      for await (const piece of frameTable(id, part, results)) pieces.push(piece);
      return pictured(tableTypes[part], Buffer.from(pieces.join('')));
    }
    if (part !== 'source') return said(404, 'There is no such part of what was made of a film.');
    if (result.source === 'copy') return file('video/mp4', results.file(id, 'copy'));
    return file(mediaTypes[extname(result.path).toLowerCase()] ?? 'application/octet-stream', result.path);
  }

  async function frame(id: string, parameters: URLSearchParams): Promise<PictureAnswer> {
    const side = Number(parameters.get('side') ?? mostSide);
    if (!Number.isInteger(side) || side < 1 || side > mostSide) return said(400, 'The side is no whole number of px.');
    return pictured('image/jpeg', await previews.jpeg(id, secondsOf(parameters), side));
  }

  async function preview(id: string, parameters: URLSearchParams): Promise<PictureAnswer> {
    const settings = filmSettings.safeParse(readJson(parameters.get('q') ?? ''));
    if (!settings.success) return said(400, 'The address holds no settings of a film.');
    return pictured('image/png', await quickPng(await previews.composed(id, settings.data, secondsOf(parameters))));
  }
}

/** Of the picture that shows how far a film is, px. */
const jobSide = 1280;

const statuses: Partial<Record<FailureCode, number>> = {
  'call/invalid': 400,
  'film/settings': 400,
  'film/unknown': 404,
  'film/unknown-result': 404,
  'model/unknown': 404,
  'file/missing': 404,
  'call/cancelled': 409,
};

function secondsOf(parameters: URLSearchParams): number {
  const seconds = Number(parameters.get('t') ?? 0);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new AppError('call/invalid', 'The time is no number of seconds.', { field: 't', problem: 'no seconds' });
}

/** By ranges, as a player wants it; what a result is made of never changes. */
async function file(type: string, path: string): Promise<PictureAnswer> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileFailure(error, path, 'reading');
  });
  const headers = { 'Content-Type': type, 'Cache-Control': 'private, max-age=3600' };
  return { status: 200, headers, body: Buffer.alloc(0), file: { path, size } };
}

/** The file of a film may be another tomorrow under the same address. */
const pictured = (type: string, body: Buffer): PictureAnswer => ({
  status: 200,
  headers: { 'Content-Type': type, 'Cache-Control': 'no-store' },
  body,
});

const said = (status: number, text: string): PictureAnswer => ({
  status,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  body: Buffer.from(text),
});

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
