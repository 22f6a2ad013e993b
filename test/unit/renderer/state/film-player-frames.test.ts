import { describe, expect, test } from 'vitest';
import {
  changeBeside,
  changesOf,
  clock,
  endOf,
  frameAt,
  middleOf,
  oftenOnTop,
  probabilitiesOf,
  rankedAt,
} from '#state/film-player-frames.ts';

/** Uneven, as telephones film. */
const uneven = [0, 0.08, 0.1, 0.3, 0.34];

describe('the frame shown at a time', () => {
  test.each([
    ['at its own time', 0.1, 2],
    ['just before it, as clocks round', 0.0995, 2],
    ['well before it', 0.09, 1],
    ['within a long frame', 0.25, 2],
    ['before the film begins', -1, 0],
    ['after it ended', 9, 4],
  ])('%s', (_, time, frame) => expect(frameAt(uneven, time)).toBe(frame));

  test('no frames, no frame', () => expect(frameAt([], 1)).toBe(-1));

  test('of a film of an hour, every frame is found at its middle', () => {
    const seconds = Float64Array.from({ length: 90_000 }, (_, i) => i / 25);
    for (const frame of [0, 1, 4_999, 45_000, 89_998, 89_999]) {
      expect(frameAt(seconds, middleOf(seconds, frame))).toBe(frame);
    }
  });

  test('uneven frames are found at their middles, the last one as long as the one before', () => {
    expect(uneven.map((_, frame) => frameAt(uneven, middleOf(uneven, frame)))).toEqual([0, 1, 2, 3, 4]);
    expect(endOf(uneven, 4)).toBeCloseTo(0.38, 9);
  });

  test('a single frame has a length', () => expect(endOf([2], 0)).toBeGreaterThan(2));
});

/** Five a frame. */
const topClass = [...[3, 1, 2, 4, 5], ...[3, 2, 1, 4, 5], ...[1, 3, 2, 4, 5], ...[1, 3, 2, 4, 5], ...[3, 1, 2, 4, 5]];
const topProbability = topClass.map((_, at) => [0.5, 0.2, 0.15, 0.1, 0.05][at % 5] ?? 0);
const frames = { topClass, topProbability, class: [3, 7, 1, 1, 3], probability: [0.5, 0.01, 0.5, 0.5, 0.5] };

describe('the top class', () => {
  test('where it changes', () => expect(changesOf(frames)).toEqual([2, 4]));

  test.each([
    [0, 1, 2],
    [2, 1, 4],
    [4, 1, null],
    [4, -1, 2],
    [2, -1, null],
  ] as const)('from frame %i, way %i: %s', (frame, way, found) => {
    expect(changeBeside([2, 4], frame, way)).toBe(found);
  });

  test('those most often on top come first, and one that is asked for before all', () => {
    expect(oftenOnTop(frames, 3)).toEqual([3, 1, 2]);
    expect(oftenOnTop(frames, 3, 7)).toEqual([7, 3, 1]);
  });

  test('places left empty by a network of two classes are no class', () => {
    const two = { topClass: [1, 0, -1, -1, -1], topProbability: [0.6, 0.4, 0, 0, 0] };
    expect(oftenOnTop(two, 5)).toEqual([1, 0]);
    expect(rankedAt({ ...two, labels: { 0: 'cat', 1: 'dog' } }, 0).map(({ label }) => label)).toEqual(['dog', 'cat']);
  });

  test('its probability is known among the five, and where the heat was for it', () => {
    expect([...probabilitiesOf(frames, 1)]).toEqual([0.2, 0.15, 0.5, 0.5, 0.2]);
    expect([...probabilitiesOf(frames, 7)]).toEqual([NaN, 0.01, NaN, NaN, NaN]);
  });
});

test.each([
  [0, 2, '0:00.00'],
  [3.2, 2, '0:03.20'],
  [59.999, 2, '1:00.00'],
  [61.5, 2, '1:01.50'],
  [3723.04, 2, '1:02:03.04'],
  [4, 0, '0:04'],
  [65.4, 0, '1:05'],
] as const)('%f s with %i decimals reads %s', (seconds, decimals, text) => {
  expect(clock(seconds, decimals)).toBe(text);
});
