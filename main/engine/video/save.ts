import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FilmFrame } from '#contract/video.ts';
import { sideBySide } from '#engine/explain/heat-picture.ts';
import { settleName, temporaryName, writeAtomic } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { AppError } from '#contract/failures.ts';
import { copyWhole } from './copied-file.ts';
import type { ReadFrameAt } from './one-frame.ts';
import { frameCsv, frameJson } from './frame-table.ts';
import { namedClass, type FilmResults } from './results.ts';
import { viewSize } from './run/sizes.ts';

export interface Saving {
  readonly film?: string | undefined;
  readonly frame?: { readonly seconds: number; readonly path: string } | undefined;
  readonly csv?: string | undefined;
  readonly json?: string | undefined;
}

export interface SaveParts {
  readonly results: Pick<FilmResults, 'get' | 'file' | 'frames' | 'map'>;
  readonly readFrameAt: ReadFrameAt;
}

const never = new AbortController().signal;

/** Fails: `film/unknown-result`, `file/…`; of one frame also `film/…` where the original cannot be read any more. */
export async function saveResult(id: string, saving: Saving, parts: SaveParts, signal = never): Promise<void> {
  const { results } = parts;
  const { film } = results.get(id);
  const own = [results.file(id, 'film'), film.path];
  for (const path of [saving.film, saving.frame?.path, saving.csv, saving.json]) {
    if (path !== undefined && own.includes(path)) {
      throw new AppError('file/not-writable', `${path} is the film itself.`, {
        file: path,
        reason: 'it is the film itself',
      });
    }
  }
  if (saving.film !== undefined) await copyWhole(results.file(id, 'film'), saving.film, signal);
  if (saving.csv !== undefined) await writeText(saving.csv, frameTable(id, 'csv', results), signal);
  if (saving.json !== undefined) await writeText(saving.json, frameTable(id, 'json', results), signal);
  if (saving.frame) await writeAtomic(saving.frame.path, await framePicture(id, saving.frame.seconds, parts, signal));
}

/** Every frame, by pieces of text. Fails: `film/unknown-result`, `file/…`. */
export function frameTable(
  id: string,
  kind: 'csv' | 'json',
  results: Pick<FilmResults, 'get' | 'frames'>,
): AsyncGenerator<string> {
  const { result, label } = results.get(id);
  const named = namedClass({ result, label });
  if (kind === 'csv') return frameCsv(results.frames(id), named);
  const { name, path, model, settings, layer, made, width, height, rate, seconds, maps, seen, notes } = result;
  const about = { name, path, model, layer, made, width, height, rate, seconds, maps, seen, notes, settings };
  return frameJson(about, results.frames(id), named);
}

/** Original, heat and both over each other, with the colour bar and in words what is to be seen. */
async function framePicture(
  id: string,
  seconds: number,
  { results, readFrameAt: readAt }: SaveParts,
  signal: AbortSignal,
): Promise<Buffer> {
  const { result, film, label } = results.get(id);
  const { place, frame } = await shownAt(results.frames(id), seconds, results.file(id, 'frames'));
  const size = viewSize(film.facts, result.settings.longest);
  const [original, map] = await Promise.all([readAt(film, size, frame.seconds, signal), results.map(id, place)]);
  if (!original) throw new AppError('film/empty', `${film.path} holds no frame.`, { file: film.path });
  const { seen } = result;
  const part = {
    left: seen.left * size.width,
    top: seen.top * size.height,
    width: seen.width * size.width,
    height: seen.height * size.height,
  };
  const input = { width: result.maps.width, height: result.maps.height };
  const name = frame.top.find((each) => each.index === frame.class)?.label ?? label ?? String(frame.class);
  const { colours, opacity, method } = result.settings;
  return sideBySide(
    { ...size, pixels: original.pixels },
    map,
    { picture: size, seen: part, input, inverted: false, how: '' },
    { colours, opacity },
    {
      title: `${name}, ${(frame.probability * 100).toFixed(1)} %  –  ${result.name}, ${frame.seconds.toFixed(3)} s, frame ${frame.frame}`,
      heat: [method, ...(result.layer ? [result.layer.name] : [])].join(', '),
    },
  );
}

/** The last frame that began by then; before the first, the first. */
async function shownAt(frames: AsyncIterable<FilmFrame>, seconds: number, file: string) {
  let shown: { place: number; frame: FilmFrame } | null = null;
  let place = 0;
  for await (const frame of frames) {
    if (shown && frame.seconds > seconds + 0.0005) break;
    shown = { place: place++, frame };
  }
  if (!shown) throw new AppError('file/unreadable', `${file} holds no frame.`, { file, reason: 'it holds no frame' });
  return shown;
}

async function writeText(file: string, pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await pipeline(Readable.from(pieces), createWriteStream(temporary, { flags: 'wx', flush: true }), { signal });
    await settleName(temporary, file);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    signal.throwIfAborted();
    throw fileFailure(thrown, file, 'writing');
  }
}
