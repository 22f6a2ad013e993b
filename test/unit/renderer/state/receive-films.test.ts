import { expect, test } from 'vitest';
import { areFilms, namedShort } from '#state/receive-films.ts';

test.each([
  { paths: ['/a/holiday.mp4'], want: true },
  { paths: ['/a/HOLIDAY.MOV'], want: true },
  { paths: ['C:\\b\\clip.mkv', '/a/notes.txt'], want: true },
  // Playlists are taken, so that the refusal says why.
  { paths: ['/a/list.m3u8'], want: true },
  { paths: ['/a/cat.jpg'], want: false },
  { paths: ['/a/folder'], want: false },
  { paths: ['/a/model.json'], want: false },
  { paths: [], want: false },
])('$paths hold a film: $want', ({ paths, want }) => {
  expect(areFilms(paths)).toBe(want);
});

test('a failure names the film, not where it lies', () => {
  const failure = { code: 'film/unreadable' as const, message: '', details: { file: '/up/loads/a.mp4', reason: 'x' } };
  expect(namedShort(failure).details).toEqual({ file: 'a.mp4', reason: 'x' });
  expect(namedShort({ ...failure, details: {} }).details).toEqual({});
});
