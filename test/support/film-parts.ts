import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { filmSettings, type Film, type FilmSettings, type FilmSettingsInput } from '#contract/video.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { Models } from '#engine/predict/models.ts';
import { probeFilm } from '#engine/video/ffmpeg/probe.ts';

const none = { has: () => false, list: () => [] };
const unknown = () => Promise.reject(new Error('not asked for'));

/** Models of the zoo alone; to be disposed of. */
export function zooModels(): Models {
  return new Models({
    ...{ runs: none, own: none, saved: none, zoo: new ZooShelf() },
    dataset: unknown,
    ready: () => Promise.resolve(),
  } as never);
}

/** A film as the list of films would have it. */
export async function openedFilm(path: string): Promise<Film> {
  const facts = await probeFilm(path, new AbortController().signal);
  const { size } = await stat(path);
  return { id: 'film', name: basename(path), path, size, opened: new Date(0).toISOString(), facts };
}

export const settingsOf = (given: Partial<FilmSettingsInput> = {}): FilmSettings =>
  filmSettings.parse({ model: 'efficientnet-lite0', ...given });

export const learnedOnDark = () => Promise.resolve(false);

export interface MadeFilm {
  readonly frames: number;
  readonly size?: string;
  readonly rate?: number;
  readonly sound?: boolean;
}

/** A film made by ffmpeg; its sound is a beep in its first and in its last tenth of a second. */
export async function makeFilm(path: string, { frames, size = '160x120', rate = 25, sound = false }: MadeFilm) {
  const seconds = frames / rate;
  const beeps = `aevalsrc='if(lt(t,0.1)+gt(t,${seconds - 0.1}),sin(2000*PI*t),0)':s=48000:d=${seconds}`;
  const words = [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}:duration=${seconds}`],
    ...(sound ? ['-f', 'lavfi', '-i', beeps, '-c:a', 'aac', '-b:a', '192k'] : []),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', path],
  ];
  await ffmpeg(words);
}

/** @returns what it wrote to stdout */
export async function ffmpeg(words: readonly string[]): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('ffmpeg', words, { encoding: 'buffer', maxBuffer: 2 ** 30 });
  return stdout;
}

/** Frames of a film as they are, RGB. */
export function framesOf(path: string, filter: string): Promise<Buffer> {
  return ffmpeg(['-v', 'error', '-i', path, '-vf', filter, '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']);
}
