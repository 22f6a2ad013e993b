import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { filmSamples, keptFilm } from '#engine/video/samples.ts';
import { someFilm } from '#test/support/films.ts';

test('films to try are there, and small', () => {
  expect(filmSamples().map(({ id }) => id)).toEqual(['cat-and-astronaut']);
  for (const { path } of filmSamples()) expect(statSync(path).size).toBeLessThan(300_000);
});

test('a film of the app is found where the app lies now, others stay where they were', () => {
  const [{ id, path } = { id: '', path: '' }] = filmSamples();
  const film = someFilm();
  const before = { ...film, sample: id, path: '/tmp/.mount_before/assets/films/cat-and-astronaut.mp4' };
  expect(keptFilm.parse(before)).toEqual({ ...film, sample: id, path });
  expect(keptFilm.parse({ ...film, path })).toEqual({ ...film, sample: id, path });
  expect(keptFilm.parse({ ...film, sample: 'of another version' })).toEqual({ ...film, sample: 'of another version' });
  expect(keptFilm.parse(film)).toEqual(film);
});
