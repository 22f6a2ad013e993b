import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { ExportResult, ProgramOptions } from '#contract/models.ts';
import type { RunDetail, TrainingSettings } from '#contract/training.ts';
import type { Backend } from '#engine/backend/load.ts';
import { Catalogue } from '#engine/data/catalogue.ts';
import { Imports } from '#engine/data/import/imports.ts';
import { OwnModels } from '#engine/model/own-models.ts';
import { OwnNetworks } from '#engine/model/own-networks.ts';
import { ZooShelf } from '#engine/model/zoo/shelf.ts';
import { Models } from '#engine/predict/models.ts';
import { exportProgram } from '#engine/predict/program/export-program.ts';
import { RunStore } from '#engine/training/run-store.ts';
import { Trainer } from '#engine/training/trainer.ts';
import { openProject } from './open-project.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A project whose runs become programs, on real TensorFlow. */
export async function programProject(backend: Backend) {
  const project = await openProject();
  const fail = (thrown: unknown) => {
    throw thrown;
  };
  const [catalogue, store, networks] = await Promise.all([
    Catalogue.open(project),
    RunStore.open(project),
    OwnNetworks.open(project, fail),
  ]);
  const own = await OwnModels.open(project, networks, fail);
  const models = new Models({
    ...{ runs: store, own, dataset: (id) => catalogue.get(id), ready: () => Promise.resolve() },
    zoo: new ZooShelf(),
    saved: {
      ...{ list: () => [], has: () => false },
      known: fail as never,
      classes: fail as never,
      ask: fail as never,
    },
  });
  const reported: unknown[] = [];
  const trainer = new Trainer({
    ...{ store, backend, busy: () => () => undefined, report: (thrown: unknown) => reported.push(thrown) },
    dataset: (id) => catalogue.get(id),
    network: (id) => networks.find(id),
    base: (ref) => models.portable(ref),
    featuresFolder: project.featuresFolder,
  });
  onTestFinished(async () => {
    await trainer.close();
    models.dispose();
  });

  /** To its end. */
  async function trained(settings: TrainingSettings): Promise<RunDetail> {
    const { id } = await trainer.start(settings);
    return ended(id);
  }

  async function ended(id: string): Promise<RunDetail> {
    for (;;) {
      const run = await store.detail(id);
      if (['done', 'stopped', 'interrupted'].includes(run.state)) return run;
      if (run.state === 'failed') throw new Error(`${run.failure?.message} ${String(reported)}`);
      await pause(20);
    }
  }

  /** Its program in a folder of its own. */
  async function program(options: Omit<ProgramOptions, 'path'> & { path?: string }): Promise<ExportResult> {
    const target = options.path ?? path.join(await temporaryFolder(), 'program');
    const base = (ref: string) => models.portable(ref);
    const parts = {
      models,
      runs: store,
      base,
      ready: () => Promise.resolve(),
      dataset: (id: string) => catalogue.get(id),
    };
    const events = exportProgram(parts, { ...options, path: target });
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value;
    }
  }
  const imports = new Imports(catalogue);
  return { imports, project, catalogue, store, trainer, models, trained, ended, program };
}

const quiet = {
  TF_CPP_MIN_LOG_LEVEL: '3',
  CUDA_VISIBLE_DEVICES: '-1',
  PYTHONDONTWRITEBYTECODE: '1',
  PYTHONWARNINGS: 'ignore',
};

/** What `python <file> …` prints in this folder. Throws with its words when it fails, and after so long. */
export function runPython(python: string, folder: string, args: readonly string[], seconds = 120): Promise<string> {
  const { TF_CONFIG: _, ...env } = process.env;
  // A group of its own: nothing that it starts outlives it.
  const child = spawn(python, args, { cwd: folder, env: { ...env, ...quiet }, detached: true });
  const words: string[] = [];
  const errors: string[] = [];
  child.stdout.on('data', (piece: Buffer) => words.push(piece.toString()));
  child.stderr.on('data', (piece: Buffer) => errors.push(piece.toString()));
  const clock = setTimeout(() => killGroup(child), seconds * 1000);
  return new Promise((settle, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      clearTimeout(clock);
      killGroup(child);
      if (code === 0) settle(words.join(''));
      else fail(new Error(`${args.join(' ')} ended with ${code}:\n${words.join('')}\n${errors.join('').slice(-4000)}`));
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/** Whether Python compiles these files. */
export function compiles(python: string, folder: string, files: readonly string[]): string {
  const done = spawnSync(python, ['-m', 'py_compile', ...files], { cwd: folder, encoding: 'utf8' });
  return done.status === 0 ? '' : done.stderr;
}

/** Rows of a CSV file with numbers, by column. */
export function readCsv(file: string): Record<string, number>[] {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, place) => [names[place] ?? '', Number(value)])),
  );
}
