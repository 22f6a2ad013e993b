import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ffmpeg, quarters, tone } from '#test/support/made-films.ts';
import { oddFilms } from '#test/support/odd-films.ts';
import { allFrames, openedFilm } from '#test/support/read-film.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** 75 frames at 25 a second, each of its own brightness: 3 n + 5 of 255. */
async function counting(name: string, ...words: string[]): Promise<string> {
  const path = join(await temporaryFolder(), name);
  const source = `color=c=black:s=32x32:r=25:d=3,format=gray,geq=lum=3*N+5,format=yuv420p,scale=out_range=tv`;
  const codes = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '1', '-bf', '2', '-g', '12', '-pix_fmt', 'yuv420p'];
  await ffmpeg('-f', 'lavfi', '-i', source, ...words, ...codes, path);
  return path;
}

/** Which frame of the film a picture is. */
const numberOf = (pixels: Uint8Array) => Math.max(0, Math.round(((pixels[3 * (16 * 32 + 16)] ?? 0) - 5) / 3));
const range = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

const cases: readonly [string, Parameters<typeof allFrames>[1], number[], number[]][] = [
  ['from a frame on', { from: 1.2 }, range(30, 75), range(30, 75).map((n) => n / 25)],
  ['up to a frame, which is not among them', { to: 0.4 }, range(0, 10), range(0, 10).map((n) => n / 25)],
  ['a part far in', { from: 2.04, to: 2.2 }, [51, 52, 53, 54], [2.04, 2.08, 2.12, 2.16]],
  ['from between two frames', { from: 2.05, to: 2.2 }, [52, 53, 54], [2.08, 2.12, 2.16]],
  ['up to past the end', { from: 2.9, to: 60 }, [73, 74], [2.92, 2.96]],
  ['past the end: nothing', { from: 10 }, [], []],
  ['five a second', { rate: 5 }, range(0, 75, 5), range(0, 15).map((n) => n / 5)],
  ['its own rate', { rate: 25 }, range(0, 75), range(0, 75).map((n) => n / 25)],
  [
    'twice its rate',
    { rate: 50, from: 2.8 },
    [70, 70, 71, 71, 72, 72, 73, 73, 74, 74],
    range(140, 150).map((n) => n / 50),
  ],
  ['fifty a second', { rate: 50, to: 0.2 }, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4], range(0, 10).map((n) => n / 50)],
];
const files = [
  ['film.mp4', []],
  ['film.mkv', []],
  ['film.ts', []],
  ['film.avi', ['-bf', '0']],
  ['reordered.avi', []],
] as const;

describe.each(files)('parts and rates of %s are exact', (name, words) => {
  test.each(cases)('%s', { timeout: 60_000 }, async (_, part, numbers, times) => {
    const film = await openedFilm(await counting(name, ...words));
    const { frames } = await allFrames(film, part);
    expect(frames.map(({ pixels }) => numberOf(pixels))).toEqual(numbers);
    for (const [i, time] of times.entries()) expect(Math.abs((frames[i]?.seconds ?? -1) - time)).toBeLessThan(0.001);
  });
});

test('a film of uneven times at a constant rate: frames stand as long as they stood', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  await oddFilms.find(({ name }) => name === 'variable-rate.mp4')?.make(folder, 'uneven.mp4');
  const film = await openedFilm(join(folder, 'uneven.mp4'));
  const { frames } = await allFrames(film, { rate: 25 });
  // The last begins at 0.84 s; how long it stands, the container says.
  expect(frames.length).toBe(Math.round(25 * (film.facts.seconds ?? 0)));
  expect(frames.length).toBeGreaterThanOrEqual(22);
  for (const [i, { seconds }] of frames.entries()) expect(seconds).toBeCloseTo(i / 25, 5);
});

test('a smaller size, and pictures that begin after the sound', { timeout: 60_000 }, async () => {
  const path = join(await temporaryFolder(), 'late.mkv');
  await ffmpeg(...tone(3), '-itsoffset', '0.32', ...quarters(64, 48, 50), '-vsync', '0', '-c:a', 'flac', path);
  const film = await openedFilm(path);
  const { frames } = await allFrames(film, { from: 1.6, size: { width: 16, height: 12 } });
  expect(frames.map(({ seconds }) => Math.round(25 * seconds))).toEqual(range(40, 50));
  expect(frames[0]?.pixels.length).toBe(16 * 12 * 3);
});

// Entered anywhere, these say nothing until the next key frame, which may be as far away as their beginning.
test.each(['far.ts', 'bare.h264'])(
  'a part of %s, whose key frames are far apart, is whole',
  { timeout: 60_000 },
  async (name) => {
    const path = join(await temporaryFolder(), name);
    const codes = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '250', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'];
    await ffmpeg(...quarters(64, 48, 250), ...codes, path);
    const film = await openedFilm(path);
    for (const [from, to] of [
      [5, 5.2],
      [9.92, 60],
      [7.33, 7.5],
    ] as const) {
      const { frames, damaged } = await allFrames(film, { from, to });
      const wanted = range(Math.ceil(25 * from), Math.min(250, Math.ceil(25 * to)));
      expect(frames.map(({ seconds }) => Math.round(25 * seconds))).toEqual(wanted);
      expect(damaged).toBe(0);
    }
  },
);

test('a whole AVI whose part ends while a frame stands long is not called cut short', { timeout: 60_000 }, async () => {
  const path = join(await temporaryFolder(), 'still.avi');
  // Frames 0…49, then one that stands for a second and a half, then 87 and on.
  const still = ['-vf', "select='lt(n,50)+gt(n,86)'", '-vsync', '0', '-enc_time_base', '1:25'];
  const codes = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12', '-bf', '0'];
  await ffmpeg(...quarters(64, 48, 100), ...still, ...codes, path);
  const film = await openedFilm(path);
  expect((await allFrames(film, { from: 1, to: 3 })).frames.map(({ seconds }) => Math.round(25 * seconds))).toEqual(
    range(25, 50),
  );
  expect((await allFrames(film, { from: 2.5, to: 3 })).frames).toEqual([]);
  expect((await allFrames(film, { from: 3 })).frames).toHaveLength(13);
  expect((await allFrames(film)).frames).toHaveLength(63);
});
