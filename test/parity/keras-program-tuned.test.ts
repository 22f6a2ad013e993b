import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import { loadBackend, type Backend } from '#engine/backend/load.ts';
import { programAgrees } from '#test/support/compared-program.ts';
import { findKeras } from '#test/support/live-keras.ts';
import { compiles, programProject, runPython } from '#test/support/program-project.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { twoPhotoFolders } from '#test/support/two-photo-folders.ts';

const { python, reason } = findKeras('PIL');
if (reason) console.log(`Programs of fine-tuned runs are not run: ${reason}.`);
const left = reason ? ` (skipped: ${reason})` : '';
let backend: Backend;
beforeAll(async () => {
  backend = await loadBackend('tensorflow');
});

const driver = path.join(import.meta.dirname, 'run-programs.py');

const settings: Omit<TrainingSettings, 'dataset'> = {
  preset: 'efficientnet-lite0',
  epochs: 2,
  batchSize: 8,
  optimizer: { name: 'adam', learningRate: 0.01 },
  seed: 3,
  validation: { amount: { count: 6 }, pick: 'stratified' },
};
const base = 'efficientnet-lite0';

/** Without dropout in the head, whose masks nobody else draws. */
const cases: readonly (readonly [what: string, more: Partial<TrainingSettings>])[] = [
  [
    'a new head on features that are kept',
    {
      ...{ fineTuning: { base, head: 'global-average', unfreeze: 0 }, classWeights: 'balanced' },
      optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9 },
    },
  ],
  [
    'the last two blocks, L2 on frozen kernels too, cosine',
    {
      ...{ fineTuning: { base, head: 'flatten', unfreeze: 2 }, optimizer: { name: 'adam', learningRate: 0.001 } },
      ...{ regularizer: { l1: 0, l2: 1e-4 }, schedule: { kind: 'cosine', floor: 0 } },
    },
  ],
  [
    'every block, no features kept',
    {
      fineTuning: { base, head: 'global-max', unfreeze: 'all', reuseFeatures: false },
      optimizer: { name: 'sgd', learningRate: 0.001, momentum: 0.9 },
    },
  ],
];

test.skipIf(reason)(
  `programs of fine-tuned runs freeze what was frozen and lose as their runs did, from the beginning and from where they stood${left}`,
  async () => {
    const { trainer, ended, program, imports, trained } = await programProject(backend);
    const folder = await temporaryFolder();
    const paths = await twoPhotoFolders(folder, 15);
    const form = { height: 64, width: 64, channels: 3, fit: 'crop' } as const;
    const { id: dataset } = await imports.whole({ paths, options: { form } });
    const runs: RunDetail[] = [];
    const jobs: { folder: string; arguments: string[] }[] = [];
    const fileOf = (place: number) => path.join(folder, String(place));
    for (const [place, [what, more]] of cases.entries()) {
      const { id } = await trainer.start({ ...settings, dataset, ...more, name: what });
      await trainer.stop(id, 'epoch-end');
      const begun = await ended(id);
      expect(begun.tuned?.features === undefined, what).toBe(more.fineTuning?.reuseFeatures === false);
      const images = place === 0 ? 'by-path' : 'along';
      const { file, notes } = await program({ model: id, path: fileOf(place), images });
      expect(notes.join(' ')).not.toMatch(/left out|masks|from nothing/);
      expect(compiles(python ?? '', file, ['train.py', 'network.py', 'images.py'])).toBe('');
      await trainer.continue(id);
      runs.push(await ended(id));
      for (const args of [['--check'], ['--out', 'whole'], ['--resume', '--out', 'rest']]) {
        const out = args.map((word) => (word === 'whole' || word === 'rest' ? path.join(file, word) : word));
        jobs.push({ folder: file, arguments: out });
      }
    }
    // A second phase: the run as the base of another, its last blocks unfrozen.
    const fineTuning = { base: runs[0]!.id, head: 'keep', unfreeze: 1 } as const;
    const optimizer = { name: 'adam', learningRate: 1e-4 } as const;
    const second = await trained({ ...settings, dataset, epochs: 1, optimizer, fineTuning, name: 'second phase' });
    const { file } = await program({ model: second.id, path: fileOf(cases.length), kept: false });
    jobs.push({ folder: file, arguments: ['--out', path.join(file, 'whole')] });

    await writeFile(path.join(folder, 'jobs.json'), JSON.stringify(jobs));
    const words = await runPython(python ?? '', folder, [driver, path.join(folder, 'jobs.json')], 800);
    expect(words.match(/32 of 32 images with the same class/g)).toHaveLength(2 * cases.length);
    for (const [place, [what]] of cases.entries()) {
      expect(runs[place]!.state).toBe('done');
      programAgrees(runs[place]!, path.join(fileOf(place), 'whole'), `${what}, whole`);
      programAgrees(runs[place]!, path.join(fileOf(place), 'rest'), `${what}, rest`, 2);
    }
    programAgrees(second, path.join(file, 'whole'), 'second phase');
  },
  900_000,
);

test.skipIf(reason)(
  `two workers fine-tune as the run did${left}`,
  async () => {
    const { trained, program, imports } = await programProject(backend);
    const folder = await temporaryFolder();
    const paths = await twoPhotoFolders(folder, 12);
    const form = { height: 64, width: 64, channels: 3, fit: 'pad' } as const;
    const { id: dataset } = await imports.whole({ paths, options: { form } });
    // Twelve train and twelve are held out, eleven a batch: of the last image of each a worker gets nothing.
    const validation = { amount: { count: 12 }, pick: 'stratified' } as const;
    const [, more] = cases[1]!;
    const run = await trained({ ...settings, dataset, ...more, batchSize: 11, validation, name: 'two workers' });
    expect(run.batches.map(({ batches }) => batches)).toContain(2);
    const { file } = await program({ model: run.id, kept: false });
    await runPython(python ?? '', file, ['launch.py', '--workers', '2'], 300);
    programAgrees(run, path.join(file, 'out'), 'two workers');
  },
  400_000,
);

const compare = `
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import images
import numpy as np
folder = Path(sys.argv[2]) / "data"
for name in ("train", "validation"):
    ours = np.load(folder / f"{name}-images.npy").astype(int)
    split = images.read(Path(sys.argv[1]) / "data", name)
    assert split.labels.tolist() == np.load(folder / f"{name}-labels.npy").tolist()
    theirs = split.images[np.arange(len(split))].astype(int)
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    apart = np.abs(ours - theirs)
    print("furthest", apart.max(), "share", np.count_nonzero(apart) / apart.size)
`;

test.skipIf(reason)(
  `pictures are read from their folders as Heatlens reads them${left}`,
  async () => {
    const { trained, program, imports } = await programProject(backend);
    const folder = await temporaryFolder();
    const paths = await twoPhotoFolders(folder, 12);
    const forms = [
      { height: 48, width: 64, channels: 3, fit: 'crop' },
      { height: 57, width: 40, channels: 3, fit: 'pad' },
      { height: 128, width: 150, channels: 1, fit: 'stretch' },
    ] as const;
    for (const form of forms) {
      const { id: dataset } = await imports.whole({ paths, options: { form } });
      const { fit } = form;
      const run = await trained({ ...settings, dataset, preset: 'tutorial-mlp-16', epochs: 1, name: fit });
      const [along, byPath] = (['along', 'by-path'] as const).map((images) => ({
        ...{ model: run.id, images, first: false, kept: false },
        path: path.join(folder, `${fit}-${images}`),
      }));
      await program(along!);
      await program(byPath!);
      expect(await readdir(path.join(byPath!.path, 'data'))).not.toContain('train-images.npy');
      const words = await runPython(python ?? '', folder, ['-c', compare, byPath!.path, along!.path]);
      const found = [...words.matchAll(/furthest (\d+) share ([\d.e-]+)/g)];
      expect(found, fit).toHaveLength(2);
      for (const [said, furthest, share] of found) {
        // What lies in the middle of two levels is rounded by the last bit of a sum.
        expect(Number(furthest), `${fit}: ${said}`).toBeLessThanOrEqual(1);
        expect(Number(share), `${fit}: ${said}`).toBeLessThan(1e-3);
      }
    }
  },
  200_000,
);
