import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { framesOf, makeFilm } from '#test/support/film-parts.ts';

// The built command line makes a film, as a person would type it.
const cli = path.resolve(import.meta.dirname, '../../out/main/cli.cjs');
let folder: string;
let film: string;

beforeAll(async () => {
  if (!existsSync(cli)) throw new Error(`${cli} is not built; run \`npm run build\` first`);
  folder = await mkdtemp(path.join(tmpdir(), 'heatlens-cli-video-'));
  film = path.join(folder, 'film.mp4');
  await makeFilm(film, { frames: 60, sound: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(...args: string[]) {
  const env = { ...process.env, HEATLENS_PROJECT: path.join(folder, 'project'), TMPDIR: folder };
  const child = spawn(process.execPath, [cli, 'video', ...args], { cwd: folder, env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return { child, ended, out: () => out };
}

test('a film beside its heat-map, with its sound, its frames as CSV, and nobody’s project touched', async () => {
  const settings = ['--class', 'tabby', '--layout', 'overlay', '--every', '4', '--bar', '--to', '1'];
  const { ended } = start(film, '--out', 'x.mp4', '--frames', 'x.csv', '--json', ...settings);
  const { code, out, err } = await ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const value = JSON.parse(out) as Record<string, number | string>;
  expect(value).toMatchObject({ frames: 25, height: 120, audio: 're-encoded', file: 'x.mp4' });
  expect(value['fps']).toBeCloseTo(25, 2);
  expect(value['framesPerSecond']).toBeGreaterThan(0);
  const frames = await framesOf(path.join(folder, 'x.mp4'), 'null');
  expect(frames.length).toBe(25 * 120 * Number(value['width']) * 3);
  const rows = (await readFile(path.join(folder, 'x.csv'), 'utf8')).trim().split('\n');
  expect(rows.length).toBe(26);
  expect((await readdir(folder)).sort()).toEqual(['film.mp4', 'x.csv', 'x.mp4']);
}, 120_000);

test('Ctrl-C ends it soon and leaves nothing', async () => {
  const { child, ended, out } = start(film, '--out', 'y.mp4', '--jsonl', '--method', 'occlusion');
  while (!out().includes('"frames"') && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const asked = performance.now();
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  expect(performance.now() - asked).toBeLessThan(process.env['CI'] ? 10_000 : 5000);
  expect((await readdir(folder)).filter((name) => !/^(film|x)\./.test(name))).toEqual([]);
}, 120_000);

test.each([
  { args: ['nothing.mp4', '--out', 'z.mp4'], code: 1, words: 'nothing.mp4' },
  { args: ['film.mp4', '--out', 'nowhere/z.mp4'], code: 1, words: 'no such folder' },
  { args: ['film.mp4', '--out', 'z.mp4', '--class', 'no such class'], code: 1, words: 'no such class' },
  { args: ['film.mp4', '--out', 'z.mp4', '--fps', 'fast'], code: 2, words: 'source' },
  { args: ['film.mp4'], code: 2, words: '--out' },
])(
  '$args is refused with $code',
  async ({ args, code, words }) => {
    const result = await start(...args).ended;
    expect(result).toMatchObject({ code, err: expect.stringContaining(words) });
  },
  60_000,
);
