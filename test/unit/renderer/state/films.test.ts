import { expect, test } from 'vitest';
import type { Film, FilmResult } from '#contract/video.ts';
import type { Link } from '#page-link/index.ts';
import { Films } from '#state/films.svelte.ts';

/** An engine that keeps films as the real one does: newest first, closed ones can come back. */
function fakeEngine(names: string[] = [], tools: () => Promise<unknown> = () => Promise.resolve({ ffmpeg: null })) {
  const film = (name: string) => ({ id: `id-${name}`, name, path: `/here/${name}` }) as unknown as Film;
  let open = names.map(film);
  let results = [{ id: 'r1', film: 'id-a.mp4' }] as unknown as FilmResult[];
  const closed = new Map<string, Film>();
  const removed: FilmResult[] = [];
  let opened = 0;
  const video = {
    films: () => Promise.resolve(open),
    results: () => Promise.resolve(results),
    tools,
    samples: () => Promise.resolve([{ id: 'sample', path: '/here/sample.mp4' }]),
    openFilms: ({ paths }: { paths: string[] }) => {
      opened += 1;
      const added = paths.map((path) => film(path.split('/').pop()!));
      open = [...added, ...open];
      return Promise.resolve({ films: added, skipped: [] });
    },
    closeFilms: ({ ids }: { ids: string[] }) => {
      for (const one of open) if (ids.includes(one.id)) closed.set(one.id, one);
      open = open.filter(({ id }) => !ids.includes(id));
      return Promise.resolve();
    },
    restoreFilms: ({ ids }: { ids: string[] }) => {
      open = [...ids.flatMap((id) => closed.get(id) ?? []), ...open];
      return Promise.resolve(open);
    },
    remove: ({ result }: { result: string }) => {
      removed.push(...results.filter(({ id }) => id === result));
      results = results.filter(({ id }) => id !== result);
      return Promise.resolve();
    },
    restore: () => {
      results = [...removed.splice(0), ...results];
      return Promise.resolve(results[0]);
    },
  };
  return { films: new Films({ engine: { video } } as unknown as Link), opened: () => opened };
}

const names = (films: Films) => films.all.map(({ name }) => name);

test('opened films come to the top; closed ones are gone at once and come back', async () => {
  const { films } = fakeEngine(['old.mp4']);
  await films.refresh();
  await films.open(['/a.mp4']);
  expect(names(films)).toEqual(['a.mp4', 'old.mp4']);
  expect(films.opening).toBe(false);
  await films.close(['id-a.mp4']);
  expect(names(films)).toEqual(['old.mp4']);
  await films.restore(['id-a.mp4']);
  expect(names(films)).toEqual(['a.mp4', 'old.mp4']);
});

test('the film to try is opened once', async () => {
  const { films, opened } = fakeEngine();
  const first = await films.sample();
  expect((await films.sample())?.id).toBe(first?.id);
  expect(opened()).toBe(1);
});

test('what was made of a film is found, removed and brought back', async () => {
  const { films } = fakeEngine(['a.mp4']);
  await films.refresh();
  expect(films.madeOf('id-a.mp4').map(({ id }) => id)).toEqual(['r1']);
  expect(films.madeOf('id-b.mp4')).toEqual([]);
  await films.remove('r1');
  expect(films.results).toEqual([]);
  await films.restoreResult('r1');
  expect(films.result('r1')).toBeDefined();
});

test('films are listed though nobody can say what ffmpeg there is', async () => {
  const { films } = fakeEngine(['a.mp4'], () => Promise.reject(new Error('not now')));
  await films.refresh();
  expect(films.tools).toBeNull();
  expect(names(films)).toEqual(['a.mp4']);
});
