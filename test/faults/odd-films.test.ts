import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import type { Film } from '#contract/video.ts';
import { probeFilm } from '#engine/video/ffmpeg/probe.ts';
import { readFrames } from '#engine/video/ffmpeg/read-frames.ts';
import type { Frame } from '#engine/video/stages.ts';
import { oddFilms, type Expected } from '#test/support/odd-films.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const { signal } = new AbortController();

async function opened(path: string): Promise<Film> {
  const facts = await probeFilm(path, signal);
  return { id: 'film', name: 'film', path, size: 1, opened: '2026-11-21T12:00:00Z', facts };
}

async function allFrames(film: Film): Promise<{ frames: Frame[]; damaged: number }> {
  const { width, height } = film.facts;
  const reading = readFrames({ film, size: { width, height }, rate: 'source' }, signal);
  const frames: Frame[] = [];
  for (;;) {
    const next = await reading.next();
    if (next.done) return { frames, damaged: next.value.damaged };
    frames.push(next.value);
  }
}

const codeOf = (thrown: unknown) => (thrown instanceof AppError ? thrown.code : thrown);

function quartersOf({ pixels }: Frame, { width, height }: { width: number; height: number }): number[][] {
  const at = (x: number, y: number) => {
    const place = 3 * (Math.floor(y * height) * width + Math.floor(x * width));
    return [...pixels.subarray(place, place + 3)];
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
}

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
    const differences = quartersOf(frame!, film.facts).flatMap((colour, quarter) =>
      colour.map((value, channel) => Math.abs(value - (colours[quarter]?.[channel] ?? 0))),
    );
    expect(Math.max(...differences), JSON.stringify(quartersOf(frame!, film.facts))).toBeLessThanOrEqual(
      expected.slack ?? 8,
    );
  }
}

describe('each odd film is read as it is meant, or gets its one sentence', () => {
  test.each(oddFilms)('$name', { timeout: 60_000 }, async ({ name, make, expected }) => {
    const folder = await temporaryFolder();
    const path = (await make(folder, name)) ?? join(folder, name);
    if ('probing' in expected) {
      expect(await opened(path).catch(codeOf)).toBe(expected.probing);
      return;
    }
    const film = await opened(path);
    if ('reading' in expected) {
      expect(await allFrames(film).catch(codeOf)).toBe(expected.reading);
      return;
    }
    const { frames, damaged } = await allFrames(film);
    expectFilm(film, frames, expected);
    expect(damaged > 0).toBe(expected.damaged ?? false);
  });
});
