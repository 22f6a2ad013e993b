import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Film, FilmFrame, FilmSettingsInput } from '#contract/video.ts';
import { loadBackend } from '#engine/backend/load.ts';
import { tf } from '#engine/backend/tensors.ts';
import type { Models } from '#engine/predict/models.ts';
import { Predictor } from '#engine/predict/predictor.ts';
import { composeFrame, frameExplainer } from '#engine/video/run/frame.ts';
import { filmRunner } from '#engine/video/run/run-film.ts';
import type { FilmMade, FilmProgress } from '#engine/video/stages.ts';
import {
  ffmpeg,
  framesOf,
  learnedOnDark,
  makeFilm,
  openedFilm,
  settingsOf,
  zooModels,
} from '#test/support/film-parts.ts';

// Films through EfficientNet-Lite0 with real TensorFlow and ffmpeg. The film of bikes lies beside the checkout on the
// machines of the project; elsewhere one is made that is as large and as long.
const bikes = join(import.meta.dirname, '../../../shared/data/video/bikes.mp4');
let folder: string;
let models: Models;
let film: Film;
let before = 0;

beforeAll(async () => {
  await loadBackend('tensorflow', { compiled: true });
  before = tf.memory().numTensors;
  folder = await mkdtemp(join(tmpdir(), 'heatlens-film-'));
  await mkdir(join(folder, 'answers'));
  models = zooModels();
  const made = join(folder, 'bikes.mp4');
  if (!existsSync(bikes)) await makeFilm(made, { frames: 250, size: '640x272' });
  film = await openedFilm(existsSync(bikes) ? bikes : made);
});
afterAll(async () => {
  models.dispose();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(tf.memory().numTensors).toBe(before);
  await rm(folder, { recursive: true });
});

async function run(name: string, given: Partial<FilmSettingsInput>, which = film) {
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  const told: FilmProgress[] = [];
  const going = filmRunner({ models, predictor: { learnedOnDark } });
  const asked = { film: which, settings: settingsOf(given), folder: own, answers: join(folder, 'answers') };
  const made = await going(asked, (progress) => told.push(progress), new AbortController().signal);
  return { made, told, own, out: join(own, 'heat.mp4') };
}

async function rowsOf(own: string): Promise<FilmFrame[]> {
  const lines = (await readFile(join(own, 'frames.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as FilmFrame);
}

/** dB */
function likeness(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / a.length));
}

let first: { made: FilmMade; told: FilmProgress[]; own: string; out: string };

test('250 frames in and out at 25 a second, twice as wide; the left half is the film, the right what the network sees', async () => {
  first = await run('beside', { labels: false, quality: 12 });
  const { made, out, own, told } = first;
  expect(made).toMatchObject({ frames: { in: 250, out: 250 }, width: 1280, height: 272, audio: 'none' });
  expect(made.rate).toBeCloseTo(25, 3);
  expect(made.seconds).toBeCloseTo(10, 2);
  expect(made.bytes).toBe((await stat(out)).size);
  expect((await readdir(own)).sort()).toEqual(['frames.jsonl', 'heat.mp4', 'maps.f32']);
  expect((await stat(join(own, 'maps.f32'))).size).toBe(250 * 7 * 7 * 4);

  const some = 'select=not(mod(n\\,50))';
  const [source, left, right] = await Promise.all([
    framesOf(film.path, some),
    framesOf(out, `${some},crop=640:272:0:0`),
    framesOf(out, `${some},crop=640:272:640:0`),
  ]);
  expect(left.length).toBe(5 * 640 * 272 * 3);
  expect(likeness(source, left)).toBeGreaterThan(36); // x264 at 20: 38.1 of bikes, 37.7 of a film made by script
  expect(likeness(source, right)).toBeLessThan(25);
  // Outside of what the network sees, the middle 272 columns, the right half is the film too.
  const outside = (frames: Buffer) =>
    Buffer.concat(Array.from({ length: 5 * 272 }, (_, row) => frames.subarray(row * 1920, row * 1920 + 180 * 3)));
  expect(likeness(outside(source), outside(right))).toBeGreaterThan(36);

  const rows = await rowsOf(own);
  expect(rows.map(({ frame }) => frame)).toEqual(Array.from({ length: 250 }, (_, n) => n));
  expect(rows[25]?.seconds).toBeCloseTo(1, 3);
  expect(rows.every(({ top, class: index }) => top.length === 5 && top[0]?.index === index)).toBe(true);
  expect(told[0]?.stage).toBe('starting');
  expect(told.at(-1)).toMatchObject({ stage: 'finishing', total: 250 });
  expect(told.some(({ picture }) => picture?.size.width === 1280)).toBe(true);
}, 180_000);

test('the network sees a frame as it sees the same frame as a photo', async () => {
  const rows = await rowsOf(first.own);
  const predictor = new Predictor({ models, photos: {} as never, dataset: () => Promise.reject(new Error('none')) });
  for (const n of [0, 100, 249]) {
    const pixels = await framesOf(film.path, `select=eq(n\\,${n})`);
    const file = join(folder, `${n}.png`);
    await sharp(pixels, { raw: { width: 640, height: 272, channels: 3 } })
      .png()
      .toFile(file);
    const asked = { model: 'efficientnet-lite0', top: 5, threshold: 0, ways: {} };
    const photo = await predictor.picture(asked, { path: file });
    const row = rows[n];
    // A graph of eight sums in another order than one of one: places of equals may change.
    expect(row?.top[0]?.index).toBe(photo.top[0]?.index);
    row?.top.forEach(({ index, probability }) => expect(probability).toBeCloseTo(photo.softmax[index] ?? 0, 4));
  }
}, 60_000);

test('a frame composed alone is the frame of the film made', async () => {
  const settings = settingsOf({ scale: 'frame', smoothing: 0, labels: true, bar: true, quality: 8, to: 0.2 });
  const { out, made } = await run('alone', settings);
  const size = { width: 640, height: 272 };
  const pixels = new Uint8Array(await framesOf(film.path, 'select=eq(n\\,3)'));
  const frame = { index: 3, seconds: 0.12, pixels };
  const said = await frameExplainer({ models, predictor: { learnedOnDark } })(
    frame,
    size,
    settings,
    new AbortController().signal,
  );
  const composed = await composeFrame({ size, pixels }, said, settings);
  expect(composed.size).toEqual({ width: made.width, height: made.height });
  expect(likeness(composed.pixels, await framesOf(out, 'select=eq(n\\,3)'))).toBeGreaterThan(36);
}, 60_000);

test('another look of the same question asks the network nothing, whatever scales and smooths', async () => {
  const { made } = await run('again', {
    scale: 'two-pass',
    smoothing: 0.9,
    layout: 'overlay',
    colours: 'jet',
    bar: true,
  });
  expect(made.took.network).toBe(0);
  expect(made.frames).toEqual({ in: 250, out: 250 });
  const maps = new Float32Array(new Uint8Array(await readFile(join(folder, 'again/maps.f32'))).buffer);
  const largest = maps.reduce((most, value) => Math.max(most, value), 0);
  expect(largest).toBeGreaterThan(0.3);
  expect(largest).toBeLessThanOrEqual(1);
}, 120_000);

test('sound is kept, within 20 ms at both ends; a part of a film has its part of the sound', async () => {
  const path = join(folder, 'beeps.mp4');
  await makeFilm(path, { frames: 50, sound: true });
  const beeps = await openedFilm(path);
  const { made, out } = await run('sound', {}, beeps);
  expect(made.audio).toBe('copied');
  const [source, kept] = await Promise.all([path, out].map(loudParts));
  expect(source?.length).toBe(2);
  kept?.forEach((part, at) =>
    part.forEach((edge, side) => expect(Math.abs(edge - (source?.[at]?.[side] ?? 0))).toBeLessThan(0.02)),
  );
  const part = await run('part', { from: 1, to: 2 }, beeps);
  expect(part.made.audio).toBe('re-encoded');
  expect(part.made.frames).toEqual({ in: 25, out: 25 });
  const [[begins = 0] = []] = await loudParts(part.out);
  expect(Math.abs(begins - 0.9)).toBeLessThan(0.02);
}, 120_000);

/** Seconds at which it becomes loud and quiet, in the film's clock. */
async function loudParts(path: string): Promise<[number, number][]> {
  const bytes = await ffmpeg([
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a',
    '-af',
    'aresample=async=1:first_pts=0',
    '-ac',
    '1',
    '-ar',
    '48000',
    '-f',
    'f32le',
    '-',
  ]);
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  const parts: [number, number][] = [];
  for (let at = 0; at < values.length; at++) {
    if (Math.abs(values[at] ?? 0) < 0.3) continue;
    const last = parts.at(-1);
    if (last && at / 48000 - last[1] < 0.05) last[1] = at / 48000;
    else parts.push([at / 48000, at / 48000]);
  }
  return parts;
}

test('a constant rate leaves out and repeats frames; of every third the network is asked', async () => {
  const path = join(folder, 'constant.mp4');
  await makeFilm(path, { frames: 50 });
  const { made, own } = await run('constant', { rate: 10, every: 3 }, await openedFilm(path));
  expect(made).toMatchObject({ rate: 10, frames: { in: 20, out: 20 }, width: 320 });
  const rows = await rowsOf(own);
  expect(rows[4]?.top).toEqual(rows[3]?.top);
}, 60_000);

test.each<{ name: string; given: Partial<FilmSettingsInput> }>([
  { name: 'Grad-CAM++ at another layer', given: { method: 'grad-cam++', class: 444 } },
  { name: 'gradients, frame by frame', given: { method: 'gradients', to: 0.1 } },
])(
  '$name',
  async ({ name, given }) => {
    const path = join(folder, `${name}.mp4`);
    await makeFilm(path, { frames: 10 });
    const { made, own } = await run(name, given, await openedFilm(path));
    const rows = await rowsOf(own);
    expect(rows.length).toBe(made.frames.out);
    if (given.class !== undefined) expect(rows.every((row) => row.class === 444)).toBe(true);
    const { height, width } = made.maps;
    expect(Math.max(height, width)).toBeLessThanOrEqual(32);
    expect((await stat(join(own, 'maps.f32'))).size).toBe(rows.length * height * width * 4);
  },
  60_000,
);

test.each<{ given: Partial<FilmSettingsInput>; code: string }>([
  { given: { class: 1000 }, code: 'explain/unknown-class' },
  { given: { layer: 'none' }, code: 'explain/unknown-layer' },
  { given: { from: 11 }, code: 'film/settings' },
])('$given fails with $code and leaves nothing', async ({ given, code }) => {
  await expect(run(code, given)).rejects.toMatchObject({ code });
  expect(await readdir(join(folder, code))).toEqual([]);
  await rm(join(folder, code), { recursive: true });
});

test('a film that is cut short is never reported as done', async () => {
  const whole = join(folder, 'whole.mkv');
  await makeFilm(whole, { frames: 100 });
  const cut = join(folder, 'cut.mkv');
  const bytes = await readFile(whole);
  await writeFile(cut, bytes.subarray(0, bytes.length / 2));
  const opened = { ...(await openedFilm(whole)), path: cut };
  await expect(run('cut', {}, opened)).rejects.toMatchObject({ code: 'film/cut-short' });
  expect(await readdir(join(folder, 'cut'))).toEqual([]);
}, 60_000);
