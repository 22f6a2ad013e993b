import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A Python that has Keras on TensorFlow, and such modules beside, or why there is none. */
export function findKeras(
  ...beside: readonly string[]
): { python: string; reason: null } | { python: null; reason: string } {
  const python = process.env['HEATLENS_PYTHON'] ?? 'python3';
  const tried = spawnSync(python, [
    '-c',
    'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))',
    ...['keras', 'tensorflow', ...beside],
  ]);
  if (tried.status === 0) return { python, reason: null };
  const wanted = ['Keras with TensorFlow', ...beside].join(' and ');
  return { python: null, reason: `${python} has no ${wanted}; HEATLENS_PYTHON may name one that has` };
}

export interface Asked {
  readonly file: string;
  /** What the file's network is given, [count, height, width, channel]. */
  readonly images: Float32Array<ArrayBufferLike>;
  readonly shape: readonly number[];
  readonly architecture?: string;
  readonly labels?: readonly number[];
  readonly steps?: number;
  readonly resave?: string;
}

export interface Answered {
  /** [count, class] */
  readonly predictions: Float32Array;
  readonly losses: readonly number[];
  /** After the first steps. */
  readonly iterations: number;
  /** Of as many steps after the model was saved. */
  readonly more: readonly number[];
}

/** All in one process of Python, which takes seconds to begin. */
export function askKeras(python: string, asked: readonly Asked[]): Answered[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'heatlens-ask-'));
  const at = (name: string) => path.join(folder, name);
  const jobs = asked.map(({ images, ...job }, place) => {
    writeFileSync(at(`${place}.images`), new Uint8Array(images.buffer, images.byteOffset, images.byteLength));
    return { ...job, images: at(`${place}.images`), out: at(`${place}.out`), losses: at(`${place}.losses`) };
  });
  writeFileSync(at('jobs.json'), JSON.stringify(jobs));
  const program = path.join(import.meta.dirname, '../parity/ask-keras.py');
  const done = spawnSync(python, [program, at('jobs.json')], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status}: ${done.stderr.slice(-3000)}`);
  return jobs.map(({ out, losses, steps }) => ({
    predictions: new Float32Array(new Uint8Array(readFileSync(out)).buffer),
    ...(steps === undefined
      ? { losses: [], iterations: 0, more: [] }
      : (JSON.parse(readFileSync(losses, 'utf8')) as Omit<Answered, 'predictions'>)),
  }));
}
