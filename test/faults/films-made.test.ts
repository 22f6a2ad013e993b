import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished, expect, test } from 'vitest';
import { filmFrameUrl, filmJobUrl, filmPreviewUrl, filmResultUrl } from '#contract/pictures.ts';
import { filmSettings } from '#contract/video.ts';
import { callsOf, filmEngine, jobWhen, makeFilm, picture, programsOn } from '#test/support/film-engine.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

// The built engine, real TensorFlow, real ffmpeg.
const settings = filmSettings.parse({ model: 'efficientnet-lite0', longest: 320 });
const over = ({ state }: { state: string }) => ['done', 'failed', 'cancelled'].includes(state);

async function started(queue?: 'waits') {
  const folder = await temporaryFolder();
  const engine = filmEngine(join(folder, 'project'), queue);
  onTestFinished(() => engine.close());
  engine.start();
  expect((await engine.settled()).state).toBe('ready');
  return { folder, engine, films: join(folder, 'project', 'films') };
}

test('a film is opened, previewed, made, looked at and saved', async () => {
  const { folder, engine, films } = await started();
  const calls = callsOf(engine);
  const address = engine.pictures ?? '';
  const path = makeFilm(join(folder, 'moving.mp4'), 2);
  const [film] = (await calls.video.openFilms({ paths: [path] })).films;
  expect(film?.facts).toMatchObject({ frames: 50, rate: 25, codec: 'h264' });
  const id = film!.id;

  const before = await calls.video.preview({ film: id, settings, seconds: 1 });
  expect(before).toMatchObject({ width: 640, height: 180, frame: { seconds: 1 } });
  const opacity = { ...settings, opacity: 0.9 };
  const again = await calls.video.preview({ film: id, settings: opacity, seconds: 1 });
  expect(again.milliseconds).toBeLessThan(before.milliseconds / 2);
  const shown = await picture(address, filmPreviewUrl(id, 1, opacity));
  expect([shown.status, shown.headers['content-type']]).toEqual([200, 'image/png']);
  expect((await picture(address, filmFrameUrl(id, 1, 100))).headers['content-type']).toBe('image/jpeg');

  for (const [seconds, shown] of [
    [0, 0],
    [0.05, 0.04],
    [1000, 1.96],
  ] as const) {
    expect((await calls.video.preview({ film: id, settings, seconds })).frame.seconds).toBeCloseTo(shown, 3);
  }

  const out = join(folder, 'heat.mp4');
  const job = await calls.video.enqueue({ film: id, settings, out });
  const done = await jobWhen(calls, job.id, over);
  expect(done.failure).toBeUndefined();
  expect(done).toMatchObject({ state: 'done', done: 50, result: job.id });
  // The last picture stays until another film begins: a page may ask for it late.
  expect((await picture(address, filmJobUrl(job.id, 1))).status).toBe(200);
  const [result] = await calls.video.results();
  expect(result).toMatchObject({ frames: { in: 50, out: 50 }, width: 640, height: 180, source: 'original' });
  expect(result!.audio).not.toBe('none');
  expect((await readdir(join(films, job.id))).sort()).toEqual(['film.json', 'frames.jsonl', 'heat.mp4', 'maps.f32']);
  expect(await readFile(out)).toEqual(await readFile(join(films, job.id, 'heat.mp4')));

  const part = await picture(address, filmResultUrl(job.id, 'film'), { Range: 'bytes=4-7' });
  expect([part.status, part.body.toString()]).toEqual([206, 'ftyp']);
  expect((await picture(address, filmResultUrl(job.id, 'source'))).body).toEqual(await readFile(path));
  const { height, width } = result!.maps;
  expect((await picture(address, filmResultUrl(job.id, 'maps'))).body).toHaveLength(50 * height * width * 4);

  const frames = await calls.video.frames({ result: job.id });
  expect(frames.seconds).toHaveLength(50);
  expect(frames.topClass).toHaveLength(250);
  expect(frames.probability[25]).toBeCloseTo(before.frame.probability, 2);
  const files = { csv: join(folder, 'a.csv'), json: join(folder, 'a.json'), film: join(folder, 'b.mp4') };
  await calls.video.save({ result: job.id, ...files, frame: { seconds: 1, path: join(folder, 'f.png') } });
  expect((await readFile(files.csv, 'utf8')).trim().split('\r\n')).toHaveLength(51);
  expect(JSON.parse(await readFile(files.json, 'utf8'))).toMatchObject({ name: 'moving.mp4' });
  expect((await readFile(join(folder, 'f.png'))).subarray(1, 4).toString()).toBe('PNG');

  await calls.video.remove({ result: job.id });
  expect(await calls.video.results()).toEqual([]);
  expect((await calls.video.restore({ result: job.id })).id).toBe(job.id);
  await calls.video.cancel({ job: job.id });
}, 240_000);

test('a film that no browser plays is shown by a copy with the same frames', async () => {
  const { folder, engine, films } = await started();
  const calls = callsOf(engine);
  const path = makeFilm(join(folder, 'old.avi'), 1, ['-c:v', 'mpeg4', '-q:v', '3']);
  const [film] = (await calls.video.openFilms({ paths: [path] })).films;
  const job = await calls.video.enqueue({ film: film!.id, settings });
  await jobWhen(calls, job.id, over);
  const [result] = await calls.video.results();
  expect(result).toMatchObject({ source: 'copy' });
  const copy = (await calls.video.openFilms({ paths: [join(films, job.id, 'source.mp4')] })).films[0];
  expect(copy?.facts).toMatchObject({ codec: 'h264', pixelFormat: 'yuv420p', frames: result!.frames.in });
}, 240_000);

test('a project that is closed in the middle of a film goes on with it when it is opened again', async () => {
  const { folder, engine, films } = await started();
  const calls = callsOf(engine);
  const [film] = (await calls.video.openFilms({ paths: [makeFilm(join(folder, 'long.mp4'), 6)] })).films;
  const job = await calls.video.enqueue({ film: film!.id, settings });
  await jobWhen(calls, job.id, ({ done }) => done > 30);
  await calls.project.open({ folder: join(folder, 'another') });
  expect(programsOn(folder)).toEqual([]);
  expect(await readdir(films)).toEqual([]);
  await calls.project.open({ folder: join(folder, 'project') });
  expect(await jobWhen(calls, job.id, over)).toMatchObject({ state: 'done', done: 150 });
}, 240_000);

test('cancelled within a second, a film leaves no file and no program', async () => {
  const { folder, engine, films } = await started();
  const calls = callsOf(engine);
  const [film] = (await calls.video.openFilms({ paths: [makeFilm(join(folder, 'long.mp4'), 120)] })).films;
  const out = join(folder, 'never.mp4');
  const first = await calls.video.enqueue({ film: film!.id, settings, out });
  const second = await calls.video.enqueue({ film: film!.id, settings, out });
  await jobWhen(calls, first.id, ({ done }) => done > 20);
  await calls.video.cancel({ job: second.id });
  const begun = performance.now();
  await calls.video.cancel({ job: first.id });
  expect(performance.now() - begun).toBeLessThan(1000);
  expect((await jobWhen(calls, first.id, over)).state).toBe('cancelled');
  expect(await readdir(films)).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual(['long.mp4', 'project']);
  expect(programsOn(folder)).toEqual([]);
}, 240_000);

test('an engine killed in the middle of a film leaves no program, and the film goes on when it is told to', async () => {
  const { folder, engine, films } = await started();
  const calls = callsOf(engine);
  const [film] = (await calls.video.openFilms({ paths: [makeFilm(join(folder, 'long.mp4'), 6)] })).films;
  const first = await calls.video.enqueue({ film: film!.id, settings });
  const second = await calls.video.enqueue({ film: film!.id, settings: { ...settings, layout: 'heat' } });
  await jobWhen(calls, first.id, ({ done }) => done > 30);
  expect(programsOn(folder).length).toBeGreaterThan(0);
  process.kill(engine.pid!, 'SIGKILL');
  await pause(5000);
  expect(programsOn(folder)).toEqual([]);

  await engine.restart();
  expect((await engine.settled()).state).toBe('ready');
  const again = callsOf(engine);
  expect(await readdir(films)).toEqual([]);
  const held = await jobWhen(again, second.id, () => true);
  expect(held).toMatchObject({ state: 'waiting', waitsFor: 'go-on' });
  await again.video.goOn();
  for (const { id } of [first, second]) {
    const done = await jobWhen(again, id, over);
    expect(done.failure).toBeUndefined();
    expect(done).toMatchObject({ state: 'done', done: 150 });
  }
  const [heat, beside] = await again.video.results();
  expect([heat?.width, beside?.width]).toEqual([320, 640]);
  // The second asks the network nothing: another look of the same question.
  expect(heat!.took.network).toBeLessThan(0.1);
}, 300_000);
