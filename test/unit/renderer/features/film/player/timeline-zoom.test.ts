import { expect, test } from 'vitest';
import { TimelineZoom } from '#features/film/player/timeline-zoom.svelte.ts';
import type { FilmPlayer } from '#state/film-player.svelte.ts';

function world() {
  const player = { start: 0, end: 10, seconds: 5, playing: false };
  const zoom = new TimelineZoom(() => player as FilmPlayer);
  return { player, zoom };
}

test('all is shown until somebody goes nearer, to the place that is shown', () => {
  const { zoom } = world();
  expect([zoom.range, zoom.near, zoom.short]).toEqual([{ from: 0, to: 10 }, false, false]);
  zoom.by(0.5);
  expect([zoom.range, zoom.near, zoom.short]).toEqual([{ from: 2.5, to: 7.5 }, true, true]);
  zoom.by(2);
  expect([zoom.range, zoom.near]).toEqual([{ from: 0, to: 10 }, false]);
});

test('a film that is played on leaves no zoomed stretch, one that rests does', () => {
  const { player, zoom } = world();
  zoom.by(0.2);
  player.seconds = 9;
  zoom.follow();
  expect(zoom.range).toEqual({ from: 4, to: 6 });
  player.playing = true;
  zoom.follow();
  expect(zoom.range.from).toBeLessThanOrEqual(9);
  expect(zoom.range.to).toBeGreaterThanOrEqual(9);
});

test.each([
  ['+', {}, true],
  ['+', { ctrlKey: true }, false],
  ['a', {}, false],
])('the key %s with %o is %s its own', (name, held, own) => {
  const { zoom } = world();
  let kept = false;
  const stop = { preventDefault: () => (kept = true), stopPropagation: () => undefined };
  const event = { key: name, ctrlKey: false, metaKey: false, altKey: false, ...held, ...stop };
  zoom.key(event as unknown as KeyboardEvent);
  expect([zoom.near, kept]).toEqual([own, own]);
});
