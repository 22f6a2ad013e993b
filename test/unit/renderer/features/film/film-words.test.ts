import { expect, test } from 'vitest';
import { filmNote, filmSettings, type Film, type FilmFacts, type FilmJob } from '#contract/video.ts';
import * as words from '#features/film/film-words.ts';
import { Strings } from '#state/strings.svelte.ts';
import film from '#strings/en/film.json' with { type: 'json' };
import chinese from '#strings/zh/film.json' with { type: 'json' };

/** The key and the values, so that a sentence can be seen without its words. */
const say = {
  language: 'en' as const,
  t: (key: string, values?: Record<string, string | number>) => [key, ...Object.values(values ?? {})].join(' '),
};
const facts: FilmFacts = {
  ...{ kind: 'film', width: 1280, height: 720, rate: 29.97, variable: false, frames: 300, seconds: 10.01 },
  ...{ codec: 'h264', pixelFormat: 'yuv420p', rotation: 90, sound: [], notes: [] },
};
const settings = filmSettings.parse({ model: 'net' });

test.each([
  [0, '0:00.00'],
  [3.24, '0:03.24'],
  [59.999, '1:00.00'],
  [61.5, '1:01.50'],
  [3723.5, '1:02:03.50'],
])('%s s is %s', (seconds, text) => expect(words.timeText(seconds)).toBe(text));

test('every note has a sentence in both languages, with what is known put in', () => {
  for (const { notes } of [film, chinese]) {
    expect(Object.keys(notes).sort()).toEqual([...filmNote.shape.kind.options].sort());
  }
  const notes = [{ kind: 'rotated' as const, details: {} }];
  expect(words.noteSentences(say, notes, 90)).toEqual(['film.notes.rotated 90']);
});

test.each([
  { change: {}, frames: 300 },
  { change: { from: 5 }, frames: 150 },
  { change: { to: 2 }, frames: 60 },
  { change: { rate: 25 }, frames: 250 },
])('made with $change it has $frames frames', ({ change, frames }) => {
  expect(words.framesMade(facts, { ...settings, ...change })).toBe(frames);
});

test('nobody knows how many frames a film of unknown length has', () => {
  const unknown = { ...facts, frames: null, seconds: null };
  expect(words.framesMade(unknown, settings)).toBeNull();
  expect(words.framesMade(unknown, { ...settings, from: 1, to: 3, rate: 25 })).toBe(50);
});

test.each([
  { size: [1280, 720], change: {}, want: [2560, 720] },
  { size: [3840, 2160], change: {}, want: [3840, 1080] },
  { size: [1280, 720], change: { layout: 'overlay' as const, longest: 640 }, want: [640, 360] },
  { size: [101, 57], change: { layout: 'heat' as const }, want: [102, 58] },
])('$size becomes about $want', ({ size: [width = 0, height = 0], change, want }) => {
  expect(words.sizeGuessed({ ...facts, width, height }, { ...settings, ...change })).toEqual(want);
});

test('a film in the queue says how far it is, or what it waits for', () => {
  const job = { state: 'running', stage: 'frames', done: 50, total: 200, secondsLeft: 12 } as FilmJob;
  expect(words.jobLine(say, job)).toBe('25 % · film.queue.left 12 s');
  expect(words.jobLine(say, { ...job, total: null })).toBe('film.queue.frames');
  expect(words.jobLine(say, { ...job, state: 'waiting', waitsFor: 'training' })).toBe('film.queue.waitsTraining');
  expect(words.shareOf({ done: 3, total: 0 })).toBeNull();
});

test('a row of the list: length, size, what is odd, rate', () => {
  const one = { facts: { ...facts, notes: [{ kind: 'hdr', details: {} }] } } as unknown as Film;
  expect(words.filmLine({ ...say, t: (key) => key.replace('film.notesShort.', '') }, one)).toBe(
    '10 s · 1280×720 · hdr · film.perSecond',
  );
});

test('smoothing is told in frames', () => {
  expect([0, 0.5, 0.6, 0.9].map(words.halfLife)).toEqual([0, 1, 1, 7]);
});

test('a film of the app lies inside it, whatever folder that is today', () => {
  const own = { id: 'a', name: 'a.mp4', path: '/films/a.mp4', size: 1, opened: '', facts };
  expect(words.filmFacts(say, own).at(-1)).toEqual(['film.about.place', '/films/a.mp4']);
  const sent = { ...own, path: '/home/a/.local/share/heatlens/uploads/f5294c70-9611-4c6e-8b1a-0123456789ab/a.mp4' };
  expect(words.filmFacts(say, sent).at(-1)).toEqual(['film.about.place', 'film.about.uploaded']);
  expect(words.filmFacts(say, { ...own, sample: 'cat' }).at(-1)).toEqual(['film.about.place', 'film.about.inside']);
});

test('what will be made is said in whole numbers', () => {
  const strings = new Strings();
  const made = { size: [640, 180], frames: 4500, exact: true, ahead: 0 };
  expect(words.makeLine(strings, made)).toBe('640×180 px · 4,500 frames');
  expect(words.makeLine(strings, { ...made, exact: false, ahead: 1 })).toBe(
    '640×180 px · about 4,500 frames · Behind 1 film',
  );
  expect(words.makeLine(say, { ...made, frames: null })).toBe('film.make.size 640 180 · film.make.unknownFrames');
});
