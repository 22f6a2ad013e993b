import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadBackend } from '#engine/backend/load.ts';
import { filmRunner } from '#engine/video/run/run-film.ts';
import { learnedOnDark, makeFilm, openedFilm, settingsOf, zooModels } from '#test/support/film-parts.ts';

// HEATLENS_LONG: 20 minutes, 30,000 frames.
const long = Boolean(process.env['HEATLENS_LONG']);
const frames = long ? 30_000 : 2_000;
const early = long ? 3_000 : 500;

/** What ffmpeg's processes that this one started have in memory; 0 where there is no /proc. */
function programsMegabytes(): number {
  const pids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids
    .map((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const own = new RegExp(`^Name:\\s+ffmpeg[^]*^PPid:\\s+${process.pid}$`, 'm').test(status);
        return own ? Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1000 : 0;
      } catch {
        return 0; // it has ended meanwhile
      }
    })
    .reduce((sum, each) => sum + each, 0);
}

test(`memory is level over ${frames} frames`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heatlens-memory-'));
  await loadBackend('tensorflow', { compiled: true });
  const models = zooModels();
  try {
    const path = join(folder, 'film.mp4');
    await makeFilm(path, { frames, size: long ? '640x272' : '160x120' });
    await mkdir(join(folder, 'made'));
    await mkdir(join(folder, 'answers'));
    const marks: { done: number; engine: number; programs: number }[] = [];
    const tell = ({ done }: { done: number }) =>
      marks.push({ done, engine: process.memoryUsage.rss() / 1e6, programs: programsMegabytes() });
    const settings = settingsOf({ every: long ? 4 : 16 });
    const asked = {
      film: await openedFilm(path),
      settings,
      folder: join(folder, 'made'),
      answers: join(folder, 'answers'),
    };
    const going = filmRunner({ models, predictor: { learnedOnDark } });
    const made = await going(asked, tell, new AbortController().signal);
    expect(made.frames).toEqual({ in: frames, out: frames });
    // What lies around uncollected comes and goes: the least of each quarter is what is held.
    if (process.platform === 'linux') expect(Math.max(...marks.map(({ programs }) => programs))).toBeGreaterThan(10);
    for (const whose of ['engine', 'programs'] as const) {
      const least = (from: number, to: number) =>
        Math.min(...marks.filter(({ done }) => done >= from && done <= to).map((mark) => mark[whose]));
      const [before, after] = [least(early, 2 * early), least(frames - early, frames - 100)];
      const said = `${whose}: ${before.toFixed(0)} MB, then ${after.toFixed(0)} MB`;
      if (long) console.log(said);
      expect(after - before, said).toBeLessThan(40);
    }
  } finally {
    models.dispose();
    await rm(folder, { recursive: true });
  }
}, 1_800_000);
