import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import sharp from 'sharp';
import { FilmResults, resultFiles } from '#engine/video/results.ts';
import { saveResult } from '#engine/video/save.ts';
import { someFilm, someFrame, someResult, someSettings } from '#test/support/films.ts';
import { openProject } from '#test/support/open-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** A result of two frames; its original is red, then blue. */
async function made() {
  const results = await FilmResults.open(await openProject(), () => undefined);
  const folder = await results.begin('one');
  await writeFile(join(folder, resultFiles.film), 'a film');
  await writeFile(join(folder, resultFiles.frames), [0, 1].map((at) => `${JSON.stringify(someFrame(at))}\n`).join(''));
  await writeFile(join(folder, resultFiles.maps), Float32Array.of(0, 0, 0, 1));
  const settings = { ...someSettings, opacity: 1 };
  await results.keep({ result: someResult('one', { settings }), film: someFilm() });
  const read: number[] = [];
  const readFrameAt = (_: unknown, { width, height }: { width: number; height: number }, seconds: number) => {
    read.push(seconds);
    const pixels = new Uint8Array(width * height * 3).map((__, at) => (at % 3 === (seconds === 0 ? 0 : 2) ? 255 : 0));
    return Promise.resolve({ index: 0, seconds, pixels });
  };
  return { parts: { results, readFrameAt }, read, out: await temporaryFolder() };
}

test('the film and the tables of its frames are written whole', async () => {
  const { parts, out } = await made();
  const [film, csv, json] = ['a.mp4', 'a.csv', 'a.json'].map((name) => join(out, name)) as [string, string, string];
  await saveResult('one', { film, csv, json }, parts);
  expect(await readFile(film, 'utf8')).toBe('a film');
  expect((await readFile(csv, 'utf8')).split('\r\n')).toHaveLength(4);
  expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ name: 'bikes.mp4', frames: [{}, { frame: 1 }] });
  expect((await readdir(out)).sort()).toEqual(['a.csv', 'a.json', 'a.mp4']);
});

test.each([
  [0.039, 0, [255, 0, 0]],
  [0.05, 0.04, [0, 0, 255]],
  [100, 0.04, [0, 0, 255]],
])('the frame that is shown at %d s is saved beside its heat', async (seconds, shown, colour) => {
  const { parts, read, out } = await made();
  const path = join(out, 'frame.png');
  await saveResult('one', { frame: { seconds, path } }, parts);
  expect(read).toEqual([shown]);
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  // Three views of 64×48 px beside each other: the original is the first.
  expect(info.width).toBeGreaterThan(3 * 64);
  expect(at(20 + 32, info.height - 20 - 24)).toEqual(colour);
});

test.each([
  ['the film itself', (path: string) => path, 'file/not-writable'],
  ['a folder that is not there', () => '/no such folder/a.mp4', 'file/missing'],
])('%s is refused', async (_, path, code) => {
  const { parts } = await made();
  await expect(saveResult('one', { film: path(someFilm().path) }, parts)).rejects.toMatchObject({ code });
});

test('what is unknown cannot be saved', async () => {
  const { parts, out } = await made();
  const saving = saveResult('two', { csv: join(out, 'a.csv') }, parts);
  await expect(saving).rejects.toMatchObject({ code: 'film/unknown-result' });
});
