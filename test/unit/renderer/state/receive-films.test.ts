import { expect, test } from 'vitest';
import type { FilmResult } from '#contract/video.ts';
import type { App } from '#state/app.svelte.ts';
import type { FilmShown } from '#state/films.svelte.ts';
import { areFilms, namedShort, removeResult } from '#state/receive-films.ts';

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

/** A window that shows something, and the last offer to undo. */
function fakeWindow(shown: FilmShown | null) {
  let back = () => undefined as void;
  const films = {
    shown,
    show: (next: FilmShown | null) => void (films.shown = next),
    remove: () => Promise.resolve(),
    restoreResult: () => Promise.resolve(),
  };
  const app = {
    ...{ films, t: (key: string) => key, navigation: { go: () => undefined } },
    attempt: (work: () => Promise<unknown>) => work(),
    toasts: { undoable: (_: string, undo: () => void) => (back = undo) },
  };
  return { app: app as unknown as App, films, undo: () => back() };
}

const made = { id: 'r1', name: 'a.mp4', film: 'f1' } as FilmResult;

test('a film made that was shown gives way to its film, and is shown again after an undo', async () => {
  const { app, films, undo } = fakeWindow({ kind: 'result', id: 'r1' });
  await removeResult(app, made);
  expect(films.shown).toEqual({ kind: 'film', id: 'f1' });
  undo();
  await expect.poll(() => films.shown).toEqual({ kind: 'result', id: 'r1' });
});

test('one that was not shown takes nothing away from the eyes, going or coming', async () => {
  const { app, films, undo } = fakeWindow({ kind: 'film', id: 'f2' });
  await removeResult(app, made);
  undo();
  await Promise.resolve();
  expect(films.shown).toEqual({ kind: 'film', id: 'f2' });
});
