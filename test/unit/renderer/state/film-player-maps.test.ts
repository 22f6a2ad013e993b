import { afterEach, expect, test, vi } from 'vitest';
import { FilmMaps } from '#state/film-player-maps.ts';

afterEach(() => vi.unstubAllGlobals());

/** Maps of 1 × 2 whose first value is the frame's number, answered as the engine does: by ranges. */
function file(frames: number, ranges = true) {
  const bytes = new Uint8Array(Float32Array.from({ length: frames * 2 }, (_, i) => (i % 2 ? 0.5 : i / 2)).buffer);
  const asked: (string | null)[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit = {}) => {
    const range = new Headers(init.headers).get('range');
    asked.push(range);
    const [, from, to] = /bytes=(\d+)-(\d+)/.exec(range ?? '') ?? [];
    if (!ranges || from === undefined) return Promise.resolve(new Response(bytes.slice()));
    return Promise.resolve(new Response(bytes.slice(Number(from), Number(to) + 1), { status: 206 }));
  });
  return { asked, facts: { url: 'maps', frames, height: 1, width: 2 } };
}

/** A piece is 2 frames; 4 frames are read at once. */
const limits = { whole: 32, piece: 16 };
const failed = (thrown: unknown) => expect.unreachable(String(thrown));

test('a small file is read once, and told when it is there', async () => {
  const { asked, facts } = file(4);
  const come = vi.fn();
  const maps = new FilmMaps(facts, come, failed, limits);
  expect(maps.now(3)).toBeNull();
  expect((await maps.get(3))?.values).toEqual(Float32Array.of(3, 0.5));
  expect(maps.now(1)?.values[0]).toBe(1);
  expect(come).toHaveBeenCalledExactlyOnceWith(0, 4);
  expect(asked).toEqual([null]);
});

test('a large file is read piece by piece, and one piece ahead', async () => {
  const { asked, facts } = file(7);
  const maps = new FilmMaps(facts, () => undefined, failed, limits);
  expect((await maps.get(5))?.values[0]).toBe(5);
  expect(maps.now(4)?.values[0]).toBe(4);
  expect((await maps.get(6))?.values[0]).toBe(6);
  expect(asked).toEqual(['bytes=32-47', 'bytes=48-55']);
});

test('an answer without ranges is cut here', async () => {
  const { facts } = file(7, false);
  const maps = new FilmMaps(facts, () => undefined, failed, limits);
  expect((await maps.get(3))?.values[0]).toBe(3);
});

test('what is not there is no map', async () => {
  const { facts } = file(4);
  const maps = new FilmMaps(facts, () => undefined, failed, limits);
  expect(maps.now(-1)).toBeNull();
  expect(maps.now(4)).toBeNull();
  expect(await maps.get(4)).toBeNull();
});

test('a file that cannot be read is told once, however often it is looked at', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })));
  const told = vi.fn();
  const maps = new FilmMaps({ url: 'maps', frames: 2, height: 1, width: 2 }, () => undefined, told, limits);
  expect(maps.now(0)).toBeNull();
  expect(await maps.get(0)).toBeNull();
  expect(maps.now(1)).toBeNull();
  expect(told).toHaveBeenCalledOnce();
});

test('a film that is left is not told of', async () => {
  vi.stubGlobal('fetch', (_: string, { signal }: RequestInit) => {
    return new Promise((_settle, fail) => signal?.addEventListener('abort', () => fail(new Error('aborted'))));
  });
  const told = vi.fn();
  const maps = new FilmMaps({ url: 'maps', frames: 2, height: 1, width: 2 }, () => undefined, told, limits);
  const asked = maps.get(0);
  maps.close();
  expect(await asked).toBeNull();
  expect(told).not.toHaveBeenCalled();
});
