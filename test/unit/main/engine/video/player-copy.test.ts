import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FilmFacts } from '#contract/video.ts';
import { plays, writePlayerCopy } from '#engine/video/player-copy.ts';
import type { Frame, Reading, Writing } from '#engine/video/stages.ts';
import { someFilm, someSettings } from '#test/support/films.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const ten: Partial<FilmFacts> = { codec: 'vp9', pixelFormat: 'yuv420p10le' };
const interlaced: Partial<FilmFacts> = { notes: [{ kind: 'interlaced', details: {} }] };

test.each<[boolean, string, Partial<FilmFacts>]>([
  [true, 'a.mp4', {}],
  [true, 'a.MOV', {}],
  [true, 'a.mp4', { pixelFormat: 'yuvj420p', rotation: 90 }],
  [true, 'a.webm', { codec: 'vp9' }],
  [true, 'a.webm', { codec: 'vp8' }],
  [true, 'a.mp4', { codec: 'av1' }],
  [false, 'a.mkv', {}],
  [false, 'a.mp4', { codec: 'hevc' }],
  [false, 'a.mp4', { codec: 'vp8' }],
  [false, 'a.mp4', { pixelFormat: 'yuv444p' }],
  [false, 'a.webm', ten],
  [false, 'a.mp4', interlaced],
  [false, 'pictures', { kind: 'images', codec: 'png' }],
])('%s: every browser plays %s with %o', (played, name, facts) => {
  expect(plays(someFilm(name, facts), { rate: 'source' })).toBe(played);
});

test('with a constant rate the frames are others than the film’s own', () => {
  expect(plays(someFilm(), { rate: 10 })).toBe(false);
});

function stages(fails = false) {
  const written: { writing?: Writing; seconds: number[]; reading?: Reading } = { seconds: [] };
  return {
    written,
    readFrames: async function* (reading: Reading) {
      written.reading = reading;
      await Promise.resolve();
      for (const index of [0, 1]) yield { index, seconds: 2 + index / 25, pixels: new Uint8Array(3) } satisfies Frame;
      if (fails) throw new Error('it ends');
      return { damaged: 0 };
    },
    openWriter: async (writing: Writing) => {
      written.writing = writing;
      await writeFile(writing.path, 'a film');
      return {
        write: (_: Uint8Array, seconds: number) => {
          written.seconds.push(seconds);
          return Promise.resolve();
        },
        finish: () => Promise.resolve({ frames: 2, audio: 'copied' as const }),
      };
    },
  };
}

test('a copy has the frames and the sound of the part that was run through, and begins at 0', async () => {
  const folder = await temporaryFolder();
  const film = someFilm('a.avi', { sound: [{ codec: 'mp3', channels: 2, rate: 44100 }] });
  const parts = stages();
  const settings = { ...someSettings, from: 2, to: 3 };
  const signal = new AbortController().signal;
  await writePlayerCopy({ film, settings, file: join(folder, 'source.mp4') }, parts, signal);
  expect(await readdir(folder)).toEqual(['source.mp4']);
  expect(parts.written.reading).toMatchObject({ from: 2, to: 3, rate: 'source', size: { width: 64, height: 48 } });
  expect(parts.written.writing).toMatchObject({ rate: 'stamps', sound: { film, from: 2, to: 3 } });
  expect(parts.written.seconds).toEqual([0, expect.closeTo(0.04, 6)]);
});

test('a copy that fails leaves no file', async () => {
  const folder = await temporaryFolder();
  const work = { film: someFilm(), settings: someSettings, file: join(folder, 'source.mp4') };
  await expect(writePlayerCopy(work, stages(true), new AbortController().signal)).rejects.toThrow('it ends');
  expect(await readdir(folder)).toEqual([]);
});
