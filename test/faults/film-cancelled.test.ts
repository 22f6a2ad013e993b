import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Film } from '#contract/video.ts';
import { loadBackend } from '#engine/backend/load.ts';
import type { Models } from '#engine/predict/models.ts';
import { filmRunner } from '#engine/video/run/run-film.ts';
import { learnedOnDark, makeFilm, openedFilm, settingsOf, zooModels } from '#test/support/film-parts.ts';

// A film is cancelled at moments that nobody chose. HEATLENS_LONG tries more of them.
const moments = process.env['HEATLENS_LONG'] ? 20 : 4;
let folder: string;
let models: Models;
let film: Film;

beforeAll(async () => {
  await loadBackend('tensorflow', { compiled: true });
  folder = await mkdtemp(join(tmpdir(), 'heatlens-cancel-'));
  models = zooModels();
  const path = join(folder, 'film.mp4');
  await makeFilm(path, { frames: 400, size: '320x240', sound: true });
  film = await openedFilm(path);
  // The first batch of a model compiles its graph, a native call that nothing breaks off: it is over before the trials.
  const [own, answers] = [join(folder, 'first'), join(folder, 'first-answers')];
  await Promise.all([mkdir(own), mkdir(answers)]);
  const asked = { film, settings: settingsOf({ to: 0.4 }), folder: own, answers };
  await filmRunner({ models, predictor: { learnedOnDark } })(asked, () => undefined, new AbortController().signal);
});
afterAll(async () => {
  models.dispose();
  await rm(folder, { recursive: true });
});

/** Programs that this process, or one of its threads, started and that have not ended. */
function programs(): string[] {
  const lines = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return lines.flatMap((pid) => {
    try {
      const [, name = '', parent] = /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return Number(parent) === process.pid && /^(ffmpeg|ffprobe|setpriv)/.test(name) ? [`${pid} ${name}`] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

test.each(Array.from({ length: moments }, (_, n) => n))(
  'cancelled within a second, without a process or a file left (%i)',
  async (n) => {
    const own = join(folder, String(n));
    const answers = join(folder, `answers-${n}`);
    await Promise.all([mkdir(own), mkdir(answers)]);
    const ending = new AbortController();
    const settings = settingsOf(n % 2 === 0 ? {} : { scale: 'two-pass' });
    let done = 0;
    const going = filmRunner({ models, predictor: { learnedOnDark } })(
      { film, settings, folder: own, answers },
      (progress) => (done = progress.done),
      ending.signal,
    );
    going.catch(() => undefined);
    const wait = Math.round(Math.random() * 3000);
    await new Promise((resolve) => setTimeout(resolve, wait));
    const asked = performance.now();
    ending.abort();
    await expect(going, `after ${wait} ms, ${done} frames`).rejects.toMatchObject({ name: 'AbortError' });
    // A network that computes a batch is not broken off: on a machine that others use too, that may take a little longer.
    expect(performance.now() - asked, `after ${wait} ms, ${done} frames`).toBeLessThan(process.env['CI'] ? 2000 : 1000);
    await expect.poll(programs, { timeout: process.env['CI'] ? 3000 : 1000 }).toEqual([]);
    expect(await readdir(own)).toEqual([]);
  },
  60_000,
);
