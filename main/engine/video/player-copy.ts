import { rename, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Film, FilmSettings } from '#contract/video.ts';
import { temporaryName } from '#engine/project/atomic.ts';
import { fileFailure } from '#engine/project/file-failure.ts';
import { viewSize } from './run/sizes.ts';
import type { OpenWriter, ReadFrames } from './stages.ts';

const plain8bit = ['yuv420p', 'yuvj420p'];
/** What Chromium 108 plays, in files with these endings; with these films every browser of today is content. */
const playable: Readonly<Record<string, readonly string[]>> = {
  h264: ['.mp4', '.m4v', '.mov'],
  vp8: ['.webm'],
  vp9: ['.webm', '.mp4'],
  av1: ['.webm', '.mp4'],
};
/** A browser would show combs, or colours that are not those of the frames in the film made. */
const otherwiseShown = new Set(['interlaced', 'hdr', 'hdr-not-mapped']);

/** Whether a browser shows the film itself, frame for frame as it was decoded here. */
export function plays({ path, facts }: Film, { rate }: Pick<FilmSettings, 'rate'>): boolean {
  if (facts.kind !== 'film' || rate !== 'source') return false;
  if (!plain8bit.includes(facts.pixelFormat)) return false;
  if (facts.notes.some(({ kind }) => otherwiseShown.has(kind))) return false;
  return playable[facts.codec]?.includes(extname(path).toLowerCase()) ?? false;
}

export interface CopyParts {
  readonly readFrames: ReadFrames;
  readonly openWriter: OpenWriter;
}

/**
 * Writes a copy of the film that browsers play: what was run through, with its time stamps and sound.
 * Fails: `film/…`, `file/no-space`, `file/not-writable`; with the signal's reason, and then leaves no file.
 */
export async function writePlayerCopy(
  { film, settings, file }: { film: Film; settings: FilmSettings; file: string },
  { readFrames, openWriter }: CopyParts,
  signal: AbortSignal,
): Promise<void> {
  const size = viewSize(film.facts, settings.longest);
  const { rate, from, to } = settings;
  const sound = settings.sound && film.facts.sound.length > 0 ? { film, from, to } : null;
  const path = temporaryName(file);
  const left = new AbortController();
  const ended = AbortSignal.any([signal, left.signal]);
  try {
    const constant = rate === 'source' ? 'stamps' : rate;
    const writer = await openWriter({ path, size, rate: constant, quality: copyQuality, sound }, ended);
    let start: number | null = null;
    for await (const frame of readFrames({ film, size, rate, from, to }, ended)) {
      start ??= frame.seconds;
      await writer.write(frame.pixels, frame.seconds - start);
    }
    await writer.finish();
    await rename(path, file).catch((error: unknown) => {
      throw fileFailure(error, file, 'writing');
    });
  } catch (thrown) {
    left.abort();
    await rm(path, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** x264's constant rate factor: no difference is seen beside the film made. */
const copyQuality = 20;
