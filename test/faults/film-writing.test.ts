import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Film } from '#contract/video.ts';
import { openWriter } from '#engine/video/ffmpeg/open-writer.ts';
import { findTools } from '#engine/video/ffmpeg/tools.ts';
import type { Frame, Writing } from '#engine/video/stages.ts';
import { blue, ffmpeg, green, quarters, red, white } from '#test/support/made-films.ts';
import { oddFilms } from '#test/support/odd-films.ts';
import { allFrames, furthest, openedFilm, quartersOf } from '#test/support/read-film.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const { signal } = new AbortController();
const run = promisify(execFile);
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-pix_fmt', 'yuv420p'];

async function written(frames: readonly Frame[], writing: Pick<Writing, 'rate' | 'sound' | 'size'>) {
  const path = join(await temporaryFolder(), 'out.mp4.tmp');
  const writer = await openWriter({ path, quality: 10, ...writing }, signal);
  const start = frames[0]?.seconds ?? 0;
  for (const { pixels, seconds } of frames) await writer.write(pixels, seconds - start);
  return { path, made: await writer.finish() };
}

const sizeOf = ({ facts: { width, height } }: Film) => ({ width, height });

async function tags(path: string): Promise<string> {
  const { ffprobe } = await findTools();
  const entries = 'stream=codec_name,pix_fmt,color_range,color_space,color_transfer,color_primaries,width,height';
  const words = ['-v', 'error', '-select_streams', 'v', '-show_entries', entries, '-of', 'csv=p=0:nk=0', path];
  return (await run(ffprobe, words)).stdout.trim();
}

describe('frames are written with their times and colours', () => {
  test('uneven ones keep each its own time within a millisecond, colours are those of BT.709', async () => {
    const folder = await temporaryFolder();
    await oddFilms.find(({ name }) => name === 'variable-rate.mp4')?.make(folder, 'uneven.mp4');
    const film = await openedFilm(join(folder, 'uneven.mp4'));
    const { frames } = await allFrames(film);
    const { path, made } = await written(frames, { rate: 'stamps', sound: null, size: sizeOf(film) });
    expect(made).toEqual({ frames: 10, audio: 'none' });
    const again = await allFrames(await openedFilm(path));
    expect(again.frames.length).toBe(10);
    for (const [i, { seconds }] of frames.entries()) {
      expect(Math.abs((again.frames[i]?.seconds ?? -1) - seconds)).toBeLessThan(0.001);
    }
    const found = quartersOf(again.frames.at(-1)!, sizeOf(film));
    expect(furthest(found, [red, green, blue, white]), JSON.stringify(found)).toBeLessThanOrEqual(8);
    expect(await tags(path)).toBe(
      'codec_name=h264,width=64,height=48,pix_fmt=yuv420p,color_range=tv,color_space=bt709,color_transfer=bt709,color_primaries=bt709',
    );
    const bytes = await readFile(path);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  test('a constant rate, odd sides made even', async () => {
    const folder = await temporaryFolder();
    await ffmpeg(...quarters(63, 47, 10), '-c:v', 'ffv1', '-pix_fmt', 'gbrp', join(folder, 'odd.mkv'));
    const film = await openedFilm(join(folder, 'odd.mkv'));
    const { frames } = await allFrames(film);
    const { path, made } = await written(frames, { rate: 30000 / 1001, sound: null, size: sizeOf(film) });
    expect(made.frames).toBe(10);
    const again = await openedFilm(path);
    expect(again.facts).toMatchObject({ width: 64, height: 48, frames: 10, variable: false });
    expect(again.facts.rate).toBeCloseTo(30000 / 1001, 4);
  });

  test('one frame alone', async () => {
    const size = { width: 16, height: 16 };
    const frame = { index: 0, seconds: 0, pixels: new Uint8Array(768).fill(200) };
    const { made } = await written([frame], { rate: 'stamps', sound: null, size });
    expect(made.frames).toBe(1);
  });
});

/** Seconds at which a tone begins and ends, as a player would hear it, counted from the first frame shown. */
async function heard(path: string): Promise<[number, number]> {
  const { ffmpeg: program } = await findTools();
  const sound = [
    '-map',
    '0:a:0',
    '-af',
    'aresample=async=1:first_pts=0',
    '-ac',
    '1',
    '-ar',
    '48000',
    '-f',
    'f32le',
    'pipe:1',
  ];
  const options = { encoding: 'buffer', maxBuffer: 2 ** 26 } as const;
  const { stdout } = await run(program, ['-v', 'error', '-nostdin', '-copyts', '-i', path, ...sound], options);
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
  const loud = (value: number) => Math.abs(value) > 0.03;
  return [samples.findIndex(loud) / 48000, samples.findLastIndex(loud) / 48000];
}

describe('sound keeps in step within 20 ms at both ends', () => {
  const beep = (seconds: number) =>
    ['-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2760*t)*between(t,0.5,1.7)':s=48000:d=${seconds}`] as const;
  const cases: readonly {
    name: string;
    file: string;
    words: readonly string[];
    part?: { from?: number; to?: number };
    rate?: number;
    /** Seconds that the pictures begin after the sound. */
    late?: number;
    audio: 'copied' | 're-encoded';
    heard: readonly [number, number];
  }[] = [
    { name: 'AAC is copied', file: 'a.mp4', words: ['-c:a', 'aac'], audio: 'copied', heard: [0.5, 1.7] },
    { name: 'MP3 is copied', file: 'a.mkv', words: ['-c:a', 'libmp3lame'], audio: 'copied', heard: [0.5, 1.7] },
    {
      name: 'Vorbis is encoded anew',
      file: 'a.mkv',
      words: ['-c:a', 'libvorbis'],
      audio: 're-encoded',
      heard: [0.5, 1.7],
    },
    {
      name: 'PCM is encoded anew',
      file: 'a.mov',
      words: ['-c:a', 'pcm_s16le'],
      audio: 're-encoded',
      heard: [0.5, 1.7],
    },
    {
      name: 'a part',
      file: 'a.mp4',
      words: ['-c:a', 'aac'],
      part: { from: 0.4, to: 1.6 },
      audio: 're-encoded',
      heard: [0.1, 1.2],
    },
    { name: 'an end', file: 'a.mp4', words: ['-c:a', 'aac'], part: { from: 1 }, audio: 're-encoded', heard: [0, 0.7] },
    { name: 'another rate', file: 'a.mp4', words: ['-c:a', 'aac'], rate: 10, audio: 'copied', heard: [0.5, 1.7] },
    {
      name: 'pictures that begin later',
      file: 'a.mp4',
      words: ['-c:a', 'aac'],
      late: 0.32,
      audio: 'copied',
      heard: [0.18, 1.38],
    },
    {
      name: 'later, encoded anew',
      file: 'a.mkv',
      words: ['-c:a', 'flac'],
      late: 0.32,
      audio: 're-encoded',
      heard: [0.18, 1.38],
    },
    {
      name: 'later, a part',
      file: 'a.mkv',
      words: ['-c:a', 'flac'],
      late: 0.32,
      part: { from: 0.1 },
      audio: 're-encoded',
      heard: [0.08, 1.28],
    },
    { name: 'a transport stream', file: 'a.ts', words: ['-c:a', 'aac'], audio: 'copied', heard: [0.5, 1.7] },
  ];
  test.each(cases)(
    '$name',
    { timeout: 60_000 },
    async ({ file, words, part = {}, rate, late = 0, audio, heard: expected }) => {
      const path = join(await temporaryFolder(), file);
      const inputs = [...beep(2), '-itsoffset', String(late), ...quarters(64, 48, 50)];
      await ffmpeg(...inputs, ...x264, '-vsync', '0', ...words, path);
      const film = await openedFilm(path);
      const { frames } = await allFrames(film, { ...part, ...(rate !== undefined && { rate }) });
      const out = await written(frames, {
        rate: rate ?? 'stamps',
        size: sizeOf(film),
        sound: { film, ...part } as Writing['sound'],
      });
      expect(out.made).toEqual({ frames: frames.length, audio });
      expect(rate === undefined && part.from === undefined ? frames.length : 50).toBe(50);
      const [begins, ends] = await heard(out.path);
      expect(Math.abs(begins - expected[0]), `begins at ${begins}`).toBeLessThan(0.02);
      expect(Math.abs(ends - expected[1]), `ends at ${ends}`).toBeLessThan(0.02);
    },
  );
});

describe('what cannot be written says so and leaves nothing', () => {
  const size = { width: 64, height: 48 };
  const frame = new Uint8Array(64 * 48 * 3);

  test('a folder that is not there', async () => {
    const path = join(await temporaryFolder(), 'gone', 'out.mp4');
    const writing = async () => {
      const writer = await openWriter({ path, size, rate: 25, quality: 20, sound: null }, signal);
      for (let i = 0; i < 100; i++) await writer.write(frame, i / 25);
      await writer.finish();
    };
    await expect(writing()).rejects.toMatchObject({ code: 'file/not-writable' });
  });

  test('cancelled, it rejects within a second and its file is gone', async () => {
    const path = join(await temporaryFolder(), 'out.mp4');
    const stop = new AbortController();
    const writer = await openWriter({ path, size, rate: 'stamps', quality: 20, sound: null }, stop.signal);
    for (let i = 0; i < 30; i++) await writer.write(frame, i / 25);
    stop.abort();
    const began = performance.now();
    await expect(writer.finish()).rejects.toMatchObject({ name: 'AbortError' });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(existsSync(path)).toBe(false);
  });
});
