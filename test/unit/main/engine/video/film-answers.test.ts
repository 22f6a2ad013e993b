import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import sharp from 'sharp';
import { AppError } from '#contract/failures.ts';
import { filmFrameUrl, filmJobUrl, filmPreviewUrl, filmResultUrl } from '#contract/pictures.ts';
import { serveMedia } from '#engine/media.ts';
import { filmAnswers } from '#engine/video/film-answers.ts';
import { picture } from '#test/support/film-engine.ts';
import { someFilm, someFrame, someResult, someSettings } from '#test/support/films.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const pixel = { size: { width: 2, height: 1 }, pixels: Uint8Array.of(255, 0, 0, 0, 0, 255) };

async function answering() {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'heat.mp4'), '0123456789');
  await writeFile(join(folder, 'source.webm'), 'the original');
  await writeFile(join(folder, 'maps.f32'), Float32Array.of(0.5));
  const results = {
    get: (id: string) => {
      if (id === 'gone') throw new AppError('film/unknown-result', 'There is none.', {});
      const original = { source: 'original', path: join(folder, 'source.webm') } as const;
      return { film: someFilm(), result: someResult(id, id === 'copied' ? { source: 'copy' } : original) };
    },
    frames: async function* () {
      await Promise.resolve();
      yield someFrame(0);
    },
    file: (_: string, part: string) => join(folder, { film: 'heat.mp4', maps: 'maps.f32' }[part] ?? 'no such file'),
  };
  const asked: unknown[] = [];
  const previews = {
    jpeg: (id: string, seconds: number, side: number) => {
      asked.push([id, seconds, side]);
      if (id === 'unknown') throw new AppError('film/unknown', 'There is none.', {});
      return Promise.resolve(Buffer.from('a picture'));
    },
    composed: (...all: unknown[]) => {
      asked.push(all);
      return Promise.resolve(pixel);
    },
  };
  const queue = { picture: (job: string) => (job === 'running' ? pixel : null) };
  const others = () => Promise.resolve({ status: 418, headers: {}, body: Buffer.alloc(0) });
  const media = await serveMedia(filmAnswers({ results, previews, queue }, others), (thrown) => asked.push(thrown));
  onTestFinished(() => media.close());
  return { asked, get: (url: string, range?: string) => picture(media.address, url, range ? { Range: range } : {}) };
}

test('what was made is sent by ranges', async () => {
  const { get } = await answering();
  const whole = await get(filmResultUrl('one', 'film'));
  expect([whole.status, whole.headers['content-type'], whole.headers['accept-ranges']]).toEqual([
    ...[200, 'video/mp4', 'bytes'],
  ]);
  const part = await get(filmResultUrl('one', 'film'), 'bytes=2-4');
  expect([part.status, part.body.toString(), part.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10']);
  expect((await get(filmResultUrl('one', 'film'), 'bytes=-3')).body.toString()).toBe('789');
  expect((await get(filmResultUrl('one', 'film'), 'bytes=10-')).status).toBe(416);
  expect((await get(filmResultUrl('one', 'maps'))).body).toHaveLength(4);
});

test('frames are sent as tables', async () => {
  const { get } = await answering();
  const [csv, json] = [await get(filmResultUrl('one', 'csv')), await get(filmResultUrl('one', 'json'))];
  expect([csv.headers['content-type'], csv.body.toString().split('\r\n').length]).toEqual([
    'text/csv; charset=utf-8',
    3,
  ]);
  expect(JSON.parse(json.body.toString())).toMatchObject({ name: 'bikes.mp4', frames: [{ frame: 0, seconds: 0 }] });
});

test('the original is the film’s own file, or the copy of it', async () => {
  const { get } = await answering();
  const own = await get(filmResultUrl('one', 'source'));
  expect([own.headers['content-type'], own.body.toString()]).toEqual(['video/webm', 'the original']);
  expect((await get(filmResultUrl('copied', 'source'))).status).toBe(404);
});

test('frames, previews and the newest frame of a film that is being made are pictures', async () => {
  const { get, asked } = await answering();
  expect((await get(filmFrameUrl('a film', 1.5, 200))).headers['content-type']).toBe('image/jpeg');
  const preview = await get(filmPreviewUrl('a film', 2, { model: 'tiny', opacity: 0.25 }));
  expect(await sharp(preview.body).metadata()).toMatchObject({ format: 'png', width: 2, height: 1 });
  expect(asked).toEqual([
    ['a film', 1.5, 200],
    ['a film', { ...someSettings, opacity: 0.25 }, 2],
  ]);
  expect((await get(filmJobUrl('running', 7))).headers['content-type']).toBe('image/jpeg');
});

test.each([
  ['a job that shows nothing', filmJobUrl('waiting', 1), 404],
  ['a film that is not open', filmFrameUrl('unknown', 0, 10), 404],
  ['a result that is gone', filmResultUrl('gone', 'film'), 404],
  ['a side that is none', 'pictures/film/a/frame?t=0&side=-1', 400],
  ['a time that is none', 'pictures/film/a/frame?t=soon&side=10', 400],
  ['settings that are none', 'pictures/film/a/preview?t=0&q=%7B%7D', 400],
  ['a part that is none', 'pictures/film-result/one/secret', 404],
  ['a way out of the folder', 'pictures/film-result/..%2F../film/x', 404],
  ['an address that is not well-formed', 'pictures/film-job/%E0%A4%A', 400],
  ['what others answer', 'pictures/photo/1', 418],
])('%s', async (_, url, status) => {
  const { get } = await answering();
  expect((await get(url)).status).toBe(status);
});
