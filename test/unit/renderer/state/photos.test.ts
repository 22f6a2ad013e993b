import { expect, test } from 'vitest';
import type { Photo } from '#contract/prediction.ts';
import type { Link } from '#page-link/index.ts';
import { Photos } from '#state/photos.svelte.ts';

/** An engine that keeps photos as the real one does: newest first, closed ones can come back. */
function fakeEngine(names: string[] = []) {
  const photo = (name: string): Photo => ({
    ...{ id: `id-${name}`, name, path: `/here/${name}`, width: 451, height: 300 },
    opened: '2026-11-21T10:00:00Z',
  });
  let open = names.map(photo);
  const closed = new Map<string, Photo>();
  const pasted: { bytes: string; name: string }[] = [];
  const prediction = {
    photos: () => Promise.resolve(open),
    openPhotos: ({ paths }: { paths: string[] }) => {
      const added = paths.map((path) => photo(path.slice(1)));
      open = [...added, ...open];
      return Promise.resolve({ photos: added, skipped: [] });
    },
    pastePhoto: (given: { bytes: string; name: string }) => {
      pasted.push(given);
      open = [photo(given.name), ...open];
      return Promise.resolve(photo(given.name));
    },
    closePhotos: ({ ids }: { ids: string[] }) => {
      for (const one of open) if (ids.includes(one.id)) closed.set(one.id, one);
      open = open.filter(({ id }) => !ids.includes(id));
      return Promise.resolve();
    },
    restorePhotos: ({ ids }: { ids: string[] }) => {
      open = [...ids.flatMap((id) => closed.get(id) ?? []), ...open];
      return Promise.resolve(open);
    },
  };
  return { link: { engine: { prediction } } as unknown as Link, pasted };
}

const names = (photos: Photos) => photos.all.map(({ name }) => name);

test('opened photos come to the top of the list', async () => {
  const photos = new Photos(fakeEngine(['old.jpg']).link);
  await photos.refresh();
  const { photos: added } = await photos.open(['/a.jpg', '/b.jpg']);
  expect(added.map(({ name }) => name)).toEqual(['a.jpg', 'b.jpg']);
  expect(names(photos)).toEqual(['a.jpg', 'b.jpg', 'old.jpg']);
  expect(photos.opening).toBe(false);
});

test('closed ones are gone at once and come back', async () => {
  const photos = new Photos(fakeEngine(['a.jpg', 'b.jpg']).link);
  await photos.refresh();
  await photos.close(['id-a.jpg']);
  expect(names(photos)).toEqual(['b.jpg']);
  await photos.restore(['id-a.jpg']);
  expect(names(photos)).toEqual(['a.jpg', 'b.jpg']);
});

test('what is pasted goes as base64, however long', async () => {
  const { link, pasted } = fakeEngine();
  const photos = new Photos(link);
  const bytes = Uint8Array.from({ length: 100_001 }, (_, at) => at % 251);
  await photos.paste(new Blob([bytes]), 'screen.png');
  expect(pasted[0]?.name).toBe('screen.png');
  expect(Buffer.from(pasted[0]!.bytes, 'base64').equals(Buffer.from(bytes))).toBe(true);
});

test('a photo of the app is taken once', async () => {
  const { link, pasted } = fakeEngine();
  const photos = new Photos(link, () => Promise.resolve(new Blob(['cat'])));
  const first = await photos.sample('chelsea');
  expect((await photos.sample('chelsea')).id).toBe(first.id);
  expect(pasted.map(({ name }) => name)).toEqual(['chelsea.jpg']);
});
