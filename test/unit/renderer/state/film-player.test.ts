import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { FilmFrames, FilmResult } from '#contract/video.ts';
import type { Link } from '#page-link/index.ts';
import { FilmPlayer } from '#state/film-player.svelte.ts';

/** Ten frames at 10 a second; another class on top from the fifth on. */
const frames: FilmFrames = {
  seconds: Array.from({ length: 10 }, (_, frame) => frame / 10),
  class: Array.from({ length: 10 }, (_, frame) => (frame < 4 ? 1 : 2)),
  probability: Array.from({ length: 10 }, () => 0.5),
  maximum: Array.from({ length: 10 }, () => 1),
  topClass: Array.from({ length: 50 }, (_, at) => (at % 5 === 0 ? (at < 20 ? 1 : 2) : -1)),
  topProbability: Array.from({ length: 50 }, () => 0.5),
  labels: { 1: 'cat', 2: 'dog' },
};

const result = {
  ...{ id: 'made', maps: { height: 1, width: 1 }, frames: { in: 10, out: 10 } },
  settings: { colours: 'jet', opacity: 0.3, class: 'top' },
} as unknown as FilmResult;

const drive = { play: vi.fn(), pause: vi.fn(), seek: vi.fn() };
let player: FilmPlayer;

beforeEach(async () => {
  vi.clearAllMocks();
  const link = { engine: { video: { frames: () => Promise.resolve(frames) } } } as unknown as Link;
  player = new FilmPlayer(link, result, (thrown) => expect.unreachable(String(thrown)));
  player.attach(drive, 0);
  await player.load();
  player.shown(0.05);
  drive.seek.mockClear();
});

const soughtAt = () => drive.seek.mock.lastCall?.[0] as number;

/** The picture that was sought comes. */
function come() {
  player.shown(soughtAt());
}

describe('stepping', () => {
  test('goes to the middle of the next frame’s time, and stops', () => {
    player.play();
    player.step(1);
    expect(player.playing).toBe(false);
    expect(soughtAt()).toBeCloseTo(0.15);
    come();
    expect(player.frame).toBe(1);
  });

  test('many steps before a picture came are all counted', () => {
    player.step(1);
    player.step(1);
    player.step(1);
    come();
    expect(player.frame).toBe(3);
  });

  test('stays within the film', () => {
    player.step(-1);
    come();
    expect(player.frame).toBe(0);
    player.go(99);
    come();
    expect(player.frame).toBe(9);
  });

  test('a film whose clock begins later is sought later', () => {
    player.attach(drive, 1.4);
    player.step(1);
    expect(soughtAt()).toBeCloseTo(1.55);
  });

  test('a copy of a part begins where the part does', async () => {
    const part = { ...frames, seconds: frames.seconds.map((seconds) => seconds + 60) };
    const link = { engine: { video: { frames: () => Promise.resolve(part) } } } as unknown as Link;
    const copied = new FilmPlayer(link, { ...result, source: 'copy' }, (thrown) => expect.unreachable(String(thrown)));
    copied.attach(drive, 0);
    await copied.load();
    copied.step(2);
    expect(soughtAt()).toBeCloseTo(0.25);
    copied.play();
    copied.shown(0.31);
    expect([copied.frame, copied.seconds]).toEqual([3, 60.3]);
  });

  test('a second on, and no further than the film goes', () => {
    player.skip(0.3);
    come();
    expect(player.frame).toBe(3);
    player.skip(1);
    come();
    expect(player.frame).toBe(9);
    player.skip(-1);
    come();
    expect(player.frame).toBe(0);
  });

  test('frames that the film made repeats are told apart, though the picture is one', () => {
    player.go(7);
    // The picture of a source with fewer frames begins earlier.
    player.shown(0.6);
    expect(player.frame).toBe(7);
  });

  test('from one change of the top class to the next', () => {
    expect([player.canChange(1), player.canChange(-1)]).toEqual([true, false]);
    player.change(1);
    come();
    expect(player.frame).toBe(4);
    expect(player.top[0]?.label).toBe('dog');
    player.change(1);
    expect(player.canChange(1)).toBe(false);
  });
});

describe('playing', () => {
  test('the frame is that of the picture', () => {
    player.play();
    expect(player.shown(0.3001)).toBe(true);
    expect(player.frame).toBe(3);
  });

  test('ends at the last frame and begins again from the first', () => {
    player.play();
    expect(player.shown(1.2)).toBe(false);
    expect(player.playing).toBe(false);
    expect(soughtAt()).toBeCloseTo(0.95);
    come();
    player.play();
    expect(soughtAt()).toBeCloseTo(0.05);
  });

  test('over and over between two frames, none beyond is seen', () => {
    player.go(2);
    come();
    player.mark('from');
    player.go(5);
    come();
    player.mark('to');
    expect(player.loop).toBe(true);
    player.play();
    expect(soughtAt()).toBeCloseTo(0.25);
    come();
    expect(player.shown(0.55)).toBe(true);
    expect(player.shown(0.6)).toBe(false);
    expect(player.playing).toBe(true);
    expect(soughtAt()).toBeCloseTo(0.25);
  });

  test('an end before the beginning is no stretch: the older mark goes', () => {
    player.go(5);
    come();
    player.mark('from');
    player.go(2);
    come();
    player.mark('to');
    expect([player.from, player.to]).toEqual([null, 2]);
    player.mark('to');
    expect(player.to).toBeNull();
  });

  test('faster and slower along the list, not past its ends', () => {
    player.hurry(1);
    expect(player.speed).toBe(1.25);
    for (let i = 0; i < 9; i++) player.hurry(-1);
    expect(player.speed).toBe(0.1);
  });
});

test('it begins as the film was made', () => {
  expect([player.colours, player.opacity, player.muted, player.speed]).toEqual(['jet', 0.3, true, 1]);
});
