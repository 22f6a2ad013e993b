import { expect, test } from 'vitest';
import { filmSettings, type FilmSettingsInput } from '#contract/video.ts';
import { checkSettings, framesExpected } from '#engine/video/run/check-settings.ts';

const facts = { width: 64, height: 32, rate: 25, frames: 250, seconds: 10 };
const film = (given: object = {}) => ({ name: 'film.mp4', facts: { ...facts, ...given } }) as never;
const settings = (given: Partial<FilmSettingsInput>) => filmSettings.parse({ model: 'm', ...given });

test.each<{ given: Partial<FilmSettingsInput>; facts?: object; problem: string }>([
  { given: { from: 3, to: 3 }, problem: 'the part ends at 3 s' },
  { given: { from: 10 }, problem: 'the film ends at 10 s' },
  { given: { scale: 'fixed' }, problem: 'needs the value that is 1.0' },
  { given: {}, facts: { height: 8 }, problem: 'too small' },
])('$problem', ({ given, facts: other, problem }) => {
  expect(() => checkSettings(film(other), settings(given))).toThrow(problem);
});

test('what fits passes; an unknown length refuses nothing', () => {
  checkSettings(film(), settings({ from: 1, to: 9, scale: 'fixed', maximum: 2 }));
  checkSettings(film({ seconds: null }), settings({ from: 100 }));
});

test.each<{ given: Partial<FilmSettingsInput>; facts?: object; frames: number | null }>([
  { given: {}, frames: 250 },
  { given: { from: 2, to: 4 }, frames: 50 },
  { given: { to: 100 }, frames: 250 },
  { given: { rate: 10 }, frames: 100 },
  { given: {}, facts: { frames: null }, frames: null },
  { given: { rate: 10 }, facts: { seconds: null }, frames: null },
])('$given expects $frames frames', ({ given, facts: other, frames }) => {
  expect(framesExpected(film(other), settings(given))).toBe(frames);
});
