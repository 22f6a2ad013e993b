import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { processStart } from '#engine/project/process-start.ts';
import { openWriter } from '#engine/video/ffmpeg/open-writer.ts';
import { sweepProcesses } from '#engine/video/ffmpeg/process-records.ts';
import { readFrames } from '#engine/video/ffmpeg/read-frames.ts';
import { killAfterStart } from '#test/support/killed-program.ts';
import { ffmpeg, quarters, tone } from '#test/support/made-films.ts';
import { openedFilm } from '#test/support/read-film.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

let cache = '';
beforeEach(async () => {
  cache = await temporaryFolder();
  vi.stubEnv('HEATLENS_CACHE', cache);
});
afterEach(() => vi.unstubAllEnvs());

/** From its sources: sharp cannot be bundled. */
const hooks = new URL('../support/typescript-hooks.mjs', import.meta.url).href;
const typescript = `data:text/javascript,import{register}from'node:module';register('${hooks}')`;

const linux = process.platform === 'linux';

/** Processes whose command line names this folder. */
function processesWith(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) && !zombie(pid);
    } catch {
      return false;
    }
  });
}
const zombie = (pid: string) => processStart(Number(pid)) === null;

async function longFilm(folder: string, frames = 500): Promise<string> {
  const path = join(folder, 'long.mp4');
  const codes = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'libmp3lame'];
  await ffmpeg(...quarters(320, 240, frames), ...tone(frames / 25), ...codes, path);
  return path;
}

describe.skipIf(!linux)('processes are counted by /proc, which only Linux has', () => {
  test('ended at 20 random moments, no process, no file and no record is left', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    // A fast machine makes 500 of these frames in half a second.
    const film = await openedFilm(await longFilm(folder, 4000));
    const size = { width: film.facts.width, height: film.facts.height };
    for (let round = 0; round < 20; round++) {
      const stop = new AbortController();
      const path = join(folder, 'out.mp4.tmp');
      const work = async () => {
        const writer = await openWriter({ path, size, rate: 'stamps', quality: 20, sound: { film } }, stop.signal);
        for await (const frame of readFrames({ film, size, rate: 'source' }, stop.signal)) {
          await writer.write(frame.pixels, frame.seconds);
        }
        await writer.finish();
      };
      const working = work().then(
        () => 'done',
        (thrown: unknown) => (thrown as Error).name,
      );
      await setTimeout(Math.random() * 600);
      stop.abort();
      const began = performance.now();
      expect(await working).toBe('AbortError');
      expect(performance.now() - began).toBeLessThan(1000);
      await vi.waitFor(() => expect(processesWith(folder)).toEqual([]), { timeout: 1000 });
      await vi.waitFor(() => expect(existsSync(path)).toBe(false), { timeout: 1000 });
    }
    // A record goes when its process has been waited for, which may be a moment after it is gone.
    await vi.waitFor(() => expect(readdirSync(join(cache, 'processes'))).toEqual([]), { timeout: 1000 });
  });

  test('a reader that is left early ends its process', async () => {
    const folder = await temporaryFolder();
    const film = await openedFilm(await longFilm(folder));
    const { signal } = new AbortController();
    for await (const frame of readFrames({ film, size: { width: 32, height: 24 }, rate: 'source' }, signal)) {
      if (frame.index === 3) break;
    }
    expect(processesWith(folder)).toEqual([]);
  });

  test('a reader that waits holds its decoder back', async () => {
    const folder = await temporaryFolder();
    const film = await openedFilm(await longFilm(folder));
    const frames = readFrames(
      { film, size: { width: 320, height: 240 }, rate: 'source' },
      new AbortController().signal,
    );
    await frames.next();
    await setTimeout(700);
    const [pid = ''] = processesWith(folder);
    // 500 frames of 225 KiB: what ffmpeg has written stands in its own account.
    const account = readFileSync(`/proc/${pid}/io`, 'utf8');
    expect(Number(/wchar: (\d+)/.exec(account)?.[1])).toBeLessThan(20 * 320 * 240 * 3);
    await frames.return({ damaged: 0 });
  });

  test('killed without a word, no process is left after five seconds', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    const film = await longFilm(folder);
    const program = join(import.meta.dirname, '../support/read-for-ever.ts');
    await killAfterStart('--import', [typescript, program, film, join(folder, 'out.mp4')], 500);
    await vi.waitFor(() => expect(processesWith(folder)).toEqual([]), { timeout: 5000, interval: 100 });
    // The next start takes what was noted of them away, and ends nothing that is not theirs.
    expect(readdirSync(join(cache, 'processes')).length).toBeGreaterThan(0);
    expect(sweepProcesses()).toEqual([]);
    expect(readdirSync(join(cache, 'processes'))).toEqual([]);
  });

  test('the sweep ends what a dead engine left, and nothing else', async () => {
    const orphan = spawn('sleep', ['60']);
    const other = spawn('sleep', ['60']);
    try {
      await mkdir(join(cache, 'processes'));
      const note = (pid: number, started: string | null, owner: object) =>
        writeFile(join(cache, 'processes', `${pid}.json`), JSON.stringify({ pid, started, ...owner }));
      const dead = { owner: 2 ** 22 + 1, ownerStarted: 'long ago' };
      await note(orphan.pid!, processStart(orphan.pid!), dead);
      // The number was given again: another process has it now.
      await note(other.pid!, 'some other time', dead);
      await note(process.pid, processStart(process.pid), {
        owner: process.pid,
        ownerStarted: processStart(process.pid),
      });
      await writeFile(join(cache, 'processes', 'torn.json'), '{"pid":');
      expect(sweepProcesses()).toEqual([orphan.pid]);
      expect(readdirSync(join(cache, 'processes'))).toEqual([`${process.pid}.json`]);
      expect(processStart(other.pid!)).not.toBeNull();
    } finally {
      orphan.kill('SIGKILL');
      other.kill('SIGKILL');
    }
  });
});
