import { expect, test, vi } from 'vitest';
import { Scrubbing } from '#features/film/player/scrubbing.svelte.ts';
import type { FilmPlayer } from '#state/film-player.svelte.ts';

function world(playing: boolean) {
  const player = { playing, play: vi.fn(), pause: vi.fn(), seek: vi.fn() };
  let held = false;
  const currentTarget = { setPointerCapture: () => (held = true), hasPointerCapture: () => held };
  const at = (x: number, button = 0) => ({ clientX: x, button, currentTarget }) as never;
  const scrubbing = new Scrubbing(
    () => player as unknown as FilmPlayer,
    ({ clientX }) => clientX / 10,
  );
  return { player, scrubbing, at };
}

test('a film that plays rests while a pointer draws it along, and then goes on', () => {
  const { player, scrubbing, at } = world(true);
  scrubbing.down(at(20));
  scrubbing.move(at(30));
  expect(player.pause).toHaveBeenCalledOnce();
  expect(player.seek.mock.calls).toEqual([[2], [3]]);
  expect(player.play).not.toHaveBeenCalled();
  scrubbing.up();
  scrubbing.up();
  expect(player.play).toHaveBeenCalledOnce();
});

test('a film that rested rests on; a pointer that only passes moves nothing', () => {
  const { player, scrubbing, at } = world(false);
  scrubbing.move(at(50));
  expect([scrubbing.hover, player.seek.mock.calls]).toEqual([5, []]);
  scrubbing.leave();
  expect(scrubbing.hover).toBeNull();
  scrubbing.down(at(10, 2));
  expect(player.seek).not.toHaveBeenCalled();
  scrubbing.down(at(10), 4);
  scrubbing.up();
  expect([player.seek.mock.calls, player.play.mock.calls]).toEqual([[[4]], []]);
});
