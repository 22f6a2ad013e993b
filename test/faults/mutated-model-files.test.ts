import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { AppError } from '#contract/failures.ts';
import { Hdf5Thread } from '#engine/model/formats/hdf5/hdf5-thread.ts';
import { readModelFile } from '#engine/model/formats/read-model-file.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** HEATLENS_MUTANTS says another number of each file; HEATLENS_LONG=1: a hundred thousand in all. */
const files = ['tutorial.h5', 'older.h5', 'tutorial.weights.h5', 'transfer.keras'];
const each = Number(process.env['HEATLENS_MUTANTS'] ?? (process.env['HEATLENS_LONG'] === '1' ? 25_000 : 100));
const folder = path.resolve(import.meta.dirname, '../fixtures/keras-files');
/** Milliseconds for one answer of the thread, under which no file may keep it. */
const patience = 2000;
const mostMemory = 1.5 * 2 ** 30;

const root = path.resolve(import.meta.dirname, '../..');

/** The thread's program in one file: it starts in a tenth of the time that its sources take. */
async function builtWorker(): Promise<string> {
  const outDir = path.join(root, 'node_modules/.cache/heatlens-tests');
  const entry = path.join(root, 'main/engine/model/formats/hdf5/hdf5-worker.ts');
  const rollupOptions = { output: { entryFileNames: 'hdf5-worker.mjs' } };
  await build({ root, configFile: false, logLevel: 'error', build: { ssr: entry, outDir, rollupOptions } });
  return path.join(outDir, 'hdf5-worker.mjs');
}

/** Threads that start while others are at work. */
class Threads {
  readonly #worker: string;
  readonly #ahead: Hdf5Thread[] = [];
  made = 0;

  constructor(worker: string) {
    this.#worker = worker;
    for (let spare = 0; spare < 3; spare++) this.#ahead.push(this.#start());
  }

  next(): Hdf5Thread {
    this.#ahead.push(this.#start());
    return this.#ahead.shift() as Hdf5Thread;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#ahead.map((thread) => thread.dispose()));
  }

  #start(): Hdf5Thread {
    this.made++;
    return new Hdf5Thread({ patience, worker: this.#worker });
  }
}

/** 0 ≤ x < 1: Numerical Recipes' generator. */
function drawFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => ((state = (Math.imul(1664525, state) + 1013904223) >>> 0) >>> 8) / 2 ** 24;
}

/** Bytes changed, blocks copied over one another, lengths made great, ends cut off. */
function mutate(original: Buffer, draw: () => number): Buffer {
  const bytes = Buffer.from(original);
  const place = () => Math.floor(draw() * bytes.length);
  const kind = draw();
  if (kind < 0.05) return bytes.subarray(0, place());
  const changes = 1 + Math.floor(draw() * draw() * 24);
  for (let change = 0; change < changes; change++) {
    const at = place();
    const what = draw();
    if (what < 0.5) bytes[at] = Math.floor(draw() * 256);
    else if (what < 0.7) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(draw() * 8));
    else if (what < 0.85) {
      const value = draw() < 0.5 ? 0xff : 0;
      bytes.fill(value, at, Math.min(bytes.length, at + 1 + Math.floor(draw() * 8)));
    } else bytes.copy(bytes, at, place(), place() + Math.floor(draw() * 64));
  }
  return bytes;
}

test(
  `${each} mutants of each of ${files.length} files end in a network or in a failure that is named`,
  { timeout: 4 * 60 * 60_000 },
  async () => {
    const place = await temporaryFolder();
    const outcomes: Record<string, number> = {};
    const threads = new Threads(await builtWorker());
    let thread = threads.next();
    let slowest = { file: '', milliseconds: 0 };
    let most = 0;
    for (const [number, name] of files.entries()) {
      const original = readFileSync(path.join(folder, name));
      for (let mutant = 0; mutant < each; mutant++) {
        const file = path.join(place, 'mutant');
        await writeFile(file, mutate(original, drawFrom(1_000_003 * number + mutant)));
        if (thread.over) {
          await thread.dispose();
          thread = threads.next();
        }
        const since = performance.now();
        const outcome = await readModelFile(file, undefined, thread).then(
          ({ model }) => (model ? 'network' : 'weights'),
          (thrown: unknown) => {
            if (!(thrown instanceof AppError)) throw thrown;
            return thrown.code;
          },
        );
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        const milliseconds = Math.round(performance.now() - since);
        if (milliseconds > slowest.milliseconds) slowest = { file: `${name}, ${mutant}`, milliseconds };
        most = Math.max(most, process.memoryUsage().rss);
        if ((mutant + 1) % 1000 === 0) process.stdout.write(`${name}: ${mutant + 1} mutants\n`);
      }
    }
    await Promise.all([thread.dispose(), threads.dispose()]);
    const told = { outcomes, threads: threads.made, slowest, peakMiB: Math.round(most / 2 ** 20) };
    process.stdout.write(`mutants: ${JSON.stringify(told)}\n`);
    expect(
      Object.keys(outcomes).filter((code) => !/^(network|weights|model\/file-(refused|damaged))$/.test(code)),
    ).toEqual([]);
    // The start of a thread is in it, which on a machine with other work takes its time.
    expect(slowest.milliseconds).toBeLessThan(patience + 60_000);
    expect(most).toBeLessThan(mostMemory);
  },
);
