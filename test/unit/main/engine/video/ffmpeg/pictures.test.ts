import { describe, expect, test } from 'vitest';
import { framePlaces, rowOf } from '#engine/video/ffmpeg/pictures.ts';

describe('rows of numbered pictures', () => {
  test.each([
    ['shot-001.png', 'shot-#.png'],
    ['shot-12.PNG', 'shot-#.png'],
    ['take2 frame0003 final.jpg', 'take2 frame# final.jpg'],
    ['0.webm', null],
    ['0.gif', null],
    ['portrait.png', null],
  ])('%s belongs to %s', (name, key) => expect(rowOf(name)?.key ?? null).toBe(key));
});

describe('which picture is shown when', () => {
  const places = (...[count, rate, from, to]: Parameters<typeof framePlaces>) => [
    ...framePlaces(count, rate, from, to),
  ];

  test('25 a second as they are', () => {
    expect(places(3, 'source', 0, Infinity)).toEqual([
      { file: 0, seconds: 0 },
      { file: 1, seconds: 0.04 },
      { file: 2, seconds: 0.08 },
    ]);
  });

  test('at a higher rate each is repeated, at a lower some are left out', () => {
    expect(places(3, 50, 0, Infinity).map(({ file }) => file)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(places(6, 12.5, 0, Infinity).map(({ file }) => file)).toEqual([0, 2, 4]);
  });

  test('a part', () => {
    expect(places(10, 'source', 0.08, 0.16).map(({ file }) => file)).toEqual([2, 3]);
    expect(places(10, 'source', 5, Infinity)).toEqual([]);
  });
});
