import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import type { Film } from '#contract/video.ts';
import type { Frame } from '#engine/video/stages.ts';
import { oddFilms, type Expected } from '#test/support/odd-films.ts';
import { allFrames, furthest, openedFilm, quartersOf } from '#test/support/read-film.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const codeOf = (thrown: unknown) => (thrown instanceof AppError ? thrown.code : thrown);

function expectFilm(film: Film, frames: Frame[], expected: Expected): void {
  const { width, height } = film.facts;
  expect({ width, height, frames: film.facts.frames }).toEqual({
    ...{ width: expected.width, height: expected.height, frames: expected.told },
  });
  expect(film.facts.notes.map(({ kind }) => kind)).toEqual(expected.notes);
  expect(frames.length).toBe(expected.frames);
  expect(frames.map(({ index }) => index)).toEqual(frames.map((_, index) => index));
  const times = expected.times ?? frames.map((_, index) => index / 25);
  for (const [index, time] of times.entries())
    expect(Math.abs((frames[index]?.seconds ?? -1) - time)).toBeLessThan(0.001);
  expect(film.facts.rotation).toBe(expected.rotation ?? 0);
  const ends = [
    { frame: frames[0], colours: expected.quarters },
    { frame: frames.at(-1), colours: expected.last ?? expected.quarters },
  ];
  for (const { frame, colours } of ends) {
    expect(frame?.pixels.length).toBe(3 * width * height);
    const found = quartersOf(frame!, film.facts);
    expect(furthest(found, colours), JSON.stringify(found)).toBeLessThanOrEqual(expected.slack ?? 8);
  }
}

describe('each odd film is read as it is meant, or gets its one sentence', () => {
  test.each(oddFilms)('$name', { timeout: 60_000 }, async ({ name, make, expected }) => {
    const folder = await temporaryFolder();
    const path = (await make(folder, name)) ?? join(folder, name);
    if ('probing' in expected) {
      expect(await openedFilm(path).catch(codeOf)).toBe(expected.probing);
      return;
    }
    const film = await openedFilm(path);
    if ('reading' in expected) {
      expect(await allFrames(film).catch(codeOf)).toBe(expected.reading);
      return;
    }
    const { frames, damaged } = await allFrames(film);
    expectFilm(film, frames, expected);
    expect(damaged > 0).toBe(expected.damaged ?? false);
  });
});
