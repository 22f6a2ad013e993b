import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Augmentation } from '#contract/augmentation.ts';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { writePair } from '#test/support/idx-files.ts';
import { programAgrees, stepsAgree } from '#test/support/compared-program.ts';
import { findKeras } from '#test/support/live-keras.ts';
import { photoFolder } from '#test/support/photo-folder.ts';
import { addProgramNetworks, programCases } from '#test/support/program-cases.ts';
import { compiles, programProject, readCsv, runPython } from '#test/support/program-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const { python, reason } = findKeras();
if (reason) console.log(`Programs are not run: ${reason}.`);
const left = reason ? ` (skipped: ${reason})` : '';
let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('tensorflow');
  addProgramNetworks();
});

const driver = path.join(import.meta.dirname, 'run-programs.py');

test.skipIf(reason)(
  `programs lose as their runs did, from the beginning and from where they stood${left}`,
  async () => {
    const { trainer, ended, program } = await programProject(backend);
    const folder = await temporaryFolder();
    const jobs: { folder: string; arguments: string[] }[] = [];
    const cases: { what: string; run: RunDetail; file: string }[] = [];
    for (const [place, [what, settings]] of programCases.entries()) {
      const { id } = await trainer.start({ ...settings, name: what });
      await trainer.stop(id, 'epoch-end');
      await ended(id);
      const { file, notes } = await program({ model: id, path: path.join(folder, String(place)) });
      expect(notes.join(' ')).not.toMatch(/left out|masks/);
      expect(compiles(python ?? '', file, ['train.py', 'network.py', 'images.py', 'classes.py', 'launch.py'])).toBe('');
      await trainer.continue(id);
      const run = await ended(id);
      expect(run.state).toBe('done');
      cases.push({ what, run, file });
      for (const args of [
        ['--check'],
        ['--out', path.join(file, 'whole')],
        ['--resume', '--out', path.join(file, 'rest')],
      ]) {
        jobs.push({ folder: file, arguments: args });
      }
    }
    await writeFile(path.join(folder, 'jobs.json'), JSON.stringify(jobs));
    const words = await runPython(python ?? '', folder, [driver, path.join(folder, 'jobs.json')], 400);
    expect(words.match(/32 of 32 images with the same class/g)).toHaveLength(2 * programCases.length);
    for (const { what, run, file } of cases) {
      programAgrees(run, path.join(file, 'whole'), `${what}, whole`);
      programAgrees(run, path.join(file, 'rest'), `${what}, rest`, 2);
    }
  },
  500_000,
);

test.skipIf(reason)(
  `two workers on the loopback lose as the run did, the last batch of an odd size among them${left}`,
  async () => {
    const { trained, program } = await programProject(backend);
    const [, settings] = programCases[0]!;
    // Gradients are clipped as a whole, wherever their parts come from.
    const optimizer = { ...settings.optimizer, globalClipNorm: 0.5 };
    const run = await trained({ ...settings, optimizer, batchSize: 29, name: 'two workers' });
    expect(run.batches.map(({ batches }) => batches)).toContain(4); // 90 images: three batches of 29, one of 3
    const { file } = await program({ model: run.id, kept: false });
    const before = await workersOf(file);
    expect(before).toEqual([]);
    await runPython(python ?? '', file, ['launch.py', '--workers', '2'], 200);
    expect(await workersOf(file)).toEqual([]);
    const steps = readCsv(path.join(file, 'out', 'steps.csv'));
    expect(steps.map(({ images }) => images)).toEqual([29, 29, 29, 3, 29, 29, 29, 3]);
    stepsAgree(run, path.join(file, 'out'), 'two workers');
    const history = readCsv(path.join(file, 'out', 'history.csv'));
    for (const [at, row] of history.entries()) {
      expect(row['val_loss']).toBeCloseTo(run.history[at]!.valLoss!, 3);
      expect(row['auc']).toBeCloseTo(run.history[at]!.metrics!['auc']!, 2);
    }
  },
  300_000,
);

test.skipIf(reason)(
  `a worker that ends takes the other with it${left}`,
  async () => {
    const { trained, program } = await programProject(backend);
    const run = await trained({ ...programCases[2]![1], epochs: 1, name: 'ends' });
    const { file } = await program({ model: run.id, first: false, kept: false });
    await expect(
      runPython(python ?? '', file, ['launch.py', '--workers', '2', '--', '--weights', 'missing.keras'], 200),
    ).rejects.toThrow(/missing\.keras/);
    expect(await workersOf(file)).toEqual([]);
  },
  300_000,
);

const pictures = findKeras('PIL');
if (pictures.reason) console.log(`Programs do not read pictures: ${pictures.reason}.`);

/** Every op, at random. */
const allOps: Augmentation = {
  ops: [
    { op: 'flip-left-right' },
    { op: 'flip-up-down', probability: 0.3 },
    { op: 'rotation', degrees: 20 },
    { op: 'shift', width: 0.1, height: 0.2 },
    { op: 'shear', degrees: 10, probability: 0.5 },
    { op: 'zoom', low: 0.8, high: 1.2, together: true },
    { op: 'random-crop', padding: 2 },
    { op: 'crop-and-resize', least: 0.6, most: 1 },
    { op: 'brightness', delta: 0.2 },
    { op: 'contrast', low: 0.8, high: 1.2 },
    { op: 'saturation', low: 0.5, high: 1.5 },
    { op: 'hue', delta: 0.1 },
    { op: 'channel-shift', range: 20 },
  ],
  ...{ fill: 'reflect', fillValue: 0, interpolation: 'bilinear' },
};

test.skipIf(pictures.reason)(
  `programs read the data set’s own files, and change images at random${pictures.reason ? ` (skipped: ${pictures.reason})` : ''}`,
  async () => {
    const { trained, program, imports } = await programProject(backend);
    const folder = await temporaryFolder();
    const labels = Array.from({ length: 40 }, (_, image) => (image * 7) % 3);
    await writePair(folder, { count: 40, shape: [8, 6, 3], labels, gzip: true });
    const idx = await imports.whole({ paths: [folder], options: {} });
    const photos = await photoFolder({ 'it\'s a "cat"': 12, 'dög \\': 11 });
    const form = { height: 6, width: 8, channels: 3, fit: 'crop' } as const;
    const pictures = await imports.whole({ paths: [photos], options: { form } });
    const wanted: Partial<TrainingSettings> = { preset: 'program-colours', epochs: 1, limitTest: 5, pixels: 'caffe' };
    const [, plain] = programCases[2]!;
    const { limitTrain: _, classWeights: __, ...settings } = { ...plain, ...wanted };
    const cases = [
      { ...settings, dataset: idx.id, name: 'idx' },
      { ...settings, dataset: pictures.id, name: 'pictures' },
      { ...settings, dataset: idx.id, name: 'random', augmentation: allOps },
    ];
    const jobs: { folder: string; arguments: string[] }[] = [];
    const runs: RunDetail[] = [];
    for (const each of cases) {
      const run = await trained(each);
      runs.push(run);
      const { file } = await program({ model: run.id, images: 'by-path', path: path.join(folder, each.name) });
      expect(await readdir(path.join(file, 'data'))).not.toContain('train-images.npy');
      jobs.push({ folder: file, arguments: ['--check'] }, { folder: file, arguments: [] });
    }
    await writeFile(path.join(folder, 'jobs.json'), JSON.stringify(jobs));
    const words = await runPython(python ?? '', folder, [driver, path.join(folder, 'jobs.json')], 200);
    expect(words.match(/32 of 32 images with the same class/g)).toHaveLength(6);
    for (const [place, { name }] of cases.entries()) {
      const out = path.join(folder, name, 'out');
      if (name !== 'random') {
        stepsAgree(runs[place]!, out, name);
        continue;
      }
      const steps = readCsv(path.join(out, 'steps.csv'));
      expect(steps.length).toBe(runs[place]!.batches.length);
      expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
      expect(steps[0]!['loss']).not.toBeCloseTo(runs[0]!.batches[0]!.loss, 4);
    }
  },
  300_000,
);

/** Processes that run a program of this folder. */
async function workersOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes(folder)) found.push(words);
  }
  return found;
}
