import { expect, test, vi } from 'vitest';
import type { App } from '#state/app.svelte.ts';
import { openRecent, receiveProject } from '#state/open-project.ts';

type Place = 'folder' | 'archive' | 'neither';

/** An app in which a path is what the test says; what was done with it stands in `done`. */
function appWhere(places: Record<string, Place>, pick: string[] | null = null) {
  const done: string[] = [];
  const app = {
    t: (key: string) => key,
    link: { abilities: { pick: pick !== null }, host: { pick: () => Promise.resolve(pick ?? []) } },
    attempt: (work: () => Promise<unknown>) => work(),
    refresh: () => Promise.resolve(),
    news: { after: (_name: string, _command: string, work: () => Promise<unknown>) => work() },
    toasts: { tell: vi.fn() },
    projects: {
      current: null,
      recognise: (path: string) => Promise.resolve(places[path] ?? 'neither'),
      open: (folder: string) => Promise.resolve(void done.push(`open ${folder}`)),
      unpack: (file: string, into?: string) => Promise.resolve(void done.push(`unpack ${file} ${into ?? 'beside'}`)),
      forget: (folder: string) => Promise.resolve(void done.push(`forget ${folder}`)),
    },
  };
  return { app: app as unknown as App, done };
}

test.each<{ paths: string[]; places: Record<string, Place>; does: string[] }>([
  { paths: ['/a/cats'], places: { '/a/cats': 'folder' }, does: ['open /a/cats'] },
  { paths: ['/a/cats/project.json'], places: { '/a/cats': 'folder' }, does: ['open /a/cats'] },
  { paths: ['C:\\cats\\project.json'], places: { 'C:\\cats': 'folder' }, does: ['open C:\\cats'] },
  { paths: ['/a/cats.heatlens'], places: { '/a/cats.heatlens': 'archive' }, does: ['unpack /a/cats.heatlens beside'] },
  { paths: ['/a/cats.zip'], places: { '/a/cats.zip': 'archive' }, does: ['unpack /a/cats.zip beside'] },
  // What is wrong with it, unpacking says.
  { paths: ['/a/broken.heatlens'], places: {}, does: ['unpack /a/broken.heatlens beside'] },
  { paths: ['/a/photos'], places: {}, does: [] },
  { paths: ['/a/photos.zip'], places: {}, does: [] },
  { paths: ['/a/model/project.json'], places: {}, does: [] },
  { paths: ['/a/model.keras'], places: { '/a/model.keras': 'archive' }, does: [] },
  { paths: ['/a/cats', '/a/dogs'], places: { '/a/cats': 'folder' }, does: [] },
])('$paths handed over does $does', async ({ paths, places, does }) => {
  const { app, done } = appWhere(places);
  expect(await receiveProject(app, paths)).toBe(does.length > 0);
  expect(done).toEqual(does);
});

test('where there are dialogs the person says where a project is unpacked, and may think better of it', async () => {
  const places = { '/a/cats.heatlens': 'archive' as const };
  const { app, done } = appWhere(places, ['/b']);
  await receiveProject(app, ['/a/cats.heatlens']);
  expect(done).toEqual(['unpack /a/cats.heatlens /b']);
  const other = appWhere(places, []);
  expect(await receiveProject(other.app, ['/a/cats.heatlens'])).toBe(true);
  expect(other.done).toEqual([]);
});

test('a recent project that is gone leaves the list; opening it would make an empty one', async () => {
  const { app, done } = appWhere({ '/a/here': 'folder' });
  await openRecent(app, '/a/here');
  await openRecent(app, '/a/gone');
  expect(done).toEqual(['open /a/here', 'forget /a/gone']);
});
